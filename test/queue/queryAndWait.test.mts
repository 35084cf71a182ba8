import { readAnswers } from '../../sandbox/demo/answers.mts';
import Table from 'cli-table3';
import type { Workflow } from '../../sandbox/n8n/types.mts';
import {
	ALL_PROCESSES,
	startCluster,
	type Cluster,
	type ProcessName,
} from '../../sandbox/queue/cluster.mts';
import { capabilityCallback, post, signatureHeaders } from '../e2e/support/callbacks.mts';
import { listening } from '../e2e/support/waiting.mts';
import { Harness, START_LIMIT_MS } from '../e2e/support/harness.mts';
import { holdRequests, memoryMb, share, until, WaitStand, type WaitRun } from './waiting.mts';

const LIMIT_MS = 300_000;

/** The most that the simulator posts a second: what a small computer with all these processes takes. */
const CALLBACKS_PER_SECOND = 8;

/** Seconds: long enough for a busy computer. */
const timeout = 120;

/** How often a single item is asked about; the table of the documentation has 20. */
const REPEATS = Number(process.env.QUEUE_REPEATS ?? 3);

const TOPOLOGIES: Array<{ name: string; receivers: ProcessName[] }> = [
	{ name: 'main and 2 workers', receivers: ['main'] },
	{ name: '+ 1 webhook process', receivers: ['webhook 1'] },
	{ name: '+ 3 webhook processes', receivers: ['webhook 1', 'webhook 2', 'webhook 3'] },
];

/** How many notifications are sent twice. */
const REPEATED = 30;

/** How many requests are held at a time where their memory is measured. */
const HELD = 100;

const isN8n1 = process.env.N8N_VERSION?.startsWith('1.') ?? false;

/** On n8n 1 only what differs from each other most, because it is the same code. */
const CASES = isN8n1
	? { topologies: [TOPOLOGIES[0], TOPOLOGIES[2]], counts: [1, 20] }
	: { topologies: TOPOLOGIES, counts: [1, 20, 200] };

/** Milliseconds until Sinch answers: the processes of n8n have found each other by then. */
const ANSWER_DELAY_MS = 1_500;

let world: Harness<Cluster>;
let listener: Workflow;
let stand: WaitStand;
const table = new Table({
	head: [
		'topology',
		'items',
		'right',
		's',
		'answers taken, ms: median / p95',
		'end after the last answer, ms: median / p95',
		'requests',
		'started',
		'sent again',
		'CPU, s',
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

/** In another order, in which a repeat comes to any of the processes. */
const shuffled = <T,>(list: T[]): T[] =>
	list
		.map((value) => ({ value, at: Math.random() }))
		.sort((one, other) => one.at - other.at)
		.map(({ value }) => value);

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

const shares = (values: number[]) => `${share(values, 0.5)} / ${share(values, 0.95)}`;

/** Each number leaves on Full, and no answer has started an execution. */
async function expectAll(count: number, name: string, runs: WaitRun[], startedBefore: number) {
	// What comes too much comes now.
	await stand.untilQuiet(LIMIT_MS);
	const started = (await stand.started()) - startedBefore;
	table.push([
		name,
		runs.length > 1 ? `${runs.length} × ${count}` : count,
		sum(runs.map(({ counts }) => counts.Full ?? 0)),
		share(
			runs.map(({ seconds }) => seconds * 10),
			0.5,
		) / 10,
		shares(runs.flatMap(({ takenMs }) => takenMs)),
		shares(runs.map(({ overheadMs }) => overheadMs)),
		sum(runs.map(({ collecting }) => collecting)),
		started,
		sum(runs.map(({ repeated }) => repeated)),
		(sum(runs.map(({ cpuMs }) => cpuMs)) / 1000).toFixed(1),
	]);
	for (const { execution, counts } of runs) {
		expect(execution.status).toBe('success');
		// n8n leaves empty outputs at the end out.
		expect({ 'No Answer': 0, ...counts }).toMatchObject({ Full: count, 'No Answer': 0 });
	}
	expect(started).toBe(0);
}

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
				description: expect.stringContaining('No query was sent.'),
			});
			expect(await stand.deliveries()).toEqual([]);
			await world.sinch('DELETE', `/webhooks/${webhook.id}`);
			await world.api.activate(listener.id);
		},
		LIMIT_MS,
	);
});

describe.each(CASES.topologies)('Query and Wait in a worker, $name', ({ name, receivers }) => {
	beforeAll(() => world.n8n.leadTo(...receivers));

	it.each(CASES.counts)(
		'%i items: each on its output, by requests to collect its answer, and no execution of the trigger',
		async (count) => {
			await stand.untilQuiet(LIMIT_MS);
			const before = await stand.started();
			const answersPerSecond = await stand.sustainableRate(CALLBACKS_PER_SECOND);
			await stand.settings({
				callbacksPerSecond: answersPerSecond,
				answerDelayMs: ANSWER_DELAY_MS,
			});
			const parameters = { options: { answersPerSecond }, timeout };
			const runs: WaitRun[] = [];
			for (let repeat = 0; repeat < (count === 1 ? REPEATS : 1); repeat++) {
				runs.push(await stand.run(receivers, stand.asking(count, parameters), LIMIT_MS));
			}
			await expectAll(count, name, runs, before);
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
		'lets a repeat through that another process gets than the first, with the same notification_id',
		async () => {
			world.n8n.leadTo('webhook 1', 'webhook 2', 'webhook 3');
			await stand.untilQuiet(LIMIT_MS);
			const [{ target, secret }] = await world.webhooks(1);
			const sent = Array.from({ length: REPEATED }, (_, index) => {
				const body = capabilityCallback(world.appId, `46702${1_000_000 + index}`);
				return { body, headers: signatureHeaders(body, secret) };
			});
			const before = new Set((await world.api.listExecutions(listener.id)).map(({ id }) => id));
			for (const { body, headers } of [...sent, ...shuffled(sent)]) {
				expect(await post(target, body, headers)).toBe(200);
			}
			const ids = async () => {
				const executions = await world.api.waitForExecutions(listener.id, 1, LIMIT_MS);
				const whole = await Promise.all(
					executions
						.filter(({ id }) => !before.has(id))
						.map(async ({ id }) => await world.api.getExecution(id)),
				);
				const items = whole.flatMap(({ runs }) => runs['Sinch answers'][0].data!.main.flat());
				return items.map((item) => String(item?.json.notification_id));
			};
			await until(async () => new Set(await ids()).size === REPEATED);
			// Anything that comes too much comes now.
			await new Promise((resolve) => setTimeout(resolve, 3_000));
			const all = await ids();
			process.stderr.write(
				`n8n ${world.n8n.version}: ${all.length - REPEATED} of ${REPEATED} repeats got through, 3 webhook processes\n`,
			);
			expect(new Set(all).size).toBe(REPEATED);
			expect(all.length).toBeLessThanOrEqual(2 * REPEATED);
		},
		LIMIT_MS,
	);

	it(
		'holds a hundred requests in a webhook process at the cost of little memory',
		async () => {
			world.n8n.leadTo('webhook 1');
			await stand.untilQuiet(LIMIT_MS);
			const [{ target }] = await world.webhooks(1);
			// What n8n loads at the first request is not counted.
			await holdRequests(target, 1, 0);
			const before = await memoryMb(world.n8n.pidOf('webhook 1'));
			const held = holdRequests(target, HELD, 10_000);
			await new Promise((resolve) => setTimeout(resolve, 8_000));
			const each = ((await memoryMb(world.n8n.pidOf('webhook 1'))) - before) / HELD;
			expect((await held).filter((status) => status !== 200)).toEqual([]);
			process.stderr.write(`n8n ${world.n8n.version}: ${each.toFixed(2)} MB per held request\n`);
			// Ten or more where n8n's handler has not returned.
			expect(each).toBeLessThan(5);
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
				await expectAll(count, 'by hand on main', [run], before);
			}
			await world.n8n.restart('main');
		},
		LIMIT_MS,
	);
});
