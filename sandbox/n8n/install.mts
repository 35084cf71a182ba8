import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBun } from './bun.mts';
import { ensureCached, findCached, type Cached, type OnProgress } from './cache.mts';
import { driverIn, ensureDriver } from './driver.mts';
import { ensureNode, findNode } from './node.mts';
import { npm } from './npm.mts';
import { Problem } from './problem.mts';

export type { OnProgress } from './cache.mts';

export const N8N_VERSION = '2.41.1';

const VERSIONS_FOLDER = fileURLToPath(new URL('versions/', import.meta.url));

export interface N8nInstallation {
	version: string;
	/** Folder with `node_modules`. Shared by all runs and never written to. */
	folder: string;
	/** The Node that runs this n8n. */
	node: string;
	/** n8n's own start script. */
	script: string;
}

const scriptIn = (folder: string) => join(folder, 'node_modules', 'n8n', 'bin', 'n8n');

/** Files that n8n does not read: source maps and type declarations, almost half of the bytes. */
const UNUSED = /\.(map|d\.[cm]?ts)$/;

/** Removes files that n8n does not read from its packages. */
async function prune(folder: string): Promise<void> {
	const entries = await readdir(folder, { withFileTypes: true });
	await Promise.all(
		entries.map(async (entry) => {
			const path = join(folder, entry.name);
			if (entry.isDirectory()) await prune(path);
			else if (entry.isFile() && UNUSED.test(entry.name)) await rm(path);
		}),
	);
}

/** Installs n8n's packages without their scripts. */
async function installPackages(folder: string, version: string, bun: string): Promise<void> {
	const downloads = join(folder, '.downloads');
	await npm(['install', '--frozen-lockfile', '--ignore-scripts', '--omit=optional'], {
		command: bun,
		cwd: folder,
		env: { BUN_INSTALL_CACHE_DIR: downloads, DO_NOT_TRACK: '1' },
		limit: 30 * 60,
		failure: `n8n ${version} could not be fetched`,
	});
	await rm(downloads, { recursive: true, force: true, maxRetries: 3 });
	await prune(join(folder, 'node_modules'));
}

/** n8n without its optional packages: n8n starts and works without them. */
function n8n(version: string, onProgress: OnProgress): Cached {
	return {
		name: `n8n ${version}`,
		key: `n8n-${version}`,
		lockFolder: join(VERSIONS_FOLDER, version),
		lockFile: 'bun.lock',
		neededBytes: 3e9,
		isComplete: (folder) => existsSync(scriptIn(folder)) && existsSync(driverIn(folder)),
		async install(folder) {
			onProgress(
				`installing n8n ${version} and its database driver (once; 2 to 5 minutes, 1.5 GB)`,
			);
			const quiet = () => undefined;
			const [driver] = await Promise.all([
				ensureDriver(quiet),
				ensureBun(quiet).then(async (bun) => await installPackages(folder, version, bun)),
			]);
			await mkdir(dirname(driverIn(folder)), { recursive: true });
			await copyFile(driver, driverIn(folder));
		},
	};
}

async function checkVersion(version: string): Promise<void> {
	if (existsSync(join(VERSIONS_FOLDER, version, 'bun.lock'))) return;
	const known = (await readdir(VERSIONS_FOLDER)).join(', ');
	throw new Problem(`There is no n8n ${version} in sandbox/n8n/versions, only: ${known}.`);
}

/** The installation of a version if it is in the cache. */
export async function findN8n(version: string): Promise<N8nInstallation | undefined> {
	await checkVersion(version);
	const folder = await findCached(n8n(version, () => undefined));
	const node = await findNode();
	return folder && node ? { version, folder, node, script: scriptIn(folder) } : undefined;
}

/**
 * Makes sure that a version of n8n, exactly as its lock file in `versions/` says, and a Node for it
 * are in the cache. Quick when they are.
 * @throws Problem when it cannot be installed.
 */
export async function ensureN8n(
	version = N8N_VERSION,
	onProgress: OnProgress = () => undefined,
): Promise<N8nInstallation> {
	await checkVersion(version);
	const folder = await ensureCached(n8n(version, onProgress), onProgress);
	const node = await ensureNode(onProgress);
	return { version, folder, node, script: scriptIn(folder) };
}
