import { execFileSync, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pidusage from 'pidusage';
import { CREDENTIAL_TYPE, credentialData } from '../../sandbox/demo/setup.mts';
import { startParts, type Parts, type PartsOptions } from '../../sandbox/harness/parts.mts';
import { SimulatedSinch } from '../../sandbox/harness/simulatedSinch.mts';
import type { N8nApi } from '../../sandbox/n8n/api.mts';
import { N8nApiError } from '../../sandbox/n8n/http.mts';
import { ensureN8n } from '../../sandbox/n8n/install.mts';
import { startN8n, type N8nInstance } from '../../sandbox/n8n/instance.mts';
import { installPackage } from '../../sandbox/n8n/package.mts';
import type { Credential } from '../../sandbox/n8n/types.mts';
import type {
	DeliveryEntry,
	Demo,
	FaultRule,
	QueryEntry,
	RequestEntry,
	Settings,
	Totals,
} from '../../sandbox/simulator/wire.ts';
import { installFloor } from './floor.mts';

const IDLE_SAMPLE_MS = 150;
/** Share of one core below which n8n counts as idle. */
const IDLE_SHARE = 0.1;
const IDLE_LIMIT_MS = 60_000;
/** The simulator's own; parts that need only its counters keep no lists. */
export const LOG_SIZE = 20_000;

const REFRESH_BYTES = 1.3 * 2 ** 30;

const BUSY_LIMIT_MS = 60_000;

/** n8n responds with 503 for a while when it was too busy for its own database: tried again until it does not. */
export async function unlessBusy<T>(ask: () => Promise<T>): Promise<T> {
	for (const end = Date.now() + BUSY_LIMIT_MS; ; await sleep(2000)) {
		try {
			return await ask();
		} catch (error) {
			const isBusy = error instanceof N8nApiError && error.status === 503;
			if (!isBusy || Date.now() > end) throw error;
		}
	}
}

export interface SimulatorLog {
	totals: Totals;
	requests: RequestEntry[];
	queries: QueryEntry[];
	deliveries: DeliveryEntry[];
}

/** A real n8n with the package and the smallest trigger, and a simulated Sinch. */
export class BenchHarness {
	private credentials = 0;

	readonly sinch: SimulatedSinch;

	private constructor(private readonly parts: Parts<N8nInstance>) {
		this.sinch = new SimulatedSinch(parts.simulator.url, parts.demo);
	}

	/** @param env added to n8n's environment */
	static async start(env: Record<string, string> = {}): Promise<BenchHarness> {
		const start: PartsOptions<N8nInstance>['start'] = async (options, simulator, folder) => {
			const { packageTarball, ...rest } = options;
			await installPackage(packageTarball, rest.userFolder);
			await installFloor(folder, rest.userFolder);
			const certificateFile = join(folder, 'certificate.pem');
			await writeFile(certificateFile, simulator.secure!.certificate);
			return await startN8n({ ...rest, env: { NODE_EXTRA_CA_CERTS: certificateFile, ...env } });
		};
		return new BenchHarness(await startParts({ simulator: { https: true }, start }));
	}

	/** Restarts n8n with the same data, address and environment. */
	async restart(): Promise<void> {
		await this.parts.n8n.restart();
	}

	async stop(): Promise<void> {
		pidusage.clear();
		await this.parts.end();
	}

	get api(): N8nApi {
		return this.parts.api;
	}

	get demo(): Demo {
		return this.parts.demo;
	}

	get url(): string {
		return this.parts.n8n.url;
	}

	get version(): string {
		return this.parts.n8n.version;
	}

	/** The version of the Node that runs n8n. */
	async nodeVersion(): Promise<string> {
		const { node } = await ensureN8n(this.version);
		return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
	}

	get pid(): number {
		return this.parts.n8n.pid;
	}

	get sinchUrl(): string {
		return this.sinch.url;
	}

	get appId(): string {
		return this.sinch.appId;
	}

	/** A credential that has no token yet. */
	async newCredential({ secure = false } = {}): Promise<Credential> {
		this.credentials += 1;
		const url = secure ? this.parts.simulator.secure!.url : this.sinchUrl;
		const data = credentialData(this.demo, url);
		return await this.api.createCredential(`Bench ${this.credentials}`, CREDENTIAL_TYPE, data);
	}

	/** CPU time since its start in milliseconds, and resident memory in bytes, of n8n's main process. */
	async usage(): Promise<{ cpuMs: number; memory: number }> {
		const { ctime, memory } = await pidusage(this.pid);
		return { cpuMs: ctime, memory };
	}

	/** Waits until n8n is idle in two consecutive samples. */
	async idle(): Promise<void> {
		const end = Date.now() + IDLE_LIMIT_MS;
		let { cpuMs } = await this.usage();
		for (let calm = 0; calm < 2 && Date.now() < end;) {
			const before = performance.now();
			await sleep(IDLE_SAMPLE_MS);
			const now = await this.usage();
			const share = (now.cpuMs - cpuMs) / (performance.now() - before);
			calm = share < IDLE_SHARE ? calm + 1 : 0;
			cpuMs = now.cpuMs;
		}
	}

	/** Deletes the executions of a workflow once n8n is idle. */
	async prune(workflowId: string): Promise<void> {
		await this.idle();
		await unlessBusy(async () => await this.api.deleteExecutions(workflowId));
	}

	/**
	 * Restarts n8n if it holds so much memory that the next peak would be that of an earlier load.
	 *
	 * @param warmUp runs after a restart, because the first executions of a new n8n take longer
	 */
	async refresh(warmUp?: () => Promise<unknown>): Promise<void> {
		await this.idle();
		if ((await this.usage()).memory < REFRESH_BYTES) return;
		await this.restart();
		await warmUp?.();
	}

	/** Runs something while another process keeps one core busy, if `busy`. */
	async withBusyCore<T>(busy: boolean, work: () => Promise<T>): Promise<T> {
		const other = busy
			? spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' })
			: undefined;
		try {
			return await work();
		} finally {
			other?.kill('SIGKILL');
		}
	}

	/** Measures one thing. When it fails, n8n is restarted for the next. @returns undefined after a failure */
	async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
		try {
			return await work();
		} catch (error) {
			console.error(`Failed, and left out: ${(error as Error).message}`);
			await this.restart();
			for (const { id } of await this.sinch.webhooks()) {
				await this.sinch.api('DELETE', `/webhooks/${id}`);
			}
			return undefined;
		}
	}

	/** Asks Sinch about one identity without n8n. */
	async query(identity: string): Promise<void> {
		const channel_identities = [{ channel: 'SMS', identity }];
		const recipient = { identified_by: { channel_identities } };
		await this.sinch.api('POST', '/capability:query', { app_id: this.appId, recipient });
	}

	async settings(changes: Partial<Settings>): Promise<void> {
		await this.sinch.control('PATCH', '/settings', changes);
	}

	async faults(rules: FaultRule[]): Promise<void> {
		await this.sinch.control('DELETE', '/faults');
		if (rules.length > 0) await this.sinch.control('POST', '/faults', rules);
	}

	async clearLog(): Promise<void> {
		await this.sinch.control('DELETE', '/log');
	}

	/** @param totalsOnly omits the lists, which may be long */
	async log(totalsOnly = false): Promise<SimulatorLog> {
		return await this.sinch.control('GET', totalsOnly ? '/log?requestId=none' : '/log');
	}
}
