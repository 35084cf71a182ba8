import getPort, { portNumbers } from 'get-port';

/** Below the ports that systems give to connections, and to servers that name no port. */
const FIRST = 20_000;
const PER_PROCESS = 100;
const PROCESSES = 100;

/**
 * A free port of 127.0.0.1 for a program that listens on it only seconds later: meanwhile nothing else
 * gets it, not even from a process beside this one, whose range is another.
 */
export async function freePort(): Promise<number> {
	const first = FIRST + (process.pid % PROCESSES) * PER_PROCESS;
	const port = portNumbers(first, first + PER_PROCESS - 1);
	return await getPort({ host: '127.0.0.1', port });
}
