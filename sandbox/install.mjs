/**
 * Installs the project's modules when `node_modules` does not match `package-lock.json`.
 * Runs before every `npm start`, `npm test` and `npm run simulator`, so it uses no module itself.
 */
import { spawn } from 'node:child_process';
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
export function isInstalled() {
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

/**
 * The command that runs npm with arguments. `npm_execpath` is the npm that runs this script: on
 * Windows, only this one starts without a shell.
 */
export function npmCommand(args) {
	const npmScript = process.env.npm_execpath;
	return npmScript?.endsWith('.js') ? [process.execPath, npmScript, ...args] : ['npm', ...args];
}

/** Runs npm in the project. Resolves with its exit code and what it wrote to stderr. */
async function npm(args) {
	const [command, ...rest] = npmCommand(args);
	const child = spawn(command, rest, {
		cwd: root,
		stdio: ['ignore', 'ignore', 'pipe'],
		shell: command === 'npm' && process.platform === 'win32',
	});
	let stderr = '';
	child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
	return await new Promise((resolve) => {
		child.once('error', (error) => resolve({ status: null, stderr: String(error) }));
		child.once('close', (status) => resolve({ status, stderr }));
	});
}

function checkNode() {
	const [major, minor] = process.versions.node.split('.').map(Number);
	if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
		fail(
			`This needs Node ${OLDEST_NODE.join('.')} or newer, and this is ${process.versions.node}. Install a newer Node and run the same command again.`,
		);
	}
}

/** Installs the modules unless they are there. Ends the process with a sentence if that fails. */
export async function installModules() {
	checkNode();
	if (isInstalled()) return;
	console.log('Installing the modules of this project (once; 1 to 3 minutes) …');
	const started = performance.now();
	const { status, stderr } = await npm([
		'ci',
		'--include=dev',
		'--ignore-scripts',
		'--no-audit',
		'--no-fund',
		'--loglevel=error',
	]);
	if (status !== 0) {
		const details = stderr.trim();
		if (/ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|network/i.test(details)) {
			fail(
				'The modules could not be fetched: npm cannot reach its registry. Check the network or the proxy settings of npm and run the same command again.',
			);
		}
		fail(`The modules could not be installed. npm reported:\n${details.slice(0, 2000)}`);
	}
	console.log(`Installed in ${Math.round((performance.now() - started) / 1000)} s.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await installModules();
