import { createServer } from 'node:net';
import getPort, { portNumbers } from 'get-port';

/** Below the ports that systems give to connections, and to servers that name no port. */
const FIRST = 20_000;
const PER_PROCESS = 100;
const PROCESSES = 100;

/** Whether this process has a range to itself now: until it ends, it listens on the range's first port. */
const claim = async (port: number): Promise<boolean> =>
	await new Promise((resolve) => {
		const server = createServer().once('error', () => resolve(false));
		server.listen({ port, host: '127.0.0.1' }, () => resolve(true)).unref();
	});

/** The first port of a range that no other process has. */
async function claimRange(): Promise<number> {
	for (let tries = 0; tries < PROCESSES; tries++) {
		const first = FIRST + ((process.pid + tries) % PROCESSES) * PER_PROCESS;
		if (await claim(first)) return first;
	}
	throw new Error(`No range of ports from ${FIRST} on is free.`);
}

let range: Promise<number> | undefined;

/**
 * A free port of 127.0.0.1 for a program that listens on it only seconds later, or minutes on a busy
 * computer: meanwhile nothing else gets it, neither in this process nor in one beside it.
 */
export async function freePort(): Promise<number> {
	const first = await (range ??= claimRange());
	const port = portNumbers(first + 1, first + PER_PROCESS - 1);
	return await getPort({ host: '127.0.0.1', port, reserve: true });
}
