import { readFile } from 'node:fs/promises';
import type { Workflow } from '../../sandbox/n8n/types.mts';
import { ReceiverHarness } from './support/receiverHarness.mts';
import { START_LIMIT_MS } from './support/harness.mts';

const LIMIT_MS = 60_000;

interface Row {
	fault: string;
	shown: string;
	left: string[];
}

const table: Row[] = [];

let harness: ReceiverHarness;

beforeAll(async () => {
	// Makes n8n report a failed activation immediately, instead of retrying for 20 seconds.
	harness = await ReceiverHarness.start({ N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false' });
}, START_LIMIT_MS);

afterEach(async () => {
	await harness.control('DELETE', '/faults');
	for (const { id } of await harness.webhooks()) await harness.sinch('DELETE', `/webhooks/${id}`);
});

afterAll(async () => {
	for (const { fault, shown, left } of table) {
		process.stderr.write(`| ${fault} | ${shown} | ${left.join(', ') || 'nothing'} |\n`);
	}
	await harness?.stop();
}, LIMIT_MS);

const fault = async (method: string, rule: Record<string, unknown>) =>
	await harness.control('POST', '/faults', { target: 'webhooks', method, times: 20, ...rule });

/** n8n's message on activation, and what is registered at Sinch afterwards. */
async function activate(name: string, workflow?: Workflow): Promise<Row> {
	const { id } = workflow ?? (await harness.addReceiver());
	const shown = await harness.api.activate(id).then(
		() => 'active',
		(error: Error) => error.message.replace(/^n8n refused .*? with \d+: /, ''),
	);
	await harness.control('DELETE', '/faults');
	const left = (await harness.webhooks()).map(({ target }) =>
		target.replace(/^http:.*\/webhook\/.*/, 'its own webhook'),
	);
	const row = { fault: name, shown, left };
	table.push(row);
	return row;
}

const ANSWERS: Array<[string, Record<string, unknown>, RegExp]> = [
	['401', { kind: 'status', status: 401 }, /did not accept the access key\. Check Access Key ID/],
	['403', { kind: 'status', status: 403 }, /no permission for this project\. Check that/],
	['404', { kind: 'status', status: 404 }, /could not find the app.*Check the App ID/],
	[
		'429',
		{ kind: 'status', status: 429 },
		/Too many requests for this Sinch project\. .*Try again later/,
	],
	['503', { kind: 'status', status: 503 }, /Sinch is not available at the moment\. Try again/],
	[
		'a broken connection',
		{ kind: 'reset' },
		/could not be reached at http.*: the connection was lost\. Check Region/,
	],
];

describe.each([
	['GET', 'list'],
	['POST', 'create'],
])('what n8n shows when %s (%s) fails', (method, what) => {
	it.each(ANSWERS)(
		'with %s',
		async (answer, rule, expected) => {
			await fault(method, rule);
			const { shown, left } = await activate(`${what} answers ${answer}`);
			expect(shown).toMatch(expected);
			expect(left).toEqual([]);
		},
		LIMIT_MS,
	);
});

it(
	'shows the five targets when no webhook is free',
	async () => {
		const targets = [1, 2, 3, 4, 5].map((n) => `https://crm.example.com/${n}`);
		for (const target of targets) {
			await harness.sinch('POST', '/webhooks', { app_id: harness.appId, target });
		}
		const { shown, left } = await activate('five slots taken');
		expect(shown).toContain('has 5 webhooks, the maximum. 5 of them lead elsewhere: ');
		for (const target of targets) expect(shown).toContain(`${target} (ID `);
		expect(left).toEqual(targets);
	},
	LIMIT_MS,
);

it(
	'repairs its own webhook without an error',
	async () => {
		const workflow = await harness.addReceiver();
		await harness.api.activate(workflow.id);
		await harness.api.deactivate(workflow.id);
		await fault('POST', { kind: 'reset', processed: true, times: 1 });
		const { shown, left } = await activate('create is carried out, its answer lost', workflow);
		expect([shown, left]).toEqual(['active', ['its own webhook']]);
	},
	LIMIT_MS,
);

it.each<[string, Record<string, unknown>, number]>([
	['once', { times: 1 }, 0],
	['for long', { times: 20 }, 1],
])(
	'deactivates when the deletion answers 503 %s',
	async (name, rule, remaining) => {
		const workflow = await harness.addReceiver();
		await harness.api.activate(workflow.id);
		await fault('DELETE', { kind: 'status', status: 503, ...rule });
		const before = (await readFile(harness.n8n.logFile, 'utf8')).length;
		await harness.api.deactivate(workflow.id);
		await harness.control('DELETE', '/faults');
		const log = (await readFile(harness.n8n.logFile, 'utf8')).slice(before);
		const said = /Could not remove webhooks.*The webhook may still be at Sinch[^\n"]*/.exec(log);
		const left = (await harness.webhooks(remaining)).map(() => 'its own webhook');
		const shown = remaining ? `deactivated; in the log: ${said?.[0]}` : 'deactivated';
		table.push({ fault: `delete answers 503 ${name}`, shown, left });
		expect(left).toHaveLength(remaining);
		expect(said === null).toBe(remaining === 0);
		if (remaining) {
			await harness.api.activate(workflow.id);
			await harness.api.deactivate(workflow.id);
			expect(await harness.webhooks(0)).toEqual([]);
		}
	},
	LIMIT_MS,
);
