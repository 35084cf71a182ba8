import { expectedOutput } from '../../sandbox/demo/bestChannel.mts';
import { readExample } from '../../sandbox/demo/setup.mts';
import type { Workflow } from '../../sandbox/n8n/types.mts';
import type { LogLists } from '../../sandbox/simulator/wire.ts';
import { asking, asTool, itemsByOutput, listening } from './support/waiting.mts';
import { existingN8n, START_LIMIT_MS, Harness } from './support/harness.mts';

const LIMIT_MS = 300_000;

let harness: Awaited<ReturnType<typeof Harness.anywhere>>;
let listener: Workflow;

beforeAll(async () => {
	harness = await Harness.anywhere();
	listener = await harness.add(listening());
	await harness.api.activate(listener.id);
}, START_LIMIT_MS);

afterAll(async () => await harness?.stop(), LIMIT_MS);

/** Runs a workflow manually and returns its execution with its duration in milliseconds. */
async function run(workflow: Workflow, start = 'Start') {
	const id = await harness.api.run(workflow.id, start);
	const execution = await harness.api.waitForExecution(id!, LIMIT_MS);
	const ms = Date.parse(execution.stoppedAt!) - Date.parse(execution.startedAt!);
	return { execution, ms };
}

it(
	'Check reachability and wait sends each contact of the example down the branch of its best outcome, in one execution',
	async () => {
		const example = await harness.add(await readExample('best-channel'));
		const { execution } = await run(example, 'Start manually');
		expect(execution.status).toBe('success');
		const items = itemsByOutput(execution, 'Find the best channel');
		const expected = harness.demo.contacts.map((contact) => [
			contact.name,
			expectedOutput(contact),
		]);
		const actual = Object.entries(items).flatMap(([output, list]) =>
			list.map(({ name, outcome }) => {
				expect(outcome).toBe(output);
				return [name, output];
			}),
		);
		expect(actual.sort()).toEqual(expected.sort());
		expect(await harness.countExecutions(example)).toBe(1);
	},
	LIMIT_MS,
);

it.each([
	[1, 25],
	[300, 25],
])(
	'Check reachability and wait gives all of %i items on their branch, in one execution, with answers at %i/s',
	async (count, callbacksPerSecond) => {
		await harness.control('PATCH', '/settings', { callbacksPerSecond });
		const before = await harness.countExecutions(listener);
		const numbers = Array.from({ length: count }, (_, index) => `4670${1_000_000 + index}`);
		// On a busy computer, an answer can be later than the default time-out.
		const options = { answersPerSecond: callbacksPerSecond };
		const workflow = await harness.add(asking(numbers, { timeout: 250, options }));
		const { execution, ms } = await run(workflow);
		expect(execution.status).toBe('success');
		const items = itemsByOutput(execution);
		expect(items.Full.map(({ phone }) => phone)).toEqual(numbers);
		expect(Object.values(items).flat()).toHaveLength(count);
		expect(await harness.countExecutions(listener)).toBe(before);
		process.stderr.write(`Check reachability and wait, ${count} items: ${ms} ms, 1 execution\n`);
	},
	LIMIT_MS,
);

it(
	'Check reachability and wait works in a production execution that a webhook starts',
	async () => {
		const workflow = await harness.add(
			asking(
				['46701740605'],
				{},
				{
					name: 'Called',
					type: 'n8n-nodes-base.webhook',
					typeVersion: 2,
					webhookId: 'd3b0a1c4-0001-4000-8000-000000000001',
					parameters: { path: 'ask-now', httpMethod: 'GET', options: {} },
				},
			),
		);
		await harness.api.activate(workflow.id);
		const answer = await fetch(`${harness.n8n.url}/webhook/ask-now`);
		expect(answer.status).toBe(200);
		const [summary] = await harness.api.waitForExecutions(workflow.id, 1, LIMIT_MS);
		const execution = await harness.api.waitForExecution(summary.id);
		expect([execution.mode, execution.status]).toEqual(['webhook', 'success']);
		expect(itemsByOutput(execution).Full).toHaveLength(1);
		await harness.api.deactivate(workflow.id);
	},
	LIMIT_MS,
);

it(
	'Check reachability and wait answers an AI agent in a few words',
	async () => {
		const { execution } = await run(await harness.add(asTool({ phone: '+46 70 174 06 06' })));
		expect(execution.error).toBeUndefined();
		const answer = JSON.stringify(execution.runs.Agent[0].data?.main[0]?.[0].json);
		expect(answer).toContain('best_channel');
		expect(answer).toMatch(/Full.*SMS/);
		expect(answer.length).toBeLessThan(400);
		process.stderr.write(`The tool's answer: ${answer}\n`);
	},
	LIMIT_MS,
);

it(
	'Check reachability and wait says at once what to activate when nothing listens',
	async () => {
		await harness.api.deactivate(listener.id);
		await harness.control('DELETE', '/log');
		const { execution, ms } = await run(
			await harness.add(asking(['46701740605'], { timeout: 600 })),
		);
		expect(execution.status).toBe('error');
		expect(execution.error).toMatchObject({
			message: expect.stringContaining('No published workflow receives the answers'),
		});
		expect((await harness.control<LogLists>('GET', '/log')).queries).toEqual([]);
		// Long before the time-out.
		expect(ms).toBeLessThan(120_000);
		await harness.api.activate(listener.id);
	},
	LIMIT_MS,
);

if (!existingN8n()) {
	it(
		'a wait that a crash of n8n interrupted is a failed execution, and the next one works',
		async () => {
			await harness.control('PATCH', '/settings', { answerDelayMs: 60_000 });
			await harness.control('DELETE', '/log');
			const workflow = await harness.add(asking(['46701740605']));
			const id = await harness.api.run(workflow.id, 'Start');
			await harness.untilAsked();
			await harness.n8n.restart('kill');
			await harness.control('PATCH', '/settings', { answerDelayMs: 250 });
			const interrupted = await harness.api.waitForExecution(id!, LIMIT_MS);
			process.stderr.write(`Crashed while waiting: the execution is "${interrupted.status}"\n`);
			expect(interrupted.status).toBe('crashed');
			const { execution } = await run(workflow);
			expect(itemsByOutput(execution).Full).toHaveLength(1);
		},
		LIMIT_MS,
	);

	it(
		'a wait is finished by n8n before an orderly restart, with what has come until then',
		async () => {
			await harness.control('PATCH', '/settings', { answerDelayMs: 3_000 });
			await harness.control('DELETE', '/log');
			const workflow = await harness.add(asking(['46701740605'], { timeout: 5 }));
			const id = await harness.api.run(workflow.id, 'Start');
			await harness.untilAsked();
			await harness.n8n.restart();
			await harness.control('PATCH', '/settings', { answerDelayMs: 250 });
			const { status, ...execution } = await harness.api.waitForExecution(id!, LIMIT_MS);
			const items = itemsByOutput({ status, ...execution });
			process.stderr.write(
				`Restarted while waiting: "${status}", ${Object.keys(items).filter((output) => items[output].length > 0)}\n`,
			);
			expect(status).toBe('success');
			expect(Object.values(items).flat()).toHaveLength(1);
		},
		LIMIT_MS,
	);
}
