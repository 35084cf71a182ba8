import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { conversationApp, readDemo } from '../../../sandbox/demo/control.mts';
import { complete, credentialData, CREDENTIAL_TYPE } from '../../../sandbox/demo/setup.mts';
import { N8nApi } from '../../../sandbox/n8n/api.mts';
import {
	startN8n,
	type N8nInstance,
	type StartOptions as N8nOptions,
} from '../../../sandbox/n8n/instance.mts';
import { ensureBuilt, pack } from '../../../sandbox/n8n/package.mts';
import type { Credential, Workflow, WorkflowFile } from '../../../sandbox/n8n/types.mts';
import { startSimulator } from '../../../sandbox/simulator/simulator.mts';
import type { Demo } from '../../../sandbox/simulator/wire.ts';

export interface SinchWebhook {
	id: string;
	app_id: string;
	target: string;
	target_type: string;
	secret: string;
	triggers: string[];
}

/** Time limit of one start, including a first installation of n8n. */
export const START_LIMIT_MS = 40 * 60_000;

/** How long n8n may take to register or remove a webhook. */
const WEBHOOKS_LIMIT_MS = 20_000;

/** The part of an n8n that a harness uses. */
interface Running {
	url: string;
	stop(): Promise<void>;
}

type StartOptions = Pick<N8nOptions, 'version' | 'onProgress'> & {
	packageTarball: string;
	/** A folder that survives n8n, even a crash; the harness removes it at the end. */
	userFolder: string;
};

/** A server between n8n and the simulated token endpoint. */
interface AuthServer {
	url: string;
	close(): Promise<void>;
}

interface HarnessOptions<N8n extends Running> {
	start: (options: StartOptions) => Promise<N8n>;
	/** A proxy for the token endpoint at this address; by default none. */
	authServer?: (simulatorUrl: string) => Promise<AuthServer>;
}

export interface HarnessParts<N8n extends Running> {
	n8n: N8n;
	api: N8nApi;
	simulatorUrl: string;
	demo: Demo;
	credential: Credential;
	end: () => Promise<void>;
}

/**
 * Starts the simulator, then n8n with the packed package, its owner and a credential.
 * `N8N_VERSION` selects a folder of `sandbox/n8n/versions`; the default is the newest n8n.
 */
export async function startParts<N8n extends Running>({
	start,
	authServer,
}: HarnessOptions<N8n>): Promise<HarnessParts<N8n>> {
	const folder = await mkdtemp(join(tmpdir(), 'sinch-sandbox-e2e-'));
	const opened: Array<() => Promise<unknown>> = [() => rm(folder, { recursive: true })];
	const end = async () => {
		for (const close of opened.splice(0).reverse()) await close();
	};
	try {
		await ensureBuilt();
		const packageTarball = await pack(folder);
		const userFolder = join(folder, 'n8n');
		await mkdir(userFolder);
		// Short pauses, so that tests of retries do not take as long as real ones.
		const simulator = await startSimulator({ settings: { retryBaseMs: 1000 } });
		opened.push(() => simulator.close());
		const auth = await authServer?.(simulator.url);
		if (auth) opened.push(() => auth.close());
		const onProgress = (step: string) => process.stderr.write(`${step}\n`);
		const version = process.env.N8N_VERSION;
		const n8n = await start({ version, packageTarball, userFolder, onProgress });
		opened.push(() => n8n.stop());
		const api = new N8nApi(n8n.url);
		await api.setUpOwner({ email: 'tester@example.com', password: 'Only-for-tests-1' });
		const demo = await readDemo(simulator.url);
		const data = credentialData(demo, simulator.url);
		const credential = await api.createCredential('Simulator', CREDENTIAL_TYPE, {
			...data,
			...(auth && { authUrl: auth.url }),
		});
		return { n8n, api, simulatorUrl: simulator.url, demo, credential, end };
	} catch (error) {
		await end();
		throw error;
	}
}

/** A real n8n with the built package, and a simulated Sinch, for one file of tests. */
export class Harness<N8n extends Running = N8nInstance> {
	readonly n8n: N8n;
	readonly api: N8nApi;
	readonly simulatorUrl: string;
	readonly demo: Demo;
	readonly credential: Credential;
	private readonly end: () => Promise<void>;

	protected constructor(parts: HarnessParts<N8n>) {
		this.n8n = parts.n8n;
		this.api = parts.api;
		this.simulatorUrl = parts.simulatorUrl;
		this.demo = parts.demo;
		this.credential = parts.credential;
		this.end = parts.end;
	}

	static async start(): Promise<Harness> {
		return await Harness.with(startN8n);
	}

	/** @param start starts an n8n that is not a single process */
	static async with<N8n extends Running>(
		start: (options: StartOptions) => Promise<N8n>,
	): Promise<Harness<N8n>> {
		return new Harness(await startParts({ start }));
	}

	async stop(): Promise<void> {
		await this.end();
	}

	get appId(): string {
		return conversationApp(this.demo).appId;
	}

	/** The simulator's control API. */
	async control<T>(method: string, path: string, body?: unknown): Promise<T> {
		return await send(method, `${this.simulatorUrl}/_control${path}`, {}, body);
	}

	/** Calls the simulated Sinch API as the owner of the demo project. */
	async sinch<T>(method: string, path: string, body?: unknown): Promise<T> {
		const { projectId, keyId, keySecret } = this.demo.project;
		const authorization = `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`;
		const url = `${this.simulatorUrl}/v1/projects/${projectId}${path}`;
		return await send(method, url, { authorization }, body);
	}

	/**
	 * The app's webhooks at Sinch.
	 *
	 * @param count waits until there are this many, up to a limit: n8n can register and remove its own
	 * a moment after it has responded or an execution has ended
	 */
	async webhooks(count?: number): Promise<SinchWebhook[]> {
		const path = `/apps/${this.appId}/webhooks`;
		for (const end = Date.now() + WEBHOOKS_LIMIT_MS; ; await sleep(100)) {
			const { webhooks } = await this.sinch<{ webhooks: SinchWebhook[] }>('GET', path);
			if (count === undefined || webhooks.length === count || Date.now() > end) return webhooks;
		}
	}

	/** Queries identities without n8n: each webhook receives one answer for each of them. */
	async ask(channel: string, ...identities: string[]): Promise<void> {
		const channel_identities = identities.map((identity) => ({ channel, identity }));
		const recipient = { identified_by: { channel_identities } };
		await this.sinch('POST', '/capability:query', { app_id: this.appId, recipient });
	}

	/** Imports a workflow, with a credential and an address. */
	async add(workflow: WorkflowFile): Promise<Workflow> {
		return await this.api.createWorkflow(complete(workflow, this.credential));
	}

	async countExecutions({ id }: Workflow): Promise<number> {
		return (await this.api.listExecutions(id)).length;
	}
}

async function send<T>(
	method: string,
	url: string,
	headers: Record<string, string>,
	body: unknown,
): Promise<T> {
	const response = await fetch(url, {
		method,
		headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	if (!response.ok) throw new Error(`${method} ${url}: ${await response.text()}`);
	return (await response.json()) as T;
}
