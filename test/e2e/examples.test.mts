import { setTimeout as sleep } from 'node:timers/promises';
import { EXAMPLES, readExample, type ExampleName } from '../../sandbox/demo/setup.mts';
import { findN8n, N8N_VERSION } from '../../sandbox/n8n/install.mts';
import { ownNodes } from '../../sandbox/n8n/nodeTypes.mts';
import type { NodeTypeDescription, Workflow, WorkflowFile } from '../../sandbox/n8n/types.mts';
import { DataTable } from './support/dataTable.mts';
import {
	askingItsTool,
	issuesOf,
	items,
	startChat,
	whileActive,
	whileListening,
	withFields,
	withParameters,
} from './support/examples.mts';
import { itemsByOutput } from './support/waiting.mts';
import { START_LIMIT_MS, Harness } from './support/harness.mts';

const LIMIT_MS = 300_000;
const START = 'Start manually';
const FIND = 'Find the best channel';

let harness: Harness;
let types: NodeTypeDescription[];

beforeAll(async () => {
	harness = await Harness.start();
	types = await harness.api.nodeTypes();
}, START_LIMIT_MS);

afterAll(async () => await harness?.stop(), LIMIT_MS);

async function run({ id }: Workflow, start = START) {
	const execution = await harness.api.waitForExecution(
		(await harness.api.run(id, start))!,
		LIMIT_MS,
	);
	expect(execution.error?.message).toBeUndefined();
	return execution;
}

it.each(EXAMPLES)(
	'the example %s has only nodes that this n8n knows, and nothing that n8n would mark as wrong',
	async (name) => {
		const example = await readExample(name);
		const issues = example.nodes.flatMap((node) =>
			issuesOf(node, types).map((issue) => [node.name, issue]),
		);
		const toChoose: Partial<Record<ExampleName, string[]>> = {
			'check-once-a-month': ['Known already', 'Keep the result'],
			'parse-notifications': [
				'Drop repeats',
				'Drop other repeats',
				'Remember it',
				'Forget the oldest',
			],
		};
		const expected = (toChoose[name] ?? []).map((node) => [
			node,
			expect.stringContaining('Data table') as string,
		]);
		expect(issues).toEqual(expected);
	},
);

it.each(EXAMPLES)('the example %s is imported as it is', async (name) => {
	const example = await readExample(name);
	const workflow = await harness.add(example);
	const { nodes, connections } = await harness.api.getWorkflow(workflow.id);
	const plain = (list: WorkflowFile['nodes']) =>
		list.map(({ name: label, type, typeVersion, position, parameters }) => ({
			label,
			type,
			typeVersion,
			position,
			parameters,
		}));
	expect(plain(nodes)).toEqual(plain(example.nodes));
	expect(connections).toEqual(example.connections);
});

it.each([N8N_VERSION, '1.123.81'])(
	'n8n %s has all nodes of all examples, in the same versions (if it is installed)',
	async (version) => {
		const installation = await findN8n(version);
		if (!installation) {
			// Only the version of the other tests is always installed.
			expect(version).not.toBe(process.env.N8N_VERSION ?? N8N_VERSION);
			return;
		}
		const known = await ownNodes(installation);
		const examples = await Promise.all(EXAMPLES.map(readExample));
		const used = examples.flatMap(({ nodes }) =>
			nodes.filter(({ type }) => !type.startsWith('n8n-nodes-sinch-capability.')),
		);
		const missing = used.filter(({ type, typeVersion }) => !known.get(type)?.includes(typeVersion));
		expect(missing.map(({ type, typeVersion }) => [type, typeVersion])).toEqual([]);
		expect(used.length).toBeGreaterThan(50);
	},
);

it(
	'the example Check a list of numbers makes a spreadsheet of the good rows, and lists the others with what is wrong',
	async () => {
		await whileListening(harness, await readExample('check-a-list'), async (workflow) => {
			const execution = await run(workflow);
			const rows = ({ name, outcome, best_channel }: Record<string, unknown>) => [
				name,
				outcome,
				best_channel,
			];
			expect(items(execution, 'Keep these columns').map(rows)).toEqual([
				['Astrid Lindqvist', 'Full', 'RCS'],
				['Oliver Bennett', 'Partial', 'RCS'],
				['Erik Johansson', 'Full', 'SMS'],
				['Daniel Romero', 'Failed', ''],
			]);
			expect(items(execution, 'Rows to fix')).toEqual([
				{
					name: 'Nora Nilsson',
					phone: '',
					problem: expect.stringMatching(/'Phone Number' is empty/) as string,
				},
				{
					name: 'Paul Peters',
					phone: 'call me later',
					problem: expect.stringMatching(/letters/i) as string,
				},
			]);
			const file = execution.runs['Make a spreadsheet'][0].data!.main[0]![0] as {
				binary?: { data: { fileName: string; mimeType: string } };
			};
			expect(file.binary!.data).toMatchObject({
				fileName: 'reachable.csv',
				mimeType: 'text/csv',
			});
		});
	},
	LIMIT_MS,
);

it(
	'the example Check in batches asks about three contacts at a time, and gives all results once, those that failed included',
	async () => {
		const contacts = [
			{ name: 'Astrid Lindqvist', phone: '+46701740605' },
			{ name: 'Oliver Bennett', phone: '+447700900123' },
			{ name: 'Paul Peters', phone: 'call me' },
			{ name: 'Erik Johansson', phone: '+46701740606' },
			{ name: 'Priya Sharma', phone: '+447700900456' },
			{ name: 'Daniel Romero', phone: '+12025550147' },
			{ name: 'Nora Nilsson', phone: '+46701740605' },
		];
		const example = withFields(await readExample('check-in-batches'), 'Demo contacts', {
			contacts,
		});
		await whileListening(harness, example, async (workflow) => {
			const { runs } = await run(workflow);
			const sizes = runs[FIND].map(({ data }) => data!.main[0]!.length);
			expect(sizes).toEqual([3, 3, 1]);
			expect(runs['All results']).toHaveLength(1);
			const results = runs['All results'][0].data!.main[0]!.map(({ json }) => json);
			expect(results.map(({ name, outcome }) => [name, outcome])).toEqual([
				['Astrid Lindqvist', 'Full'],
				['Oliver Bennett', 'Partial'],
				['Paul Peters', 'Failed'],
				['Erik Johansson', 'Full'],
				['Priya Sharma', 'Full'],
				['Daniel Romero', 'Failed'],
				['Nora Nilsson', 'Full'],
			]);
			expect(results[2].error).toMatchObject({ message: expect.stringContaining('call me') });
		});
	},
	LIMIT_MS,
);

const phones = {
	'Astrid Lindqvist': '46701740605',
	'Priya Sharma': '447700900456',
	'Erik Johansson': '46701740606',
	'Daniel Romero': '12025550147',
};
const identities = (phone: string, ...channels: string[]) => ({
	identified_by: {
		channel_identities: channels.map((channel) => ({ channel, identity: phone })),
	},
});

it(
	'the example Send on the best channel sends each contact one message, of the right kind on the right channel',
	async () => {
		const whatsApp = { channel: 'WHATSAPP', identity: phones['Priya Sharma'] };
		await harness.control('POST', '/answers', {
			...whatsApp,
			capability_status: 'CAPABILITY_FULL',
		});
		await harness.control('DELETE', '/log');
		const contacts = Object.entries(phones).map(([name, phone]) => ({ name, phone }));
		const settings = {
			sinch_url: harness.simulatorUrl,
			project_id: harness.demo.project.projectId,
			app_id: harness.appId,
		};
		const example = withFields(
			withFields(await readExample('send-on-best-channel'), 'Settings', settings),
			'Demo contacts',
			{ contacts },
		);
		await whileListening(harness, example, async (workflow) => {
			const execution = await run(workflow);
			const names = (list: Array<Record<string, unknown>>) => list.map(({ name }) => name);
			const branches = [0, 1, 2].map((output) => names(items(execution, 'Which channel?', output)));
			expect(branches).toEqual([['Astrid Lindqvist'], ['Priya Sharma'], ['Erik Johansson']]);
			expect(names(items(execution, 'No channel to send on'))).toEqual(['Daniel Romero']);
			const { messages } = await harness.control<{ messages: Array<Record<string, unknown>> }>(
				'GET',
				'/log',
			);
			const sent = messages.map(({ channel, recipient, message, failure }) => ({
				channel,
				recipient,
				message,
				failure,
			}));
			expect(sent).toEqual([
				{
					channel: 'RCS',
					recipient: identities(phones['Astrid Lindqvist'], 'RCS'),
					message: {
						card_message: {
							title: 'Hello Astrid Lindqvist',
							description: expect.any(String) as string,
							choices: [{ url_message: { title: 'Open our site', url: 'https://example.com' } }],
						},
					},
				},
				{
					channel: 'WHATSAPP',
					recipient: identities(phones['Priya Sharma'], 'WHATSAPP'),
					message: { text_message: { text: 'Hello Priya Sharma, this is a WhatsApp message.' } },
				},
				{
					channel: 'SMS',
					recipient: identities(phones['Erik Johansson'], 'SMS'),
					message: { text_message: { text: 'Hello Erik Johansson, this is an SMS.' } },
				},
			]);
			const answers = ['Send an RCS card', 'Send a WhatsApp message', 'Send an SMS'].map(
				(node) => items(execution, node)[0].message_id,
			);
			expect(answers).toEqual(messages.map(({ messageId }) => messageId));
		});
	},
	LIMIT_MS,
);

it(
	'the example Check once a month asks about a contact again only when 30 days are over, nothing was found out, or it is forced',
	async () => {
		const table = await DataTable.create(harness.api.http, 'Sinch checks', [
			{ name: 'name', type: 'string' },
			{ name: 'phone', type: 'string' },
			{ name: 'outcome', type: 'string' },
			{ name: 'best_channel', type: 'string' },
			{ name: 'checked_at', type: 'date' },
		]);
		const dataTableId = { __rl: true, mode: 'list', value: table.id };
		const example = ['Known already', 'Keep the result'].reduce(
			(file, node) => withParameters(file, node, { dataTableId }),
			await readExample('check-once-a-month'),
		);
		await whileListening(harness, example, async (workflow) => {
			const asked = async () => {
				const execution = await run(workflow);
				const byOutput = itemsByOutput(execution, FIND);
				const again = items(execution, 'Check again next time').map(({ name }) => name);
				return [
					Object.values(byOutput)
						.flat()
						.map(({ name }) => name),
					again,
				];
			};
			const everybody = items(await run(workflow), 'One by one').map(({ name }) => name);
			const found = ['Astrid Lindqvist', 'Oliver Bennett', 'Erik Johansson'];
			expect(everybody).toEqual([...found, 'Daniel Romero']);
			const rows = await table.rows();
			expect(rows.map(({ name, outcome, best_channel }) => [name, outcome, best_channel])).toEqual([
				['Oliver Bennett', 'Partial', 'RCS'],
				['Astrid Lindqvist', 'Full', 'RCS'],
				['Erik Johansson', 'Full', 'SMS'],
			]);
			const age = Date.now() - Date.parse(String(rows[0].checked_at));
			expect(age).toBeGreaterThan(-1_000);
			expect(age).toBeLessThan(LIMIT_MS);

			expect(await asked()).toEqual([['Daniel Romero'], ['Daniel Romero']]);

			const days = (count: number) => new Date(Date.now() - count * 24 * 3600 * 1000).toISOString();
			await table.update('name', 'Oliver Bennett', { checked_at: days(31) });
			await table.update('name', 'Erik Johansson', { checked_at: days(29) });
			expect(await asked()).toEqual([['Oliver Bennett', 'Daniel Romero'], ['Daniel Romero']]);
			expect(await table.rows()).toHaveLength(3);
			expect(await asked()).toEqual([['Daniel Romero'], ['Daniel Romero']]);

			const { id, nodes } = workflow;
			const forced = withFields({ ...workflow, nodes }, 'Settings', {
				max_age_days: 30,
				force_refresh: true,
			});
			await harness.api.updateWorkflow(id, { nodes: forced.nodes });
			const [everybodyAgain] = await asked();
			expect([...(everybodyAgain as string[])].sort()).toEqual([...found, 'Daniel Romero'].sort());
			expect(await table.rows()).toHaveLength(3);
		});
	},
	LIMIT_MS,
);

it(
	'the example Alert when checks fail tells the chat once for each channel and reason, and nothing about other answers',
	async () => {
		const chat = await startChat();
		const example = await readExample('alert-when-checks-fail');
		await whileActive(
			harness,
			withParameters(example, 'Tell the team', { url: chat.url }),
			async (workflow) => {
				await harness.ask('SMS', '46701740605');
				await harness.ask('RCS', '12025550147');
				const [first] = await harness.api.waitForExecutions(workflow.id, 2);
				await harness.ask('RCS', '12025550147');
				await harness.ask('WHATSAPP', '12025550147');
				await harness.api.waitForExecutions(workflow.id, 4);
				expect(first.mode).toBe('webhook');
				await sleep(200);
				const texts = chat.messages.map((message) => (message as { text: string }).text);
				expect(texts.sort()).toEqual([
					expect.stringMatching(
						/^Checking RCS 12025550147 failed: RATE_LIMITED\..*\nToo many checks at once/s,
					),
					expect.stringMatching(
						/^Checking WHATSAPP 12025550147 failed: CHANNEL_FAILURE\..*\nThe channel had/s,
					),
				]);
			},
		);
		await chat.close();
	},
	LIMIT_MS,
);

it(
	'the example Alert when checks fail tells the chat once when answers with the same reason share an execution',
	async () => {
		const chat = await startChat();
		const file = withParameters(await readExample('alert-when-checks-fail'), 'Sinch answers', {
			// Less than the simulator waits for a response.
			options: { executions: 'groupedByTime', windowSeconds: 5 },
		});
		await whileActive(
			harness,
			withParameters(file, 'Tell the team', { url: chat.url }),
			async ({ id }) => {
				for (let query = 1; query <= 3; query++) await harness.ask('RCS', '12025550147');
				const first = (await harness.api.waitForExecutions(id, 1)).at(-1)!;
				const execution = await harness.api.getExecution(first.id);
				expect(items(execution, 'Sinch answers', 4).length).toBeGreaterThan(1);
				expect(chat.messages).toEqual([
					{ text: expect.stringMatching(/^Checking RCS 12025550147 failed: RATE_LIMITED/) },
				]);
			},
		);
		await chat.close();
	},
	LIMIT_MS,
);

it(
	'the example AI agent that checks channels has a tool that answers when n8n runs it in place of the agent',
	async () => {
		const example = await readExample('ai-agent');
		const query = { phone: '+46 70 174 06 05' };
		await whileListening(harness, askingItsTool(example, START, query), async (workflow) => {
			const [answer] = items(await run(workflow), 'AI agent');
			expect(JSON.stringify(answer)).toMatch(/Full.*RCS.*46701740605/);
		});
	},
	LIMIT_MS,
);
