import { stripVTControlCharacters } from 'node:util';
import { execa, type ExecaError } from 'execa';
import { Problem } from './problem.mts';

export interface NpmOptions {
	/** By default `npm`; another installer prints the same network errors. */
	command?: string;
	cwd: string;
	env?: Record<string, string>;
	/** Limit in seconds. */
	limit: number;
	/** Begins the error message, for example `n8n could not be fetched`. */
	failure: string;
}

/** Messages of npm, node-gyp and Bun when a host cannot be reached. */
const UNREACHABLE =
	/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ConnectionRefused|ConnectionClosed|FailedToOpenSocket|DNS/;

/**
 * npm settings of the user that would prevent the installation, or change it.
 * `npm_config_*` of an npm that started us is overridden by them as well.
 */
const OWN_SETTINGS = {
	npm_config_audit: 'false',
	npm_config_engine_strict: 'false',
	npm_config_fund: 'false',
	npm_config_global: 'false',
	npm_config_legacy_peer_deps: 'false',
	npm_config_loglevel: 'error',
	npm_config_update_notifier: 'false',
};

const SPINNER = /[◐◓◑◒]/;

/** npm states the cause first, a build that npm runs states it last. */
function excerpt(output: string): string {
	const text = output
		.split('\n')
		.filter((line) => !SPINNER.test(line))
		.join('\n');
	return text.length <= 3000 ? text : `${text.slice(0, 1500)}\n…\n${text.slice(-1500)}`;
}

function sentence(error: ExecaError, { failure, limit }: NpmOptions): string {
	const said = stripVTControlCharacters(`${error.stdout ?? ''}\n${error.stderr ?? ''}`);
	if (error.timedOut) {
		return `${failure}: npm was not ready after ${Math.round(limit / 60)} minutes. Check the network and run the same command again.`;
	}
	if (UNREACHABLE.test(said)) {
		return `${failure}: npm cannot reach its registry. Check the network or the proxy settings of npm and run the same command again; what has been fetched is kept.`;
	}
	if (/ENOSPC/.test(said)) {
		return `${failure}: the disk is full. n8n needs about 2.5 GB while it is installed in the cache folder (SINCH_SANDBOX_CACHE names another one).`;
	}
	return `${failure}. npm reported:\n${excerpt(said.trim() || error.shortMessage)}`;
}

/**
 * Runs npm, or another installer of npm packages, and returns what it wrote to stdout.
 * @throws Problem with a sentence for the user, if it fails or takes too long
 */
export async function npm(args: string[], options: NpmOptions): Promise<string> {
	try {
		const { stdout } = await execa(options.command ?? 'npm', args, {
			cwd: options.cwd,
			env: { ...OWN_SETTINGS, ...options.env },
			stdin: 'ignore',
			timeout: options.limit * 1000,
		});
		return stdout;
	} catch (error) {
		throw new Problem(sentence(error as ExecaError, options), { cause: error });
	}
}
