/**
 * Installs the project's modules when `node_modules` does not match `package-lock.json`.
 * Runs before every `npm start`, `npm test` and `npm run simulator`, so it uses no module itself.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = [20, 19];
const root = fileURLToPath(new URL('..', import.meta.url));

function fail(sentence) {
	console.error(sentence);
	process.exit(1);
}

/** The `packages` of a lock file, or undefined if it is missing or npm did not finish it. */
function readPackages(file) {
	try {
		return JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')).packages;
	} catch {
		return undefined;
	}
}

/**
 * npm writes `node_modules/.package-lock.json` last, so an unfinished installation has none.
 * Optional packages may be missing: they are binaries for other platforms.
 */
function isInstalled() {
	const installed = readPackages('node_modules/.package-lock.json');
	const wanted = readPackages('package-lock.json');
	if (!wanted) fail('package-lock.json is missing or broken: restore it with git and run again.');
	if (!installed) return false;
	const names = Object.keys(wanted).filter((name) => name !== '');
	const matches = names.every((name) =>
		installed[name]
			? installed[name].version === wanted[name].version &&
				installed[name].integrity === wanted[name].integrity
			: wanted[name].optional === true,
	);
	return matches && Object.keys(installed).every((name) => name in wanted);
}

/** `npm_execpath` is the npm that runs this script: on Windows, only this one starts without a shell. */
function npm(args) {
	const npmScript = process.env.npm_execpath;
	const byScript = npmScript?.endsWith('.js');
	const command = byScript ? process.execPath : 'npm';
	return spawnSync(command, byScript ? [npmScript, ...args] : args, {
		cwd: root,
		stdio: ['ignore', 'ignore', 'pipe'],
		encoding: 'utf8',
		shell: !byScript && process.platform === 'win32',
	});
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
	fail(
		`This needs Node ${OLDEST_NODE.join('.')} or newer, and this is ${process.versions.node}. Install a newer Node and run the same command again.`,
	);
}

if (!isInstalled()) {
	console.log('Installing the modules of this project (once, about a minute) …');
	const started = Date.now();
	const result = npm([
		'ci',
		'--include=dev',
		'--ignore-scripts',
		'--no-audit',
		'--no-fund',
		'--loglevel=error',
	]);
	if (result.status !== 0) {
		const details = (result.stderr || String(result.error ?? '')).trim();
		if (/ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|network/i.test(details)) {
			fail(
				'The modules could not be fetched: npm does not reach its registry. Check the network or the proxy settings of npm and run the same command again.',
			);
		}
		fail(`The modules could not be installed. npm said:\n${details.slice(0, 2000)}`);
	}
	console.log(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}
