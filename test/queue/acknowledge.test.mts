import { setTimeout as sleep } from 'node:timers/promises';
import type { Workflow } from '../../sandbox/n8n/types.mts';
import { startCluster, type Cluster, type ProcessName } from '../../sandbox/queue/cluster.mts';
import type { DeliveryEntry } from '../../sandbox/simulator/wire.ts';
import { Harness, START_LIMIT_MS } from '../e2e/support/harness.mts';
import { slowReceiver, WorkflowReports } from '../e2e/support/slowReceiver.mts';
import { until } from './waitHarness.mts';

const LIMIT_MS = 600_000;

const PROCESSES: ProcessName[] = ['main', 'webhook 1', 'worker 1', 'worker 2'];

const ANSWERS = 60;

/** How many answers have started a workflow when a process is killed. */
const KILLS_AT = 15;

/** Long time-outs, so that a busy machine does not measure its own slowness. */
const SENDER = {
	...{ callbacksPerSecond: 8, callbackTimeoutMs: 30_000, logSize: 2_000 },
	...{ retryBaseMs: 1000, retryMaxDelayMs: 16_000, retryMaxAttempts: 100 },
};

/** How long no workflow may begin or end before all of them count as over. */
const QUIET_MS = 20_000;

let harness: Harness<Cluster>;
let active: Workflow | undefined;

beforeAll(async () => {
	harness = await Harness.with(
		async (options) => await startCluster({ ...options, processes: PROCESSES }),
	);
	await harness.control('PATCH', '/settings', SENDER);
}, START_LIMIT_MS);

afterEach(async () => {
	if (active) await harness.api.deactivate(active.id);
	active = undefined;
	await harness.control('DELETE', '/log');
}, LIMIT_MS);

afterAll(async () => await harness?.stop(), LIMIT_MS);

async function countDelivered(): Promise<number> {
	const { deliveries } = await harness.control<{ deliveries: DeliveryEntry[] }>('GET', '/log');
	return deliveries.filter(({ state }) => state === 'delivered').length;
}

const total = (counts: ReadonlyMap<string, number>) =>
	[...counts.values()].reduce((sum, count) => sum + count, 0);

/** Waits until the workflows have reported nothing for a while. */
async function untilOver({ begun, finished }: WorkflowReports): Promise<void> {
	for (let before = -1; ; await sleep(QUIET_MS)) {
		const now = total(begun) + total(finished);
		if (now === before) return;
		before = now;
	}
}

/** The worker that began the latest execution. */
async function latestWorker(): Promise<ProcessName> {
	const executions = await harness.api.listExecutions(active!.id);
	const ids = executions.map(({ id }) => Number(id)).sort((one, other) => other - one);
	for (const id of ids) {
		const [worker] = await harness.n8n.ranBy(String(id));
		if (worker) return worker;
	}
	throw new Error('No worker has begun an execution');
}

const LOSSES: Record<string, () => Promise<void>> = {
	'a worker is killed': async () => {
		const worker = await latestWorker();
		await harness.n8n.kill(worker);
		await harness.n8n.restart(worker);
	},
	'the webhook process is killed': async () => {
		await harness.n8n.kill('webhook 1');
		// While n8n starts it responds 200 to every request, so nothing may lead to it yet.
		harness.n8n.leadTo();
		await harness.n8n.restart('webhook 1');
		harness.n8n.leadTo('webhook 1');
	},
	'Redis is replaced': async () => {
		await harness.n8n.replaceRedis(1_000);
	},
};

let first = 46_704_000_000;

describe.each([
	['stored', 'reach n8n'],
	['finished', 'reach n8n, and all their workflows end,'],
] as const)('answers acknowledged once %s', (acknowledge, effect) => {
	it.each(Object.keys(LOSSES))(
		`answers acknowledged once ${acknowledge} ${effect} although %s`,
		async (loss) => {
			const reports = new WorkflowReports();
			active = await harness.add(slowReceiver(acknowledge, await reports.start()));
			await harness.api.activate(active.id);
			await harness.webhooks(1);
			first += 1_000;
			const identities = Array.from({ length: ANSWERS }, (_, index) => String(first + index));
			await harness.ask('RCS', ...identities);
			await reports.untilBegun(KILLS_AT);
			await LOSSES[loss]();
			await until(async () => {
				const finished = identities.filter((identity) => reports.finished.has(identity)).length;
				const acknowledged = await countDelivered();
				return (acknowledge === 'finished' ? finished : acknowledged) === ANSWERS;
			}, LIMIT_MS);
			await untilOver(reports);
			reports.stop();
			const { begun, finished } = reports;
			const neverBegun = identities.filter((identity) => !begun.has(identity));
			const neverFinished = identities.filter((identity) => !finished.has(identity));
			const figures = {
				acknowledged: await countDelivered(),
				neverBegun: neverBegun.length,
				neverFinished: neverFinished.length,
				begunTwice: [...begun.values()].filter((count) => count > 1).length,
				finishedTwice: [...finished.values()].filter((count) => count > 1).length,
			};
			process.stderr.write(
				`n8n ${harness.n8n.version}, ${acknowledge}, ${loss}: ${JSON.stringify(figures)}\n`,
			);
			if (acknowledge === 'finished') expect(neverFinished).toEqual([]);
		},
		LIMIT_MS,
	);
});
