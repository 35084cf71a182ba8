/**
 * Installs versions of n8n while this project's own modules are still being installed. So it uses no
 * module itself: the few that `n8n/fetch.mts` needs are installed first, in a temporary folder.
 *
 * `node sandbox/prefetch.mjs 2.41.1 1.123.81`
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmCommand } from './install.mjs';

const TOOLS = ['env-paths', 'execa', 'proper-lockfile', 'tsx'];

/** The packages of the project's lock file that some of its development dependencies need. */
function lockFor(tools) {
	const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
	const { packages } = lock;
	const devDependencies = Object.fromEntries(
		tools.map((name) => [name, packages[''].devDependencies[name]]),
	);
	const needed = { '': { name: 'prefetch', devDependencies } };
	const visit = (name, folder) => {
		const path = `${folder}node_modules/${name}`;
		if (!packages[path]) {
			// Not beside this dependent, so in a folder above it; some optional ones are nowhere.
			if (folder) visit(name, folder.slice(0, folder.slice(0, -1).lastIndexOf('node_modules/')));
			return;
		}
		if (needed[path]) return;
		needed[path] = packages[path];
		const { dependencies, optionalDependencies } = packages[path];
		for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) {
			visit(next, `${path}/`);
		}
	};
	for (const name of tools) visit(name, '');
	return { ...lock, name: 'prefetch', packages: needed };
}

/** Runs a command silently; resolves with whether it succeeded. */
async function run([command, ...args], cwd, processes) {
	const child = spawn(command, args, {
		cwd,
		stdio: ['ignore', 'ignore', 'ignore'],
		shell: process.platform === 'win32' && command === 'npm',
	});
	processes.add(child);
	return await new Promise((resolve) => {
		child.once('error', () => resolve(false));
		child.once('exit', (code) => {
			processes.delete(child);
			resolve(code === 0);
		});
	});
}

/**
 * Starts to install versions of n8n, by default that of the demo. A failure is silent: whoever needs n8n installs it then, and reports why that
 * fails. It ends with this process.
 * @returns resolves when the installation has ended
 */
export async function prefetch(versions = []) {
	const folder = mkdtempSync(join(tmpdir(), 'sinch-sandbox-prefetch-'));
	const processes = new Set();
	const end = () => {
		for (const child of processes) child.kill();
		rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
	};
	process.once('exit', end);
	const lock = lockFor(TOOLS);
	writeFileSync(join(folder, 'package.json'), JSON.stringify(lock.packages['']));
	writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
	cpSync(fileURLToPath(new URL('n8n', import.meta.url)), join(folder, 'n8n'), { recursive: true });
	const install = npmCommand([
		'ci',
		'--include=dev',
		'--ignore-scripts',
		'--no-audit',
		'--no-fund',
	]);
	if (await run(install, folder, processes)) {
		await run(
			[process.execPath, '--import', 'tsx', 'n8n/fetch.mts', ...versions],
			folder,
			processes,
		);
	}
	process.off('exit', end);
	end();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await prefetch(process.argv.slice(2));
