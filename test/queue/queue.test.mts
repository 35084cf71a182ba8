import Table from 'cli-table3';
import { OUTCOMES, readAnswers, triggerName } from '../../sandbox/demo/answers.mts';
import { readExample } from '../../sandbox/demo/setup.mts';
import type { Workflow } from '../../sandbox/n8n/types.mts';
import { startCluster, type Cluster } from '../../sandbox/queue/cluster.mts';
import { capabilityCallback, post, signatureHeaders } from '../e2e/support/callbacks.mts';
import { ASK, asking } from '../e2e/support/waiting.mts';
import { START_LIMIT_MS, Harness } from '../e2e/support/harness.mts';
import { publisher } from './waitHarness.mts';

const LIMIT_MS = 300_000;
const WORKERS = ['worker 1', 'worker 2'];
const BULK = 200;

/** The node of each outcome in the example, hard-coded. */
const BRANCHES: Record<string, string> = {
	Full: 'Write on this channel',
	Partial: 'Send a simpler message',
	None: 'Choose another channel',
	Unknown: 'Try again later',
	Failed: 'Tell the team',
};

let harness: Harness<Cluster>;
let route: Workflow;
/** Publishes or unpublishes it. */
let publish: (shouldBe: boolean) => Promise<void>;
const table = new Table({
	head: ['what', 'in which process', 'ms'],
	style: { head: [], border: [] },
});

beforeAll(async () => {
	harness = await Harness.with(startCluster);
	for (const [name, ms] of Object.entries(harness.n8n.startedInMs)) {
		table.push([`start ${name}`, '', ms]);
	}
	route = await harness.add(await readExample('route-by-capability'));
	publish = publisher(harness, route);
}, START_LIMIT_MS);

afterAll(async () => {
	process.stderr.write(`n8n ${harness?.n8n.version} in queue mode\n${table.toString()}\n`);
	await harness?.stop();
}, LIMIT_MS);

/** The single worker that ran an execution. */
async function workerOf(executionId: string): Promise<string> {
	const ranBy = await harness.n8n.ranBy(executionId);
	expect(ranBy).toHaveLength(1);
	expect(WORKERS).toContain(ranBy[0]);
	return ranBy[0];
}

/** Runs a workflow manually. Returns its duration and the process that ran it. */
async function run(what: string, workflow: Workflow) {
	const id = await harness.api.run(workflow.id, 'Start');
	const execution = await harness.api.waitForExecution(id!, LIMIT_MS);
	const ms = Date.parse(execution.stoppedAt!) - Date.parse(execution.startedAt!);
	table.push([what, await workerOf(id!), ms]);
	return { execution, ms };
}

it(
	'in queue mode, an activation registers one webhook, which every process that receives answers to',
	async () => {
		const begin = Date.now();
		await publish(true);
		table.push(['activate', 'main', Date.now() - begin]);
		const [{ target }] = await harness.webhooks(1);
		const { pathname, origin } = new URL(target);
		expect(origin).toBe(harness.n8n.url);
		expect(pathname).toMatch(/^\/webhook\//);
		for (const name of ['webhook 1', 'main'] as const) {
			expect(await post(harness.n8n.addressOf(name) + pathname, '{}')).toBe(401);
		}
	},
	LIMIT_MS,
);

it.each(OUTCOMES)(
	'in queue mode, a signed notification runs in a worker, on the branch %s',
	async (outcome) => {
		await publish(true);
		const rows = harness.demo.contacts.flatMap(({ channels }) => channels);
		const { channel, identity } = rows.find((row) => row.outcome === outcome)!;
		const before = await harness.countExecutions(route);
		const begin = Date.now();
		await harness.ask(channel, identity);
		const [{ id }] = await harness.api.waitForExecutions(route.id, before + 1);
		const ms = Date.now() - begin;
		const [answer] = readAnswers(route, await harness.api.getExecution(id));
		expect(answer).toMatchObject({
			status: 'success',
			identity,
			outputs: [outcome],
			nodes: [BRANCHES[outcome]],
		});
		table.push([`answer ${outcome}`, `webhook, ${await workerOf(id)}`, ms]);
	},
	LIMIT_MS,
);

it(
	'in queue mode, an unsigned or wrongly signed request gets 401 and starts nothing; a repeat starts nothing more',
	async () => {
		await publish(true);
		const before = await harness.countExecutions(route);
		const [{ target, secret }] = await harness.webhooks(1);
		const body = capabilityCallback(harness.appId, '46701740650');
		expect(await post(target, body)).toBe(401);
		expect(await post(target, body, signatureHeaders(body, `${secret}x`))).toBe(401);
		expect(await post(target, `${body} `, signatureHeaders(body, secret))).toBe(401);
		const begin = Date.now();
		const signed = signatureHeaders(body, secret);
		expect(await post(target, body, signed)).toBe(200);
		table.push(['signed post, answered', 'webhook', Date.now() - begin]);
		expect(await post(target, body, signed)).toBe(200);
		await harness.api.waitForExecutions(route.id, before + 1);
		// Surplus executions start now.
		await new Promise((resolve) => setTimeout(resolve, 1500));
		expect(await harness.countExecutions(route)).toBe(before + 1);
	},
	LIMIT_MS,
);

it(
	'in queue mode, a deactivation removes the webhook',
	async () => {
		await publish(true);
		const begin = Date.now();
		await publish(false);
		table.push(['deactivate', 'main', Date.now() - begin]);
		expect(await harness.webhooks(0)).toEqual([]);
	},
	LIMIT_MS,
);

it(
	`in queue mode, a query of ${BULK} items runs in a worker: all accepted, in their order`,
	async () => {
		const numbers = Array.from({ length: BULK }, (_, index) => `4670${1_000_000 + index}`);
		const workflow = await harness.add(asking(numbers, { operation: 'query' }));
		const { execution } = await run(`query of ${BULK} items`, workflow);
		expect(execution.status).toBe('success');
		const [items] = execution.runs[ASK][0].data!.main;
		const asked = items!.map(({ json }) => JSON.stringify(json.recipient));
		expect(asked).toHaveLength(BULK);
		numbers.forEach((number, index) => expect(asked[index]).toContain(`"${number}"`));
		expect(new Set(items!.map(({ json }) => json.request_id)).size).toBe(BULK);
	},
	LIMIT_MS,
);

it(
	'in queue mode, the test URL of the trigger works, which only the main process knows',
	async () => {
		await publish(false);
		expect(await harness.api.run(route.id, triggerName(route))).toBeUndefined();
		const [{ target }] = await harness.webhooks(1);
		expect(target).toContain(`${harness.n8n.url}/webhook-test/`);
		const before = await harness.countExecutions(route);
		const begin = Date.now();
		await harness.ask('RCS', '46701740605');
		const [{ id, mode }] = await harness.api.waitForExecutions(route.id, before + 1);
		expect(mode).toBe('manual');
		table.push(['answer to a test', `main, ${await workerOf(id)}`, Date.now() - begin]);
		expect(await harness.webhooks(0)).toEqual([]);
	},
	LIMIT_MS,
);
