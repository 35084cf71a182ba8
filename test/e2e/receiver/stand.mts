import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conversationApp, readDemo } from '../../../sandbox/demo/control.mts';
import { credentialData, CREDENTIAL_TYPE, TRIGGER_TYPE } from '../../../sandbox/demo/setup.mts';
import { N8nApi } from '../../../sandbox/n8n/api.mts';
import { N8nHttp } from '../../../sandbox/n8n/http.mts';
import { startN8n, type N8nInstance } from '../../../sandbox/n8n/instance.mts';
import { ensureBuilt, pack } from '../../../sandbox/n8n/package.mts';
import type { Credential, Workflow, WorkflowFile } from '../../../sandbox/n8n/types.mts';
import { startSimulator } from '../../../sandbox/simulator/simulator.mts';
import type { Demo } from '../../../sandbox/simulator/wire.ts';
import type { SinchWebhook } from '../support/world.mts';
import { recordTokens } from './tokenRecorder.mts';

export const TRIGGER_NAME = 'Sinch Capability Trigger';

const LOGIN = { email: 'tester@example.com', password: 'Only-for-tests-1' };

interface StandParts {
	n8n: N8nInstance;
	api: N8nApi;
	/** n8n's own answers, word by word. */
	raw: N8nHttp;
	simulatorUrl: string;
	demo: Demo;
	credential: Credential;
	tokens: string[];
	end: () => Promise<void>;
}

/** A real n8n whose data outlives a crash, and a simulated Sinch, for one file of tests. */
export class Stand {
	private constructor(private readonly parts: StandParts) {}

	static async start(env: Record<string, string> = {}): Promise<Stand> {
		const folder = await mkdtemp(join(tmpdir(), 'sinch-receiver-e2e-'));
		await ensureBuilt();
		const packageTarball = await pack(folder);
		// Tests of repeats need not wait as long as the real ones do.
		const simulator = await startSimulator({ settings: { retryBaseMs: 1000 } });
		const recorder = await recordTokens(simulator.url);
		const userFolder = join(folder, 'n8n');
		await mkdir(userFolder);
		const n8n = await startN8n({ packageTarball, userFolder, env });
		const end = async () => {
			await n8n.stop();
			await recorder.close();
			await simulator.close();
			await rm(folder, { recursive: true });
		};
		try {
			const [api, raw] = [new N8nApi(n8n.url), new N8nHttp(n8n.url)];
			await api.setUpOwner(LOGIN);
			const login = { emailOrLdapLoginId: LOGIN.email, password: LOGIN.password };
			await raw.request('POST', '/login', login);
			const demo = await readDemo(simulator.url);
			const data = { ...credentialData(demo, simulator.url), authUrl: recorder.url };
			const credential = await api.createCredential('Simulator', CREDENTIAL_TYPE, data);
			const { tokens } = recorder;
			return new Stand({
				n8n,
				api,
				raw,
				simulatorUrl: simulator.url,
				demo,
				credential,
				tokens,
				end,
			});
		} catch (error) {
			await end();
			throw error;
		}
	}

	get n8n(): N8nInstance {
		return this.parts.n8n;
	}

	get api(): N8nApi {
		return this.parts.api;
	}

	get raw(): N8nHttp {
		return this.parts.raw;
	}

	get appId(): string {
		return conversationApp(this.parts.demo).appId;
	}

	/** What must appear nowhere, webhook secrets excepted. */
	get secrets(): { keyId: string; keySecret: string; tokens: string[] } {
		const { keyId, keySecret } = this.parts.demo.project;
		return { keyId, keySecret, tokens: this.parts.tokens };
	}

	async stop(): Promise<void> {
		await this.parts.end();
	}

	/** The simulator's control API. */
	async control<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await fetch(`${this.parts.simulatorUrl}/_control${path}`, {
			method,
			headers: body === undefined ? {} : { 'content-type': 'application/json' },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
		return (await response.json()) as T;
	}

	/** The simulated Sinch API, as the owner of the demo project. */
	async sinch<T>(method: string, path: string, body?: unknown): Promise<T> {
		const { projectId, keyId, keySecret } = this.parts.demo.project;
		const key = Buffer.from(`${keyId}:${keySecret}`).toString('base64');
		const response = await fetch(`${this.parts.simulatorUrl}/v1/projects/${projectId}${path}`, {
			method,
			headers: { authorization: `Basic ${key}`, 'content-type': 'application/json' },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
		return (await response.json()) as T;
	}

	async webhooks(): Promise<SinchWebhook[]> {
		const path = `/apps/${this.appId}/webhooks`;
		return (await this.sinch<{ webhooks: SinchWebhook[] }>('GET', path)).webhooks;
	}

	/** Asks about many identities at once: one answer goes to each webhook for each of them. */
	async ask(identities: string[]): Promise<void> {
		const channel_identities = identities.map((identity) => ({ channel: 'RCS', identity }));
		const recipient = { identified_by: { channel_identities } };
		await this.sinch('POST', '/capability:query', { app_id: this.appId, recipient });
	}

	/** A workflow of a trigger and a node behind it, with the credential chosen. */
	async addReceiver(
		parameters: Record<string, unknown> = { outputMode: 'single' },
	): Promise<Workflow> {
		const { id, name } = this.parts.credential;
		const workflow: WorkflowFile = {
			name: `Receiver ${randomUUID()}`,
			nodes: [
				{
					id: randomUUID(),
					name: TRIGGER_NAME,
					type: TRIGGER_TYPE,
					typeVersion: 1,
					position: [0, 0],
					parameters,
					webhookId: randomUUID(),
					credentials: { [CREDENTIAL_TYPE]: { id, name } },
				},
				{
					id: randomUUID(),
					name: 'Behind it',
					type: 'n8n-nodes-base.noOp',
					typeVersion: 1,
					position: [240, 0],
					parameters: {},
				},
			],
			connections: { [TRIGGER_NAME]: { main: [[{ node: 'Behind it', type: 'main', index: 0 }]] } },
			settings: { executionOrder: 'v1' },
		};
		return await this.api.createWorkflow(workflow);
	}
}
