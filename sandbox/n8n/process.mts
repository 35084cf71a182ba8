import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { N8nInstallation } from './install.mts';

/** Longer than the 30 seconds that n8n itself gives running executions when it is stopped. */
const STOP_LIMIT_MS = 40_000;
const WATCHDOG = new URL('watchdog.mjs', import.meta.url).href;
const HAS_GROUPS = process.platform !== 'win32';

/**
 * A running n8n with all its child processes. On POSIX it is its own process group: Ctrl-C in the
 * terminal does not reach it, so the caller decides the order of stopping, and no process is left.
 */
export class N8nProcess {
	/** Set once the process has ended: for example `exit code 1` or `signal SIGKILL`. */
	end: string | undefined;
	private readonly gone: Promise<void>;
	private readonly onExit = () => this.signal('SIGKILL');

	private constructor(private readonly child: ChildProcess) {
		// The watchdog reads this end; an error when n8n has already ended does not matter.
		child.stdin?.on('error', () => undefined);
		// Before the other exit handlers, some of which remove n8n's folder.
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
	 * @param logFile receives n8n's output, even if this process ends first
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

	/** The ID of n8n's main process; its child processes have others. */
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

	/** Sends a signal to n8n and its child processes; those that have ended are no error. */
	private signal(name: NodeJS.Signals): void {
		const { pid } = this.child;
		if (pid === undefined) return;
		try {
			process.kill(HAS_GROUPS ? -pid : pid, name);
		} catch (error) {
			// macOS reports EPERM instead of ESRCH when only ended processes are left in the group.
			const { code } = error as NodeJS.ErrnoException;
			if (code !== 'ESRCH' && code !== 'EPERM') throw error;
		}
	}
}
