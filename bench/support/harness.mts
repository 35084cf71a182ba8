import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pidusage from 'pidusage';
import { conversationApp, readDemo } from '../../sandbox/demo/control.mts';
import { CREDENTIAL_TYPE, credentialData } from '../../sandbox/demo/setup.mts';
import { N8nApi } from '../../sandbox/n8n/api.mts';
import { N8nApiError } from '../../sandbox/n8n/http.mts';
import { ensureN8n } from '../../sandbox/n8n/install.mts';
import { startN8n, type N8nInstance } from '../../sandbox/n8n/instance.mts';
import { ensureBuilt, installPackage, pack } from '../../sandbox/n8n/package.mts';
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
import { startSimulator, type Simulator } from '../../sandbox/simulator/simulator.mts';
import { installFloor } from './floor.mts';

const IDLE_SAMPLE_MS = 150;
/** Share of one core below which n8n counts as idle. */
const IDLE_SHARE = 0.1;
const IDLE_LIMIT_MS = 60_000;

export interface SimulatorLog {
	totals: Totals;
	requests: RequestEntry[];
	queries: QueryEntry[];
	deliveries: DeliveryEntry[];
}

/** A real n8n with the package and the smallest trigger, and a simulated Sinch. */
export class BenchHarness {
	private credentials = 0;

	private constructor(
		private readonly folder: string,
		private readonly simulator: Simulator,
		readonly demo: Demo,
		private readonly trust: Record<string, string>,
		private instance: N8nInstance,
		readonly api: N8nApi,
	) {}

	/** @param env added to n8n's environment */
	static async start(env: Record<string, string> = {}): Promise<BenchHarness> {
		const folder = await mkdtemp(join(tmpdir(), 'sinch-bench-'));
		const simulator = await startSimulator({ https: true });
		try {
			const certificateFile = join(folder, 'certificate.pem');
			await writeFile(certificateFile, simulator.secure!.certificate);
			const trust = { NODE_EXTRA_CA_CERTS: certificateFile };
			const userFolder = join(folder, 'n8n');
			await ensureBuilt();
			await installPackage(await pack(folder), userFolder);
			await installFloor(folder, userFolder);
			const onProgress = (step: string) => process.stderr.write(`${step}\n`);
			const n8n = await startN8n({ userFolder, env: { ...trust, ...env }, onProgress });
			const api = new N8nApi(n8n.url);
			const demo = await readDemo(simulator.url);
			const harness = new BenchHarness(folder, simulator, demo, trust, n8n, api);
			await api.setUpOwner({ email: 'bench@example.com', password: 'Only-for-bench-1' });
			return harness;
		} catch (error) {
			await simulator.close();
			await rm(folder, { recursive: true, force: true });
			throw error;
		}
	}

	/** Restarts n8n with the same data and address. @param env replaces the former one */
	async restart(env: Record<string, string> = {}): Promise<void> {
		await this.instance.stop();
		const port = Number(new URL(this.instance.url).port);
		const userFolder = join(this.folder, 'n8n');
		this.instance = await startN8n({ port, userFolder, env: { ...this.trust, ...env } });
	}

	async stop(): Promise<void> {
		pidusage.clear();
		await this.instance.stop();
		await this.simulator.close();
		await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
	}

	get url(): string {
		return this.instance.url;
	}

	get version(): string {
		return this.instance.version;
	}

	/** The version of the Node that runs n8n. */
	async nodeVersion(): Promise<string> {
		const { node } = await ensureN8n(this.version);
		return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
	}

	get pid(): number {
		return this.instance.pid;
	}

	get sinchUrl(): string {
		return this.simulator.url;
	}

	get appId(): string {
		return conversationApp(this.demo).appId;
	}

	/** A credential that has no token yet. */
	async newCredential({ secure = false } = {}): Promise<Credential> {
		this.credentials += 1;
		const url = secure ? this.simulator.secure!.url : this.sinchUrl;
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
		try {
			await this.api.deleteExecutions(workflowId);
		} catch (error) {
			// n8n responds with 503 for a while when it was too busy for its own database.
			if (!(error instanceof N8nApiError) || error.status !== 503) throw error;
			await sleep(5000);
			await this.api.deleteExecutions(workflowId);
		}
	}

	async settings(changes: Partial<Settings>): Promise<void> {
		await this.control('PATCH', '/settings', changes);
	}

	async faults(rules: FaultRule[]): Promise<void> {
		await this.control('DELETE', '/faults');
		if (rules.length > 0) await this.control('POST', '/faults', rules);
	}

	async clearLog(): Promise<void> {
		await this.control('DELETE', '/log');
	}

	/** @param totalsOnly omits the lists, which may be long */
	async log(totalsOnly = false): Promise<SimulatorLog> {
		return await this.control('GET', totalsOnly ? '/log?requestId=none' : '/log');
	}

	/** The secret of the registered webhook with a target. */
	async secretOf(target: string): Promise<string> {
		const { projectId, keyId, keySecret } = this.demo.project;
		const basic = Buffer.from(`${keyId}:${keySecret}`).toString('base64');
		const url = `${this.sinchUrl}/v1/projects/${projectId}/apps/${this.appId}/webhooks`;
		const response = await fetch(url, { headers: { authorization: `Basic ${basic}` } });
		const { webhooks } = (await response.json()) as {
			webhooks: Array<{ target: string; secret: string }>;
		};
		const webhook = webhooks.find((one) => one.target === target);
		if (!webhook) throw new Error(`No webhook at Sinch has the target ${target}`);
		return webhook.secret;
	}

	private async control<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await fetch(`${this.sinchUrl}/_control${path}`, {
			method,
			headers: body === undefined ? {} : { 'content-type': 'application/json' },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
		return (await response.json()) as T;
	}
}
