import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CREDENTIAL_TYPE, credentialData } from '../sandbox/demo/setup.mts';
import { N8nApi } from '../sandbox/n8n/api.mts';
import { startN8n } from '../sandbox/n8n/instance.mts';
import { pack } from '../sandbox/n8n/package.mts';
import type { BenchHarness } from './support/harness.mts';
import { ourQuery, queryWorkflow } from './support/queryWorkflows.mts';
import { printTable } from './support/table.mts';

const WORKERS = 3;
const ITEMS = 4000;
const LIMIT_MS = 300_000;

/** What Sinch allows a project, in requests per second. */
const PROJECT_LIMIT = 800;

/** A process of n8n that sends queries, with a rate limit of its own. */
interface Worker {
	/** @returns the seconds of one execution */
	ask(items: number): Promise<number>;
	stop(): Promise<void>;
}

async function startWorker(harness: BenchHarness, packageTarball: string): Promise<Worker> {
	const n8n = await startN8n({ packageTarball });
	const api = new N8nApi(n8n.url);
	await api.setUpOwner({ email: 'bench@example.com', password: 'Only-for-bench-1' });
	const data = credentialData(harness.demo, harness.sinchUrl);
	const credential = await api.createCredential('Bench', CREDENTIAL_TYPE, data);
	return {
		async ask(items) {
			const { id } = await api.createWorkflow(queryWorkflow(items, ourQuery(credential)));
			await api.run(id, 'Start');
			const [{ startedAt, stoppedAt }] = await api.waitForExecutions(id, 1, LIMIT_MS);
			return (Date.parse(stoppedAt!) - Date.parse(startedAt!)) / 1000;
		},
		stop: async () => await n8n.stop(),
	};
}

/** Several processes that together ask faster than Sinch allows a project, each at its default rate. */
export async function benchWorkers(harness: BenchHarness): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'sinch-bench-workers-'));
	const workers: Worker[] = [];
	try {
		const packageTarball = await pack(folder);
		for (let n = 0; n < WORKERS; n++) workers.push(await startWorker(harness, packageTarball));
		await harness.settings({ apiLatencyMs: 50, requestsPerSecond: PROJECT_LIMIT, logSize: 1 });
		await Promise.all(workers.map(async (worker) => await worker.ask(100)));
		await harness.clearLog();
		const seconds = await Promise.all(workers.map(async (worker) => await worker.ask(ITEMS)));
		const { totals } = await harness.log(true);
		const refused = totals.requests - totals.tokenCalls - totals.queries;
		const pace = ((totals.queries - 1) / totals.queriesSpan) * 1000;
		printTable(
			`${WORKERS} processes that query ${ITEMS} items each, where Sinch allows ${PROJECT_LIMIT} a second`,
			['Items', 'Accepted', 'Refused in between', 'Seconds', 'At Sinch/s'],
			[
				[
					...[String(WORKERS * ITEMS), String(totals.queries), String(refused)],
					...[seconds.map((one) => one.toFixed(1)).join(', '), pace.toFixed(0)],
				],
			],
		);
	} finally {
		await Promise.all(workers.map(async (worker) => await worker.stop()));
		await rm(folder, { recursive: true, force: true });
	}
}
