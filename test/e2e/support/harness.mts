import { setTimeout as sleep } from 'node:timers/promises';
import { complete, credentialData, CREDENTIAL_TYPE } from '../../../sandbox/demo/setup.mts';
import {
	existingN8n,
	startParts,
	useExisting,
	type Parts,
	type PartsOptions,
	type Restartable,
	type Running,
} from '../../../sandbox/harness/parts.mts';
import { SimulatedSinch, type SinchWebhook } from '../../../sandbox/harness/simulatedSinch.mts';
import type { Login, N8nApi } from '../../../sandbox/n8n/api.mts';
import { startN8n, type N8nInstance } from '../../../sandbox/n8n/instance.mts';
import type { Credential, Workflow, WorkflowFile } from '../../../sandbox/n8n/types.mts';
import type { Demo, LogLists } from '../../../sandbox/simulator/wire.ts';

export { existingN8n, START_LIMIT_MS } from '../../../sandbox/harness/parts.mts';

// Short pauses, so that tests of retries do not take as long as real ones.
export const SIMULATOR = { settings: { retryBaseMs: 1000 } };

/** How long n8n may take to register or remove a webhook. */
const WEBHOOKS_LIMIT_MS = 120_000;

/** How long n8n may take to send its queries, or to receive the answers. */
const LOG_LIMIT_MS = 120_000;

/** A real n8n with the built package and a credential, and a simulated Sinch, for one file of tests. */
export class Harness<N8n extends Running = N8nInstance> {
	readonly n8n: N8n;
	readonly api: N8nApi;
	readonly login: Login;
	readonly simulatorUrl: string;
	readonly demo: Demo;
	private readonly simulated: SimulatedSinch;
	private readonly end: () => Promise<void>;

	protected constructor(
		{ n8n, api, login, simulator, demo, end }: Parts<N8n>,
		readonly credential: Credential,
	) {
		this.n8n = n8n;
		this.api = api;
		this.login = login;
		this.simulatorUrl = simulator.url;
		this.demo = demo;
		this.simulated = new SimulatedSinch(simulator.url, demo);
		this.end = end;
	}

	static async start(): Promise<Harness> {
		return await Harness.with(startN8n);
	}

	/** With the n8n that the environment names, or else one of its own: see `existingN8n`. */
	static async anywhere(): Promise<Harness<Restartable>> {
		const existing = existingN8n();
		if (!existing) return await Harness.start();
		const parts = await useExisting(existing, SIMULATOR);
		return new Harness(parts, await createCredential(parts));
	}

	/** @param start starts an n8n that is not a single process */
	static async with<N8n extends Running>(start: PartsOptions<N8n>['start']): Promise<Harness<N8n>> {
		const parts = await startParts({ simulator: SIMULATOR, start });
		return new Harness(parts, await createCredential(parts));
	}

	async stop(): Promise<void> {
		await this.end();
	}

	get appId(): string {
		return this.simulated.appId;
	}

	/** The simulator's control API. */
	async control<T>(method: string, path: string, body?: unknown): Promise<T> {
		return await this.simulated.control(method, path, body);
	}

	/** Calls the simulated Sinch API as the owner of the demo project. */
	async sinch<T>(method: string, path: string, body?: unknown): Promise<T> {
		return await this.simulated.api(method, path, body);
	}

	/**
	 * The app's webhooks at Sinch.
	 *
	 * @param count waits until there are this many, up to a limit: n8n can register and remove its own
	 * a moment after it has responded or an execution has ended
	 */
	async webhooks(count?: number): Promise<SinchWebhook[]> {
		for (const end = Date.now() + WEBHOOKS_LIMIT_MS; ; await sleep(100)) {
			const webhooks = await this.simulated.webhooks();
			if (count === undefined || webhooks.length === count || Date.now() > end) return webhooks;
		}
	}

	/** Queries identities without n8n: each webhook receives one answer for each of them. */
	async ask(channel: string, ...identities: string[]): Promise<void> {
		const channel_identities = identities.map((identity) => ({ channel, identity }));
		const recipient = { identified_by: { channel_identities } };
		await this.sinch('POST', '/capability:query', { app_id: this.appId, recipient });
	}

	/** Waits until Sinch has received this many queries since its log was emptied. */
	async untilAsked(count = 1): Promise<void> {
		await this.untilLogged(`${count} queries`, ({ queries }) => queries.length >= count);
	}

	/** Waits until Sinch has responses to this many callbacks since its log was emptied. */
	async untilPosted(count: number): Promise<LogLists> {
		return await this.untilLogged(
			`responses to ${count} callbacks`,
			({ deliveries }) => deliveries.filter(({ attempts }) => attempts.length > 0).length >= count,
		);
	}

	private async untilLogged(what: string, isSo: (log: LogLists) => boolean): Promise<LogLists> {
		for (const end = Date.now() + LOG_LIMIT_MS; ; await sleep(50)) {
			const log = await this.control<LogLists>('GET', '/log');
			if (isSo(log)) return log;
			if (Date.now() > end) throw new Error(`Sinch's log does not have ${what}`);
		}
	}

	/** Imports a workflow, with a credential and an address. */
	async add(workflow: WorkflowFile): Promise<Workflow> {
		return await this.api.createWorkflow(complete(workflow, this.credential));
	}

	async countExecutions({ id }: Workflow): Promise<number> {
		return (await this.api.listExecutions(id)).length;
	}
}

/** @param changes values that differ from the simulator's own */
export async function createCredential(
	{ api, demo, simulator }: Parts<Running>,
	changes: Record<string, string> = {},
): Promise<Credential> {
	const data = { ...credentialData(demo, simulator.url), ...changes };
	return await api.createCredential('Simulator', CREDENTIAL_TYPE, data);
}
