import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { N8nApi } from '../../sandbox/n8n/api.mts';
import { startN8n } from '../../sandbox/n8n/instance.mts';
import type { WorkflowFile } from '../../sandbox/n8n/types.mts';
import { START_LIMIT_MS } from './support/harness.mts';

/** How long n8n runs after it is ready: its tasks at the start begin a moment later. */
const WATCHED_MS = 10_000;

const login = { email: 'owner@example.com', password: 'Only-for-tests-1' };

/** A workflow that requests a URL when it is run by hand. */
const requesting = (url: string): WorkflowFile => ({
	name: 'Request',
	nodes: [
		{
			id: 'a1',
			name: 'Start',
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		},
		{
			id: 'a2',
			name: 'Request',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			position: [200, 0],
			parameters: { url, options: {} },
		},
	],
	connections: { Start: { main: [[{ node: 'Request', type: 'main', index: 0 }]] } },
	settings: { executionOrder: 'v1' },
});

it(
	'n8n in the sandbox connects to nothing but what its workflows request',
	async () => {
		const folder = await mkdtemp(join(tmpdir(), 'sinch-connections-'));
		const file = join(folder, 'hosts');
		const recorder = new URL('support/connections.mjs', import.meta.url).href;
		const n8n = await startN8n({
			version: process.env.N8N_VERSION,
			env: { NODE_OPTIONS: `--import ${recorder}`, CONNECTIONS_FILE: file },
		});
		try {
			const api = new N8nApi(n8n.url);
			await api.setUpOwner(login);
			const { id } = await api.createWorkflow(requesting(`${n8n.url}/healthz`));
			const execution = await api.waitForExecution((await api.run(id, 'Start'))!);
			expect(execution.status).toBe('success');
			await sleep(WATCHED_MS);
		} finally {
			await n8n.stop();
		}
		// The workflow's own request is there: the recorder works.
		const hosts = new Set((await readFile(file, 'utf8')).trim().split('\n'));
		expect([...hosts]).toEqual(['127.0.0.1']);
		await rm(folder, { recursive: true });
	},
	START_LIMIT_MS,
);
