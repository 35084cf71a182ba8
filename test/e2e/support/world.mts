import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Time that one start may take, a first installation of n8n included. */
export const START_LIMIT_MS = 40 * 60_000;

/** What a world needs of an n8n. */
interface Running {
	url: string;
	stop(): Promise<void>;
}

type StartOptions = Pick<N8nOptions, 'version' | 'onProgress'> & { packageTarball: string };

/** A real n8n with the built package, and a simulated Sinch, for one file of tests. */
export class World<N8n extends Running = N8nInstance> {
	private constructor(
		readonly n8n: N8n,
		readonly api: N8nApi,
		readonly simulatorUrl: string,
		readonly demo: Demo,
		readonly credential: Credential,
		private readonly end: () => Promise<void>,
	) {}

	/** `N8N_VERSION` names another folder of `sandbox/n8n/versions` than that of the newest n8n. */
	static async start(): Promise<World> {
		return await World.with(startN8n);
	}

	/** @param start starts another kind of n8n than one process. */
	static async with<N8n extends Running>(
		start: (options: StartOptions) => Promise<N8n>,
	): Promise<World<N8n>> {
		const folder = await mkdtemp(join(tmpdir(), 'sinch-sandbox-e2e-'));
		await ensureBuilt();
		const packageTarball = await pack(folder);
		// Tests of repeats need not wait as long as the real ones do.
		const simulator = await startSimulator({ settings: { retryBaseMs: 1000 } });
		const onProgress = (step: string) => process.stderr.write(`${step}\n`);
		const version = process.env.N8N_VERSION;
		let n8n: N8n | undefined;
		const end = async () => {
			await n8n?.stop();
			await simulator.close();
			await rm(folder, { recursive: true });
		};
		try {
			n8n = await start({ version, packageTarball, onProgress });
			const api = new N8nApi(n8n.url);
			await api.setUpOwner({ email: 'tester@example.com', password: 'Only-for-tests-1' });
			const demo = await readDemo(simulator.url);
			const data = credentialData(demo, simulator.url);
			const credential = await api.createCredential('Simulator', CREDENTIAL_TYPE, data);
			return new World(n8n, api, simulator.url, demo, credential, end);
		} catch (error) {
			await end();
			throw error;
		}
	}

	async stop(): Promise<void> {
		await this.end();
	}

	get appId(): string {
		return conversationApp(this.demo).appId;
	}

	/** Calls the simulated Sinch API itself, as the owner of the demo project. */
	async sinch<T>(method: string, path: string, body?: unknown): Promise<T> {
		const { projectId, keyId, keySecret } = this.demo.project;
		const response = await fetch(`${this.simulatorUrl}/v1/projects/${projectId}${path}`, {
			method,
			headers: {
				authorization: `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`,
				'content-type': 'application/json',
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
		return (await response.json()) as T;
	}

	async webhooks(): Promise<SinchWebhook[]> {
		const path = `/apps/${this.appId}/webhooks`;
		return (await this.sinch<{ webhooks: SinchWebhook[] }>('GET', path)).webhooks;
	}

	/** Asks Sinch about one identity without n8n: one answer goes to each webhook. */
	async ask(channel: string, identity: string): Promise<void> {
		const recipient = { identified_by: { channel_identities: [{ channel, identity }] } };
		await this.sinch('POST', '/capability:query', { app_id: this.appId, recipient });
	}

	/** Imports a workflow, with the credential and an address chosen. */
	async add(workflow: WorkflowFile): Promise<Workflow> {
		return await this.api.createWorkflow(complete(workflow, this.credential));
	}

	async countExecutions({ id }: Workflow): Promise<number> {
		return (await this.api.listExecutions(id)).length;
	}
}
