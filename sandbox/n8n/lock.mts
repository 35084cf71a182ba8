import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';

/** A killed process leaves its lock behind; after this many milliseconds it is ignored. */
const STALE_MS = 20_000;

async function acquire(path: string): Promise<(() => Promise<void>) | undefined> {
	try {
		return await lock(path, {
			realpath: false,
			stale: STALE_MS,
			update: STALE_MS / 4,
			// After the computer has slept, the lock looks abandoned. The work ends in one atomic rename,
			// so going on is safe.
			onCompromised: () => undefined,
		});
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
		throw error;
	}
}

/**
 * Does `work` while no other process on this computer holds the lock.
 * @param path the path to lock, which need not exist. The lock is the folder `<path>.lock`.
 * @param onWait called once if another process has the lock.
 */
export async function whileLocked<T>(
	path: string,
	work: () => Promise<T>,
	onWait: () => void = () => undefined,
): Promise<T> {
	await mkdir(dirname(path), { recursive: true });
	let release = await acquire(path);
	if (!release) onWait();
	while (!release) {
		await sleep(500);
		release = await acquire(path);
	}
	try {
		return await work();
	} finally {
		await release().catch(() => undefined);
	}
}
