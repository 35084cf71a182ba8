import { readAnswers } from '../../sandbox/demo/answers.mts';
import Table from 'cli-table3';
import type { Workflow } from '../../sandbox/n8n/types.mts';
import {
	ALL_PROCESSES,
	startCluster,
	type Cluster,
	type ProcessName,
} from '../../sandbox/queue/cluster.mts';
import { listening } from '../e2e/support/waiting.mts';
import { Harness, START_LIMIT_MS } from '../e2e/support/harness.mts';
import { WaitStand, type WaitRun } from './waiting.mts';

const LIMIT_MS = 300_000;

/** The most that the simulator posts a second: what a small computer with all these processes takes. */
const CALLBACKS_PER_SECOND = 8;

/** Seconds: long enough for a busy computer. */
const timeout = 120;

const TOPOLOGIES: Array<{ name: string; receivers: ProcessName[] }> = [
	{ name: 'main and 2 workers', receivers: ['main'] },
	{ name: '+ 1 webhook process', receivers: ['webhook 1'] },
	{ name: '+ 3 webhook processes', receivers: ['webhook 1', 'webhook 2', 'webhook 3'] },
];

let world: Harness<Cluster>;
let listener: Workflow;
let stand: WaitStand;
const table = new Table({
	head: [
		'topology',
		'items',
		'right',
		's',
		'after the last answer, ms',
		'requests',
		'started',
		'sent again',
		'CPU, ms',
	],
	style: { head: [], border: [] },
});

beforeAll(async () => {
	world = await Harness.with(
		async (options) => await startCluster({ ...options, processes: ALL_PROCESSES }),
	);
	listener = await world.add(listening());
	stand = new WaitStand(world, listener);
	await stand.settings({ callbacksPerSecond: CALLBACKS_PER_SECOND, logSize: 2_000 });
}, START_LIMIT_MS);

afterAll(async () => {
	process.stderr.write(`n8n ${world?.n8n.version} in queue mode\n${table.toString()}\n`);
	await world?.stop();
}, LIMIT_MS);

/** Each number leaves on Full, and no answer has started an execution. */
async function expectAll(count: number, name: string, run: WaitRun, startedBefore: number) {
	const started = (await stand.started()) - startedBefore;
	table.push([
		name,
		count,
		run.counts.Full ?? 0,
		run.seconds.toFixed(1),
		run.overheadMs,
		run.collecting,
		started,
		run.repeated,
		run.cpuMs,
	]);
	expect(run.execution.status).toBe('success');
	expect(run.counts).toMatchObject({ Full: count, 'No Answer': 0 });
	expect(started).toBe(0);
}

/** n8n leaves empty outputs at the end out. */
const withAllOutputs = (run: WaitRun): WaitRun => ({
	...run,
	counts: { 'No Answer': 0, ...run.counts },
});

describe('Query and Wait in a worker, before the workflow of the trigger is active', () => {
	it(
		'says so, and asks nothing',
		async () => {
			// As after a backup was restored: Sinch has the webhook, n8n has not.
			const webhook = await world.sinch<{ id: string }>('POST', '/webhooks', {
				app_id: world.appId,
				target: `${world.n8n.url}/webhook/5a4db0c5-0005-4000-8000-000000000000/capability`,
				target_type: 'HTTP',
				triggers: ['CAPABILITY'],
			});
			const id = await stand.begin(stand.asking(2));
			const { error } = await world.api.waitForExecution(id, LIMIT_MS);
			expect(error).toMatchObject({
				message: 'The workflow with the Sinch Capability Trigger is not active',
				description: expect.stringContaining('Nothing was asked.'),
			});
			expect(await stand.deliveries()).toEqual([]);
			await world.sinch('DELETE', `/webhooks/${webhook.id}`);
			await world.api.activate(listener.id);
		},
		LIMIT_MS,
	);
});

describe.each(TOPOLOGIES)('Query and Wait in a worker, $name', ({ name, receivers }) => {
	beforeAll(() => world.n8n.leadTo(...receivers));

	it.each([1, 1, 1, 20, 200])(
		'%i items: each on its output, by requests to collect its answer, and no execution of the trigger',
		async (count) => {
			await stand.untilQuiet(LIMIT_MS);
			const before = await stand.started();
			const answersPerSecond = await stand.sustainableRate(CALLBACKS_PER_SECOND);
			await stand.settings({ callbacksPerSecond: answersPerSecond });
			const options = { answersPerSecond };
			const run = await stand.run(receivers, stand.asking(count, { options, timeout }), LIMIT_MS);
			await expectAll(count, name, withAllOutputs(run), before);
		},
		LIMIT_MS,
	);
});

describe('Query and Wait in queue mode', () => {
	beforeAll(() => world.n8n.leadTo('webhook 1', 'webhook 2', 'webhook 3'));

	it(
		'leaves late answers to the workflow of the trigger, whichever process they come to',
		async () => {
			const answersSoFar = async () => {
				const executions = await world.api.listExecutions(listener.id);
				const ended = executions.filter(({ stoppedAt }) => stoppedAt !== null);
				const whole = await Promise.all(
					ended.map(async ({ id }) => await world.api.getExecution(id)),
				);
				// One execution can hold several answers.
				return whole.flatMap((execution) => readAnswers(listener, execution)).length;
			};
			const before = await answersSoFar();
			await stand.untilQuiet(LIMIT_MS);
			await stand.settings({ answerDelayMs: 4_000 });
			const run = await stand.run(['webhook 1'], stand.asking(3, { timeout: 1 }), LIMIT_MS);
			await stand.settings({ answerDelayMs: 500 });
			expect(run.counts['No Answer']).toBe(3);
			const end = Date.now() + 60_000;
			while ((await answersSoFar()) < before + 3 && Date.now() < end) {
				await new Promise((resolve) => setTimeout(resolve, 500));
			}
			expect(await answersSoFar()).toBe(before + 3);
		},
		LIMIT_MS,
	);

	it(
		'goes on though a webhook process is killed and comes back, but for what that process had acknowledged',
		async () => {
			world.n8n.leadTo('webhook 1');
			await stand.untilQuiet(LIMIT_MS);
			await stand.settings({ callbacksPerSecond: CALLBACKS_PER_SECOND });
			const run = await stand.run(
				['main'],
				stand.asking(40, { timeout: 60 }),
				LIMIT_MS,
				async () => {
					await new Promise((resolve) => setTimeout(resolve, 2_000));
					await world.n8n.kill('webhook 1');
					await world.n8n.restart('webhook 1');
				},
			);
			table.push([
				'webhook process killed',
				40,
				run.counts.Full,
				run.seconds,
				run.overheadMs,
				run.collecting,
				'',
				run.repeated,
				'',
			]);
			// An answer that was acknowledged in its last second is lost with the process.
			expect(run.counts.Full).toBeGreaterThanOrEqual(40 - CALLBACKS_PER_SECOND);
		},
		LIMIT_MS,
	);

	it(
		'by hand in the main process finds its answers in a webhook process',
		async () => {
			await world.n8n.restart('main', { OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'false' });
			await stand.untilQuiet(LIMIT_MS);
			const before = await stand.started();
			for (const count of [1, 20]) {
				const run = await stand.run(['webhook 1'], stand.asking(count, { timeout }), LIMIT_MS);
				expect(await world.n8n.ranBy(run.execution.id)).toEqual([]);
				await expectAll(count, 'by hand on main', withAllOutputs(run), before);
			}
			await world.n8n.restart('main');
		},
		LIMIT_MS,
	);

	it(
		'ends on time when its worker loses Redis',
		async () => {
			const run = await stand.run(['webhook 1'], stand.asking(10), LIMIT_MS, async () => {
				await world.n8n.replaceRedis(1_000);
			});
			table.push([
				'Redis replaced',
				10,
				run.counts.Full,
				run.seconds,
				'',
				run.collecting,
				'',
				'',
				'',
			]);
			expect(run.seconds).toBeLessThan(60);
		},
		LIMIT_MS,
	);
});
