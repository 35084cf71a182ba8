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
import { ASK, listening } from '../e2e/support/waiting.mts';
import { Harness, START_LIMIT_MS } from '../e2e/support/harness.mts';
import {
	holdRequests,
	memoryMb,
	publisher,
	share,
	until,
	WaitHarness,
	type WaitRun,
} from './waitHarness.mts';

const LIMIT_MS = 300_000;

/** The simulator's callback rate: as much as a small computer with all these processes can handle. */
const CALLBACKS_PER_SECOND = 8;

/** Seconds: long enough for a busy computer. */
const timeout = 120;

/** The number of runs with a single item; the table in the documentation has 20. */
const REPEATS = Number(process.env.QUEUE_REPEATS ?? 3);

const TOPOLOGIES: Array<{ name: string; receivers: ProcessName[] }> = [
	{ name: 'main and 2 workers', receivers: ['main'] },
	{ name: '+ 1 webhook process', receivers: ['webhook 1'] },
	{ name: '+ 3 webhook processes', receivers: ['webhook 1', 'webhook 2', 'webhook 3'] },
];

/** The number of notifications that are sent twice. */
const REPEATED = 30;

/** The number of requests held at a time when measuring their memory. */
const HELD = 100;

const isN8n1 = process.env.N8N_VERSION?.startsWith('1.') ?? false;

/** On n8n 1 only the most different cases, because the code is the same. */
const CASES = isN8n1
	? { topologies: [TOPOLOGIES[0], TOPOLOGIES[2]], counts: [1, 20] }
	: { topologies: TOPOLOGIES, counts: [1, 20, 200] };

/** Milliseconds until Sinch answers: the processes of n8n have found each other by then. */
const ANSWER_DELAY_MS = 1_500;

let harness: Harness<Cluster>;
let listener: Workflow;
let waits: WaitHarness;
/** Publishes or unpublishes the listener. */
let publish: (shouldBe: boolean) => Promise<void>;
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
	harness = await Harness.with(
		async (options) => await startCluster({ ...options, processes: ALL_PROCESSES }),
	);
	listener = await harness.add(listening());
	publish = publisher(harness, listener);
	waits = new WaitHarness(harness, listener);
	await waits.settings({ callbacksPerSecond: CALLBACKS_PER_SECOND, logSize: 2_000 });
}, START_LIMIT_MS);

afterAll(async () => {
	process.stderr.write(`n8n ${harness?.n8n.version} in queue mode\n${table.toString()}\n`);
	await harness?.stop();
}, LIMIT_MS);

/** In a different order, so that a repeat reaches any of the processes. */
const shuffled = <T,>(list: T[]): T[] =>
	list
		.map((value) => ({ value, at: Math.random() }))
		.sort((one, other) => one.at - other.at)
		.map(({ value }) => value);

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

const shares = (values: number[]) => `${share(values, 0.5)} / ${share(values, 0.95)}`;

/** Each number leaves on Full, and no answer starts an execution. */
async function expectAll(count: number, name: string, runs: WaitRun[], startedBefore: number) {
	// Surplus answers arrive now.
	await waits.untilQuiet(LIMIT_MS);
	const started = (await waits.started()) - startedBefore;
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
		expect([execution.status, execution.error?.message]).toEqual(['success', undefined]);
		// n8n omits empty outputs at the end.
		expect({ 'No Answer': 0, ...counts }).toMatchObject({ Full: count, 'No Answer': 0 });
	}
	expect(started).toBe(0);
}

describe('before the workflow of the trigger is active', () => {
	beforeAll(async () => await publish(false), LIMIT_MS);

	it(
		'a wait in a worker asks nothing, and says so, before the workflow of the trigger is active',
		async () => {
			// As after restoring a backup: Sinch has the webhook, n8n does not.
			const webhook = await harness.sinch<{ id: string }>('POST', '/webhooks', {
				app_id: harness.appId,
				target: `${harness.n8n.url}/webhook/5a4db0c5-0005-4000-8000-000000000000/capability`,
				target_type: 'HTTP',
				triggers: ['CAPABILITY'],
			});
			const id = await waits.begin(waits.asking(2));
			const { error } = await harness.api.waitForExecution(id, LIMIT_MS);
			await harness.sinch('DELETE', `/webhooks/${webhook.id}`);
			expect(error).toMatchObject({
				message: expect.stringContaining('is not published (active)'),
				description: expect.stringContaining('No query was sent.'),
			});
			expect(await waits.deliveries()).toEqual([]);
		},
		LIMIT_MS,
	);
});

describe.each(CASES.topologies)('with $name', ({ name, receivers }) => {
	beforeAll(async () => {
		harness.n8n.leadTo(...receivers);
		await publish(true);
	}, LIMIT_MS);

	it.each(CASES.counts)(
		`a wait in a worker (${name}) gets each of %i items on its output, by requests to collect its answer, and starts no execution of the trigger`,
		async (count) => {
			await waits.untilQuiet(LIMIT_MS);
			const before = await waits.started();
			const answersPerSecond = await waits.sustainableRate(CALLBACKS_PER_SECOND);
			await waits.settings({
				callbacksPerSecond: answersPerSecond,
				answerDelayMs: ANSWER_DELAY_MS,
			});
			const parameters = { options: { answersPerSecond }, timeout };
			const runs: WaitRun[] = [];
			for (let repeat = 0; repeat < (count === 1 ? REPEATS : 1); repeat++) {
				runs.push(await waits.run(receivers, waits.asking(count, parameters), LIMIT_MS));
			}
			await expectAll(count, name, runs, before);
		},
		LIMIT_MS,
	);
});

describe('in queue mode', () => {
	beforeEach(async () => {
		harness.n8n.leadTo('webhook 1', 'webhook 2', 'webhook 3');
		await publish(true);
		await waits.untilQuiet(LIMIT_MS);
	}, LIMIT_MS);

	it(
		'a wait in queue mode leaves late answers to the workflow of the trigger, whichever process they come to',
		async () => {
			const answersSoFar = async () => {
				const executions = await harness.api.listExecutions(listener.id);
				const ended = executions.filter(({ stoppedAt }) => stoppedAt !== null);
				const whole = await Promise.all(
					ended.map(async ({ id }) => await harness.api.getExecution(id)),
				);
				// One execution can hold several answers.
				return whole.flatMap((execution) => readAnswers(listener, execution)).length;
			};
			const before = await answersSoFar();
			await waits.settings({ answerDelayMs: 8_000 });
			const run = await waits.run(['webhook 1'], waits.asking(3, { timeout: 1 }), LIMIT_MS);
			await waits.settings({ answerDelayMs: 500 });
			expect(run.counts['No Answer']).toBe(3);
			await until(async () => (await answersSoFar()) >= before + 3);
			expect(await answersSoFar()).toBe(before + 3);
		},
		LIMIT_MS,
	);

	it(
		'a repeat that another process gets than the first is let through, with the same notification_id',
		async () => {
			const [{ target, secret }] = await harness.webhooks(1);
			const sent = Array.from({ length: REPEATED }, (_, index) => {
				const body = capabilityCallback(harness.appId, `46702${1_000_000 + index}`);
				return { body, headers: signatureHeaders(body, secret) };
			});
			const before = new Set((await harness.api.listExecutions(listener.id)).map(({ id }) => id));
			for (const { body, headers } of [...sent, ...shuffled(sent)]) {
				expect(await post(target, body, headers)).toBe(200);
			}
			const ids = async () => {
				const executions = await harness.api.waitForExecutions(listener.id, 1, LIMIT_MS);
				const whole = await Promise.all(
					executions
						.filter(({ id }) => !before.has(id))
						.map(async ({ id }) => await harness.api.getExecution(id)),
				);
				const items = whole.flatMap(({ runs }) => runs['Sinch answers'][0].data!.main.flat());
				return items.map((item) => String(item?.json.notification_id));
			};
			await until(async () => new Set(await ids()).size === REPEATED);
			// Surplus executions start now.
			await new Promise((resolve) => setTimeout(resolve, 3_000));
			const all = await ids();
			process.stderr.write(
				`n8n ${harness.n8n.version}: ${all.length - REPEATED} of ${REPEATED} repeats got through, 3 webhook processes\n`,
			);
			expect(new Set(all).size).toBe(REPEATED);
			expect(all.length).toBeLessThanOrEqual(2 * REPEATED);
		},
		LIMIT_MS,
	);

	it(
		'a webhook process holds a hundred requests at the cost of little memory',
		async () => {
			harness.n8n.leadTo('webhook 1');
			const [{ target }] = await harness.webhooks(1);
			// Excludes what n8n loads at the first request.
			await holdRequests(target, 1, 0);
			const before = await memoryMb(harness.n8n.pidOf('webhook 1'));
			const held = holdRequests(target, HELD, 10_000);
			await new Promise((resolve) => setTimeout(resolve, 8_000));
			const each = ((await memoryMb(harness.n8n.pidOf('webhook 1'))) - before) / HELD;
			expect((await held).filter((status) => status !== 200)).toEqual([]);
			process.stderr.write(`n8n ${harness.n8n.version}: ${each.toFixed(2)} MB per held request\n`);
			// It is ten or more if n8n's handler has not returned.
			expect(each).toBeLessThan(5);
		},
		LIMIT_MS,
	);
});

describe('in the main process', () => {
	beforeAll(async () => {
		harness.n8n.leadTo('webhook 1');
		await harness.n8n.restart('main', { OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'false' });
	}, LIMIT_MS);

	it(
		'a manual wait in the main process finds its answers in a webhook process',
		async () => {
			await publish(true);
			await waits.untilQuiet(LIMIT_MS);
			const before = await waits.started();
			for (const count of [1, 20]) {
				const run = await waits.run(['webhook 1'], waits.asking(count, { timeout }), LIMIT_MS);
				expect(await harness.n8n.ranBy(run.execution.id)).toEqual([]);
				await expectAll(count, 'by hand on main', [run], before);
			}
		},
		LIMIT_MS,
	);

	it(
		'a manual wait in the main process asks no Webhook node for answers, whatever its path, and does not claim that Sinch has sent none',
		async () => {
			await publish(false);
			const path = 'orders/capability';
			const receiver = await harness.add({
				name: 'Webhook node',
				nodes: [
					{
						id: 'webhook',
						name: 'Webhook',
						type: 'n8n-nodes-base.webhook',
						typeVersion: 2,
						position: [0, 0],
						webhookId: '5a4db0c5-0006-4000-8000-000000000000',
						parameters: { httpMethod: 'POST', path },
					},
				],
				connections: {},
				settings: { executionOrder: 'v1' },
			});
			await harness.api.activate(receiver.id);
			await harness.sinch('POST', '/webhooks', {
				app_id: harness.appId,
				target: `${harness.n8n.url}/webhook/${path}`,
				target_type: 'HTTP',
				triggers: ['CAPABILITY'],
			});
			await waits.untilQuiet(LIMIT_MS);
			const run = await waits.run(['webhook 1'], waits.asking(1, { timeout: 8 }), LIMIT_MS);
			expect([run.counts['No Answer'], run.collecting]).toEqual([1, 0]);
			const [{ hints = [] }] = run.execution.runs[ASK] as Array<{ hints?: object[] }>;
			expect(JSON.stringify(hints)).toContain('This process of n8n has received nothing.');
			// The answer and nothing else.
			expect(await harness.api.waitForExecutions(receiver.id, 1, LIMIT_MS)).toHaveLength(1);
		},
		LIMIT_MS,
	);
});
