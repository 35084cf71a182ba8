import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { N8nInstallation } from './install.mts';

const STOP_LIMIT_MS = 15_000;
const WATCHDOG = new URL('watchdog.mjs', import.meta.url).href;
const HAS_GROUPS = process.platform !== 'win32';

/**
 * One running n8n with everything it starts. On POSIX it is a process group of its own: Ctrl-C in the
 * terminal does not reach it, so that the order of stopping is ours, and nothing of it stays behind.
 */
export class N8nProcess {
	/** Set once the process is gone: how, for example `exit code 1` or `signal SIGKILL`. */
	end: string | undefined;
	private readonly gone: Promise<void>;
	private readonly onExit = () => this.signal('SIGKILL');

	private constructor(private readonly child: ChildProcess) {
		// The watchdog reads this end; writing to an n8n that is gone is no error of ours.
		child.stdin?.on('error', () => undefined);
		// Before the others: some of them remove the folder that n8n works in.
		process.prependOnceListener('exit', this.onExit);
		this.gone = once(child, 'exit').then(([code, signal]) => {
			this.end = signal === null ? `exit code ${code}` : `signal ${signal}`;
			this.signal('SIGKILL');
			process.off('exit', this.onExit);
		});
	}

	get ended(): boolean {
		return this.end !== undefined;
	}

	/**
	 * @param logFile gets everything that n8n says, even when we are gone before n8n is.
	 * @param command n8n's own command with its arguments, for example `['worker']`.
	 */
	static async start(
		{ node, script, folder }: N8nInstallation,
		env: Record<string, string>,
		logFile: string,
		command: string[] = ['start'],
	): Promise<N8nProcess> {
		const log = await open(logFile, 'a');
		try {
			const child = spawn(node, ['--import', WATCHDOG, script, ...command], {
				cwd: folder,
				env,
				stdio: ['pipe', log.fd, log.fd],
				detached: HAS_GROUPS,
			});
			await once(child, 'spawn');
			return new N8nProcess(child);
		} finally {
			await log.close();
		}
	}

	/** Of n8n's main process; what it starts has others. */
	get pid(): number {
		return this.child.pid!;
	}

	async stop(): Promise<void> {
		if (!this.ended) this.child.kill('SIGTERM');
		await Promise.race([this.gone, sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
		await this.kill();
	}

	async kill(): Promise<void> {
		this.signal('SIGKILL');
		await this.gone;
	}

	/** To n8n and all it started; what has ended already is no error. */
	private signal(name: NodeJS.Signals): void {
		const { pid } = this.child;
		if (pid === undefined) return;
		try {
			process.kill(HAS_GROUPS ? -pid : pid, name);
		} catch (error) {
			// macOS says EPERM instead of ESRCH when only ended processes are left in the group.
			const { code } = error as NodeJS.ErrnoException;
			if (code !== 'ESRCH' && code !== 'EPERM') throw error;
		}
	}
}
