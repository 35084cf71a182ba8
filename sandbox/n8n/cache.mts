import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import envPaths from 'env-paths';
import { whileLocked } from './lock.mts';
import { Problem } from './problem.mts';

/** Called when a step begins, for example `fetching n8n 2.41.1 (about 3 minutes, once)`. */
export type OnProgress = (step: string) => void;

/** Something that is installed once on this computer, exactly as a lock file says. */
export interface Cached {
	/** Its name in messages: `n8n 2.41.1`. */
	name: string;
	/** The prefix of its folder's name: `n8n-2.41.1`. */
	key: string;
	/** The folder with its `package.json` and lock file. */
	lockFolder: string;
	/** By default `package-lock.json`. */
	lockFile?: string;
	neededBytes: number;
	isComplete(folder: string): boolean;
	/** Installs into a folder that contains only these two files. */
	install(folder: string): Promise<void>;
}

/** Where installations are kept: outside the clone, so that a new clone finds them. */
function cacheFolder(): string {
	return (
		process.env.SINCH_SANDBOX_CACHE ?? envPaths('n8n-nodes-sinch-capability', { suffix: '' }).cache
	);
}

const lockOf = ({ lockFile = 'package-lock.json' }: Cached) => lockFile;

async function folderFor(cached: Cached): Promise<string> {
	const { key, lockFolder } = cached;
	const hash = createHash('sha256').update(await readFile(join(lockFolder, lockOf(cached))));
	const parts = [key, process.platform, process.arch, hash.digest('hex').slice(0, 12)];
	return join(cacheFolder(), parts.join('-'));
}

async function removeHalfFinished(folder: string): Promise<void> {
	const parent = dirname(folder);
	const siblings = await readdir(parent);
	const leftovers = siblings.filter((name) => name.startsWith(`${basename(folder)}.partial-`));
	for (const name of leftovers) await rm(join(parent, name), { recursive: true, force: true });
}

async function checkDisk({ name, neededBytes }: Cached, folder: string): Promise<void> {
	const { bavail, bsize } = await statfs(folder);
	const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
	if (bavail * bsize < neededBytes) {
		throw new Problem(
			`${name} needs ${gigabytes(neededBytes)} GB while it is installed, and ${folder} has only ${gigabytes(bavail * bsize)} GB left. Make room, or name another folder in SINCH_SANDBOX_CACHE.`,
		);
	}
}

/** Installs into a folder beside the final one and renames it when everything is there. */
async function install(cached: Cached, folder: string): Promise<void> {
	await removeHalfFinished(folder);
	await checkDisk(cached, dirname(folder));
	const partial = `${folder}.partial-${process.pid}`;
	try {
		await mkdir(partial);
		for (const file of ['package.json', lockOf(cached)]) {
			await copyFile(join(cached.lockFolder, file), join(partial, file));
		}
		await cached.install(partial);
		await rm(folder, { recursive: true, force: true });
		await rename(partial, folder);
	} finally {
		await rm(partial, { recursive: true, force: true });
	}
}

/** The folder of something if it is in the cache. */
export async function findCached(cached: Cached): Promise<string | undefined> {
	const folder = await folderFor(cached);
	return cached.isComplete(folder) ? folder : undefined;
}

/**
 * Makes sure that something is in the cache. Fast when it is. Concurrent processes share one
 * installation.
 * @returns its folder, shared by all runs and never written to.
 * @throws Problem when it cannot be installed.
 */
export async function ensureCached(cached: Cached, onProgress: OnProgress): Promise<string> {
	const folder = await folderFor(cached);
	if (cached.isComplete(folder)) return folder;
	return await whileLocked(
		folder,
		async () => {
			if (!cached.isComplete(folder)) await install(cached, folder);
			return folder;
		},
		() => onProgress(`waiting: another process is installing ${cached.name}`),
	);
}

/** `<key>-<platform>-<architecture>-<hash>`, perhaps half finished, and its lock. */
const OWN_FOLDER = /^(n8n|node|bun|sqlite3)-[\w.-]+-[0-9a-f]{12}(\.partial-\d+|\.lock)?$/;

/**
 * Removes everything from the cache, and nothing else that may be in its folder.
 * @returns the folder of the cache
 */
export async function clearCache(): Promise<string> {
	const folder = cacheFolder();
	const names = await readdir(folder).catch(() => []);
	for (const name of names.filter((name) => OWN_FOLDER.test(name))) {
		await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
	}
	return folder;
}
