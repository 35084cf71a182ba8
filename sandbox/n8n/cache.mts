import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import envPaths from 'env-paths';
import { whileLocked } from './lock.mts';
import { Problem } from './problem.mts';

/** Called when a step begins, for example `fetching n8n 2.41.1 (about 3 minutes, once)`. */
export type OnProgress = (step: string) => void;

/** Something that is installed once on this computer, exactly as an npm lock file says. */
export interface Cached {
	/** Its name in messages: `n8n 2.41.1`. */
	name: string;
	/** The prefix of its folder's name: `n8n-2.41.1`. */
	key: string;
	/** The folder with its `package.json` and `package-lock.json`. */
	lockFolder: string;
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

async function folderFor({ key, lockFolder }: Cached): Promise<string> {
	const hash = createHash('sha256').update(await readFile(join(lockFolder, 'package-lock.json')));
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
		for (const file of ['package.json', 'package-lock.json']) {
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
		() => onProgress(`waiting: another run is installing ${cached.name}`),
	);
}
