import type { Execution, Workflow } from '../../sandbox/n8n/types.mts';
import { readAnswers } from '../../sandbox/demo/answers.mts';
import { startCluster, type Cluster, type ProcessName } from '../../sandbox/queue/cluster.mts';
import { Harness, START_LIMIT_MS } from '../e2e/support/harness.mts';
import { itemsByOutput, listening } from '../e2e/support/waiting.mts';
import { numbers, until, WaitHarness } from './waitHarness.mts';

const LIMIT_MS = 300_000;

const PROCESSES: ProcessName[] = ['main', 'webhook 1', 'webhook 2', 'worker 1', 'worker 2'];

/** The simulator's callbacks per second. */
const CALLBACKS_PER_SECOND = 4;

/** How long the answers of a process that has ended are lost: it had acknowledged them. */
const MAX_ACKNOWLEDGED_SECONDS = 1;

/** n8n ends its processes when Redis is away for ten seconds. */
const REDIS_AWAY_MS = 20_000;

let harness: Harness<Cluster>;
let listener: Workflow;
let waits: WaitHarness;

beforeAll(async () => {
	harness = await Harness.with(
		async (options) => await startCluster({ ...options, processes: PROCESSES }),
	);
	listener = await harness.add(listening());
	await harness.api.activate(listener.id);
	waits = new WaitHarness(harness, listener);
	await waits.settings({ logSize: 2_000 });
}, START_LIMIT_MS);

afterAll(async () => await harness?.stop(), LIMIT_MS);

beforeEach(async () => {
	for (const name of harness.n8n.ended()) await harness.n8n.restart(name);
	harness.n8n.leadTo('webhook 1', 'webhook 2');
	await waits.untilQuiet(LIMIT_MS);
	await waits.settings({ callbacksPerSecond: CALLBACKS_PER_SECOND, answerDelayMs: 500 });
}, LIMIT_MS);

const say = (what: string) => process.stderr.write(`n8n ${harness.n8n.version}: ${what}\n`);

/** The answers that started the trigger's workflow. */
async function startedBy(): Promise<string[]> {
	const executions = await harness.api.listExecutions(listener.id);
	const ended = executions.filter(({ stoppedAt }) => stoppedAt !== null);
	const whole = await Promise.all(ended.map(async ({ id }) => await harness.api.getExecution(id)));
	return whole.flatMap((execution) =>
		readAnswers(listener, execution).map(({ identity }) => identity),
	);
}

/** The worker that runs an execution. */
async function workerOf(id: string): Promise<ProcessName> {
	await until(async () => (await harness.n8n.ranBy(id)).length > 0, LIMIT_MS);
	return (await harness.n8n.ranBy(id))[0];
}

const secondsOf = ({ startedAt, stoppedAt }: Execution) =>
	(Date.parse(stoppedAt!) - Date.parse(startedAt!)) / 1000;

it(
	'a wait loses at most what a webhook process had acknowledged when that process is killed and comes back',
	async () => {
		harness.n8n.leadTo('webhook 1');
		const run = await waits.run(
			['main'],
			waits.asking(40, { timeout: 120 }),
			LIMIT_MS,
			async () => {
				await waits.untilDelivered(8);
				await harness.n8n.kill('webhook 1');
				await harness.n8n.restart('webhook 1');
			},
		);
		say(`webhook process killed and started again: ${run.counts.Full} of 40, ${run.seconds} s`);
		expect(run.execution.status).toBe('success');
		expect(run.counts.Full).toBeGreaterThanOrEqual(
			40 - CALLBACKS_PER_SECOND * MAX_ACKNOWLEDGED_SECONDS,
		);
	},
	LIMIT_MS,
);

it(
	'a wait gets its answers by the other webhook process when one of two is killed for good',
	async () => {
		const run = await waits.run(
			['main'],
			waits.asking(40, { timeout: 120 }),
			LIMIT_MS,
			async () => {
				await waits.untilDelivered(8);
				await harness.n8n.kill('webhook 2');
			},
		);
		say(`one of two webhook processes killed: ${run.counts.Full} of 40, ${run.seconds} s`);
		expect(run.execution.status).toBe('success');
		expect(run.counts.Full).toBeGreaterThanOrEqual(
			40 - CALLBACKS_PER_SECOND * MAX_ACKNOWLEDGED_SECONDS,
		);
	},
	LIMIT_MS,
);

it(
	'an execution whose worker is killed in the middle of a wait fails by itself, and later answers start the workflow of the trigger',
	async () => {
		// No answer is acknowledged while the worker still counts as waiting.
		await waits.settings({ answerDelayMs: 25_000 });
		const before = await startedBy();
		const id = await waits.begin(waits.asking(5, { timeout: 60 }));
		await waits.untilAsked(5);
		const worker = await workerOf(id);
		await harness.n8n.kill(worker);
		const execution = await harness.api.waitForExecution(id, LIMIT_MS);
		say(
			`worker killed: "${execution.status}" after ${secondsOf(execution)} s, ${execution.error?.message}`,
		);
		expect(['crashed', 'error']).toContain(execution.status);
		await until(async () => (await startedBy()).length >= before.length + 5, LIMIT_MS);
		expect((await startedBy()).slice().sort()).toEqual([...before, ...numbers(5)].sort());
	},
	LIMIT_MS,
);

it(
	'a wait goes on to its end when Redis is replaced in the middle',
	async () => {
		await waits.settings({ answerDelayMs: 6_000 });
		const run = await waits.run(
			['webhook 1'],
			waits.asking(10, { timeout: 60 }),
			LIMIT_MS,
			async () => {
				await waits.untilAsked(10);
				await harness.n8n.replaceRedis(1_000);
			},
		);
		say(`Redis replaced: "${run.execution.status}", ${run.counts.Full} of 10, ${run.seconds} s`);
		expect(run.execution.status).toBe('success');
		expect(run.counts.Full).toBe(10);
	},
	LIMIT_MS,
);

it(
	'nothing hangs once n8n has been restarted when Redis was away in the middle of a wait for longer than n8n waits for it',
	async () => {
		await waits.settings({ answerDelayMs: 5_000 });
		const before = await startedBy();
		const id = await waits.begin(waits.asking(5, { timeout: 60 }));
		await waits.untilAsked(5);
		await harness.n8n.replaceRedis(REDIS_AWAY_MS);
		const ended = harness.n8n.ended();
		// As whatever supervises the processes would do.
		for (const name of ended) await harness.n8n.restart(name);
		const execution = await harness.api.waitForExecution(id, LIMIT_MS);
		say(
			`Redis away: ended ${ended.join(', ') || 'none'}; "${execution.status}" after ${secondsOf(execution)} s, ${execution.error?.message}`,
		);
		await waits.untilDelivered(5);
		const collected = itemsByOutput(execution).Full?.length ?? 0;
		const started = async () => (await startedBy()).length - before.length;
		await until(async () => (await started()) + collected >= 5, LIMIT_MS);
		say(`answers: ${collected} collected, ${await started()} started`);
		expect(collected + (await started())).toBe(5);
	},
	LIMIT_MS,
);
