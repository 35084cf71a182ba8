import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { Problem } from '../n8n/problem.mts';

/** A system server that n8n needs in queue mode, with its own folder for everything it writes. */
export interface Service {
	port: number;
	/** Milliseconds until it responded, including set-up. */
	startedInMs: number;
	stop(): Promise<void>;
}

/** The user that runs a service: not the current one where the service refuses to run as root. */
export interface User {
	uid?: number;
	gid?: number;
}

const READY_LIMIT_MS = 120_000;

/**
 * Runs a command, and ends it with SIGINT when stdin is closed: so it ends together with the process
 * that started it, however that ends.
 */
const KEEPER = 'exec 3<&0; "$@" & child=$!; (cat <&3 >/dev/null; kill -INT $child) & wait $child';

/** @throws Problem that names the Debian package to install. */
export function missing(what: string, debianPackage: string): Problem {
	return new Problem(
		`Queue mode needs ${what}, and this computer has none. On Debian and Ubuntu: sudo apt-get install ${debianPackage} (its service need not run). Then run the same command again.`,
	);
}

/** A new private folder that belongs to the user. */
export async function privateFolder(name: string, { uid, gid }: User): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), `sinch-sandbox-${name}-`));
	if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
	return folder;
}

/**
 * Starts a server and waits until it is ready.
 * @param folder where it runs; removed when it is stopped.
 * @throws Problem with its output, if it ended or was not ready in time.
 */
export async function startService(
	name: string,
	folder: string,
	command: string[],
	isReady: () => Promise<boolean>,
	user: User = {},
): Promise<() => Promise<void>> {
	const server = execa('sh', ['-c', KEEPER, name, ...command], {
		...user,
		cwd: folder,
		stdin: 'pipe',
		all: true,
		reject: false,
	});
	let said = '';
	server.all.on('data', (chunk: Buffer) => (said = `${said}${String(chunk)}`.slice(-3000)));
	const stop = async () => {
		server.stdin.end();
		await server;
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	};
	const end = performance.now() + READY_LIMIT_MS;
	while (!(await isReady())) {
		if (server.exitCode !== null || performance.now() > end) {
			await stop();
			throw new Problem(`${name} did not start. It said:\n${said}`);
		}
		await sleep(50);
	}
	return stop;
}
