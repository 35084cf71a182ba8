import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { n8nEnvironment, n8nUrl } from './environment.mts';
import { ensureN8n, type OnProgress } from './install.mts';
import { installPackage } from './package.mts';
import { freePort } from './ports.mts';
import { Problem } from './problem.mts';
import type { N8nProcess } from './process.mts';
import { MAIN_PATHS, startReady } from './ready.mts';

export interface StartOptions {
	/** A folder name in `versions/`; by default the version that the project targets. */
	version?: string;
	/** By default a free port. */
	port?: number;
	/** By default a new temporary folder, which `stop` and `kill` remove. */
	userFolder?: string;
	/** Tarball of a community package to install before the start. */
	packageTarball?: string;
	/** Added to the sandbox's environment, with priority. */
	env?: Record<string, string>;
	/** By default `n8n.log` in the user folder. Emptied on start, but not on restart. */
	logFile?: string;
	/** Called with the steps of a first installation. */
	onProgress?: OnProgress;
}

export interface N8nInstance {
	/** For example `http://127.0.0.1:5678`, without a slash at the end. */
	readonly url: string;
	readonly version: string;
	readonly userFolder: string;
	readonly logFile: string;
	/** Milliseconds from the start of the process until n8n responded. */
	readonly startedInMs: number;
	/** The ID of n8n's main process; changes on restart. */
	readonly pid: number;
	/** False once n8n has ended, for any reason. */
	readonly running: boolean;
	/** Ends n8n with SIGTERM, as an administrator would. */
	stop(): Promise<void>;
	/** Ends n8n immediately, as a crash would. */
	kill(): Promise<void>;
	/**
	 * Ends n8n, with SIGTERM or as a crash would, and starts it again with the same user folder, port and
	 * environment.
	 */
	restart(how?: 'stop' | 'kill'): Promise<void>;
}

/** @throws Problem when this computer cannot listen on the port */
export async function checkPort(port: number): Promise<void> {
	const server = createServer().listen(port, '127.0.0.1');
	try {
		await once(server, 'listening');
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		const what =
			code === 'EACCES'
				? `You have no permission to use port ${port}`
				: `Port ${port} is taken by another program`;
		throw new Problem(`${what}. Stop that program, or choose another port with --port.`);
	} finally {
		server.close();
	}
}

/**
 * Starts a real n8n that listens on 127.0.0.1 only, independent of any other n8n of the user, and
 * waits until it responds. It ends when the calling process ends, for any reason.
 * @throws Problem if it cannot start, with the reason and the remedy
 */
export async function startN8n(options: StartOptions = {}): Promise<N8nInstance> {
	const installation = await ensureN8n(options.version, options.onProgress);
	if (options.port) await checkPort(options.port);
	const port = options.port ?? (await freePort());
	const brokerPort = await freePort();
	const userFolder = options.userFolder ?? (await mkdtemp(join(tmpdir(), 'sinch-sandbox-n8n-')));
	const logFile = options.logFile ?? join(userFolder, 'n8n.log');
	const environment = n8nEnvironment({ ...installation, userFolder, port, brokerPort });
	const env = { ...environment, ...options.env };
	if (existsSync(join(userFolder, '.n8n', 'config'))) delete env.N8N_ENCRYPTION_KEY;
	const url = n8nUrl(port);

	async function cleanUp(): Promise<void> {
		if (!options.userFolder) await rm(userFolder, { recursive: true, force: true, maxRetries: 3 });
	}

	const run = async () => await startReady({ installation, env, logFile, url, paths: MAIN_PATHS });

	let n8n: N8nProcess;
	let startedInMs: number;
	try {
		await mkdir(dirname(logFile), { recursive: true });
		await (await open(logFile, 'w')).close();
		if (options.packageTarball) await installPackage(options.packageTarball, userFolder);
		const begin = performance.now();
		n8n = await run();
		startedInMs = Math.round(performance.now() - begin);
	} catch (error) {
		await cleanUp();
		throw error;
	}

	return {
		url,
		version: installation.version,
		userFolder,
		logFile,
		startedInMs,
		get pid() {
			return n8n.pid;
		},
		get running() {
			return !n8n.ended;
		},
		async stop() {
			await n8n.stop();
			await cleanUp();
		},
		async kill() {
			await n8n.kill();
			await cleanUp();
		},
		async restart(how = 'stop') {
			await n8n[how]();
			n8n = await run();
		},
	};
}
