import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureCached, findCached, type Cached, type OnProgress } from './cache.mts';
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

const driverIn = (folder: string) =>
	join(folder, 'node_modules', 'sqlite3', 'build', 'Release', 'node_sqlite3.node');

/** SQLite's driver is C++: its install script downloads a binary or, if that fails, compiles one. */
async function buildDriver(folder: string, node: string): Promise<void> {
	const headers = dirname(dirname(node));
	const hasHeaders = existsSync(join(headers, 'include', 'node', 'node_api.h'));
	await npm(['rebuild', 'sqlite3', '--ignore-scripts=false'], {
		cwd: folder,
		env: { npm_config_jobs: 'max', ...(hasHeaders ? { npm_config_nodedir: headers } : {}) },
		limit: 15 * 60,
		failure:
			'The SQLite driver of n8n could be neither fetched nor compiled (compiling needs Python 3, make and a C++ compiler)',
	});
}

/** n8n without its optional packages: n8n starts and works without them. */
function n8n(version: string, onProgress: OnProgress): Cached {
	return {
		name: `n8n ${version}`,
		key: `n8n-${version}`,
		lockFolder: join(VERSIONS_FOLDER, version),
		neededBytes: 3.5e9,
		isComplete: (folder) => existsSync(scriptIn(folder)) && existsSync(driverIn(folder)),
		async install(folder) {
			onProgress(`fetching n8n ${version} and its Node (once; 2 to 5 minutes, 2.6 GB)`);
			const [node] = await Promise.all([
				ensureNode(onProgress),
				npm(['ci', '--ignore-scripts', '--omit=optional'], {
					cwd: folder,
					limit: 30 * 60,
					failure: `n8n ${version} could not be fetched`,
				}),
			]);
			onProgress('building the database driver of n8n (once; about a minute)');
			await buildDriver(folder, node);
		},
	};
}

async function checkVersion(version: string): Promise<void> {
	if (existsSync(join(VERSIONS_FOLDER, version, 'package-lock.json'))) return;
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
