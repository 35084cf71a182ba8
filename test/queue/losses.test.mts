import type { Execution, Workflow } from '../../sandbox/n8n/types.mts';
import { readAnswers } from '../../sandbox/demo/answers.mts';
import { startCluster, type Cluster, type ProcessName } from '../../sandbox/queue/cluster.mts';
import { Harness, START_LIMIT_MS } from '../e2e/support/harness.mts';
import { listening } from '../e2e/support/waiting.mts';
import { numbers, until, WaitStand } from './waiting.mts';

const LIMIT_MS = 300_000;

const PROCESSES: ProcessName[] = ['main', 'webhook 1', 'webhook 2', 'worker 1', 'worker 2'];

/** What the simulator posts a second. */
const CALLBACKS_PER_SECOND = 4;

/** How long the answers of a process that has ended are lost: it had acknowledged them. */
const MAX_ACKNOWLEDGED_SECONDS = 1;

let world: Harness<Cluster>;
let listener: Workflow;
let stand: WaitStand;

beforeAll(async () => {
	world = await Harness.with(
		async (options) => await startCluster({ ...options, processes: PROCESSES }),
	);
	listener = await world.add(listening());
	await world.api.activate(listener.id);
	stand = new WaitStand(world, listener);
	await stand.settings({ logSize: 2_000 });
}, START_LIMIT_MS);

afterAll(async () => await world?.stop(), LIMIT_MS);

beforeEach(async () => {
	world.n8n.leadTo('webhook 1', 'webhook 2');
	await stand.untilQuiet(LIMIT_MS);
	await stand.settings({ callbacksPerSecond: CALLBACKS_PER_SECOND, answerDelayMs: 500 });
}, LIMIT_MS);

const say = (what: string) => process.stderr.write(`n8n ${world.n8n.version}: ${what}\n`);

/** The answers with which the workflow of the trigger was started. */
async function startedBy(): Promise<string[]> {
	const executions = await world.api.listExecutions(listener.id);
	const ended = executions.filter(({ stoppedAt }) => stoppedAt !== null);
	const whole = await Promise.all(ended.map(async ({ id }) => await world.api.getExecution(id)));
	return whole.flatMap((execution) =>
		readAnswers(listener, execution).map(({ identity }) => identity),
	);
}

/** The worker that runs an execution. */
async function workerOf(id: string): Promise<ProcessName> {
	await until(async () => (await world.n8n.ranBy(id)).length > 0, LIMIT_MS);
	return (await world.n8n.ranBy(id))[0];
}

const secondsOf = ({ startedAt, stoppedAt }: Execution) =>
	(Date.parse(stoppedAt!) - Date.parse(startedAt!)) / 1000;

describe('When in the middle of a wait', () => {
	it(
		'a webhook process is killed and comes back, it loses at most what that process had acknowledged',
		async () => {
			world.n8n.leadTo('webhook 1');
			const run = await stand.run(
				['main'],
				stand.asking(40, { timeout: 120 }),
				LIMIT_MS,
				async () => {
					await stand.untilDelivered(8);
					await world.n8n.kill('webhook 1');
					await world.n8n.restart('webhook 1');
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
		'one of two webhook processes is killed for good, the answers come by the other one',
		async () => {
			const run = await stand.run(
				['main'],
				stand.asking(40, { timeout: 120 }),
				LIMIT_MS,
				async () => {
					await stand.untilDelivered(8);
					await world.n8n.kill('webhook 2');
				},
			);
			await world.n8n.restart('webhook 2');
			say(`one of two webhook processes killed: ${run.counts.Full} of 40, ${run.seconds} s`);
			expect(run.execution.status).toBe('success');
			expect(run.counts.Full).toBeGreaterThanOrEqual(
				40 - CALLBACKS_PER_SECOND * MAX_ACKNOWLEDGED_SECONDS,
			);
		},
		LIMIT_MS,
	);

	it(
		'its worker is killed, the execution fails by itself, and later answers start the workflow of the trigger',
		async () => {
			// No answer is acknowledged while the worker still counts as present.
			await stand.settings({ answerDelayMs: 25_000 });
			const before = await startedBy();
			const id = await stand.begin(stand.asking(5, { timeout: 60 }));
			await stand.untilAsked(5);
			const worker = await workerOf(id);
			await world.n8n.kill(worker);
			const execution = await world.api.waitForExecution(id, LIMIT_MS);
			say(
				`worker killed: "${execution.status}" after ${secondsOf(execution)} s, ${execution.error?.message}`,
			);
			expect(['crashed', 'error']).toContain(execution.status);
			await until(async () => (await startedBy()).length >= before.length + 5, LIMIT_MS);
			expect((await startedBy()).slice().sort()).toEqual([...before, ...numbers(5)].sort());
			await world.n8n.restart(worker);
		},
		LIMIT_MS,
	);

	it(
		'Redis is replaced, it goes on to its end',
		async () => {
			await stand.settings({ answerDelayMs: 6_000 });
			const run = await stand.run(
				['webhook 1'],
				stand.asking(10, { timeout: 60 }),
				LIMIT_MS,
				async () => {
					await stand.untilAsked(10);
					await world.n8n.replaceRedis(1_000);
				},
			);
			say(`Redis replaced: "${run.execution.status}", ${run.counts.Full} of 10, ${run.seconds} s`);
			expect(run.execution.status).toBe('success');
			expect(run.counts.Full).toBe(10);
		},
		LIMIT_MS,
	);
});
