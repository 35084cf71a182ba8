import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
	complete,
	credentialData,
	CREDENTIAL_TYPE,
	readExample,
} from '../../sandbox/demo/setup.mts';
import type { N8nInstance } from '../../sandbox/n8n/instance.mts';
import type { Execution, Workflow, WorkflowFile } from '../../sandbox/n8n/types.mts';
import { capabilityCallback, post, signatureHeaders } from './support/callbacks.mts';
import { DataTable } from './support/dataTable.mts';
import { items, withFields, withParameters } from './support/examples.mts';
import { Harness, START_LIMIT_MS } from './support/harness.mts';

const LIMIT_MS = 300_000;
const SECRET = 'registered-by-hand-0123456789';
const READ = 'Read the answer';
const USE_TABLE = ['Drop repeats', 'Drop other repeats', 'Remember it', 'Forget the oldest'];
const OUTPUTS = ['Full', 'Partial', 'None', 'Unknown', 'Failed', 'Ignored', 'Refused'];

let harness: Awaited<ReturnType<typeof Harness.anywhere>>;
let table: DataTable;
let example: WorkflowFile;

beforeAll(async () => {
	harness = await Harness.anywhere();
	table = await DataTable.create(harness.api.http, `Answers ${randomBytes(4).toString('hex')}`, [
		{ name: 'notification_id', type: 'string' },
	]);
	const dataTableId = { __rl: true, mode: 'list', value: table.id };
	example = USE_TABLE.reduce(
		(file, node) => withParameters(file, node, { dataTableId }),
		await readExample('parse-notifications'),
	);
}, START_LIMIT_MS);

afterEach(async () => {
	for (const { id } of await harness.webhooks()) await harness.sinch('DELETE', `/webhooks/${id}`);
});

afterAll(async () => await harness?.stop(), LIMIT_MS);

/** Publishes a workflow during its use, and waits until n8n serves its address. */
async function whilePublished(file: WorkflowFile, use: (workflow: Workflow) => Promise<void>) {
	const workflow = await harness.api.createWorkflow(file);
	await harness.api.activate(workflow.id);
	try {
		await use(workflow);
	} finally {
		await harness.api.deactivate(workflow.id);
	}
}

/** The outputs that the requests left on, from all executions. */
async function outputsOf({ id }: Workflow, count: number): Promise<string[]> {
	const list = await harness.api.waitForExecutions(id, count, LIMIT_MS / 2);
	const executions = await Promise.all(
		list.map(async (one) => await harness.api.getExecution(one.id)),
	);
	return executions.flatMap((execution) =>
		OUTPUTS.flatMap((name, index) => items(execution, READ, index).map(() => name)),
	);
}

const addressOf = () => `${harness.n8n.url}/webhook/sinch-callbacks`;

/** The status of one request; one that n8n does not serve yet is sent again. */
async function send(body: string, headers: Record<string, string>): Promise<number> {
	const deadline = Date.now() + 20_000;
	for (;;) {
		const status = await post(addressOf(), body, headers);
		if (status !== 404 || Date.now() > deadline) return status;
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
}

it(
	'the example answers 200 to what Sinch sends, 401 to everyone else, and branches on the answers',
	async () => {
		const credential = await harness.api.createCredential('With secret', CREDENTIAL_TYPE, {
			...credentialData(harness.demo, harness.simulatorUrl),
			webhookSecret: SECRET,
		});
		await whilePublished(complete(example, credential), async (workflow) => {
			const forged = capabilityCallback(harness.appId, '46700000000');
			expect(await send(forged, signatureHeaders(forged, 'another secret'))).toBe(401);
			expect(await send(forged, {})).toBe(401);
			const other = JSON.stringify({ app_id: harness.appId, message: { id: 'a' } });
			expect(await send(other, signatureHeaders(other, SECRET))).toBe(200);

			await harness.sinch('POST', '/webhooks', {
				app_id: harness.appId,
				target: addressOf(),
				target_type: 'HTTP',
				triggers: ['CAPABILITY', 'MESSAGE_INBOUND'],
				secret: SECRET,
			});
			const recipient = { contact_id: harness.demo.contacts[0].contactId };
			await harness.sinch('POST', '/capability:query', { app_id: harness.appId, recipient });
			const answers = harness.demo.contacts[0].channels.length;
			const outputs = await outputsOf(workflow, 3 + answers);
			expect(outputs.filter((name) => name === 'Refused')).toHaveLength(2);
			expect(outputs.filter((name) => name === 'Ignored')).toHaveLength(1);
			expect(outputs.filter((name) => OUTPUTS.indexOf(name) < 5)).toHaveLength(answers);
			expect(outputs).toContain('Full');
			// An execution can end before the simulator has read the response.
			const { deliveries } = await harness.untilPosted(answers);
			const statuses = deliveries.flatMap(({ attempts }) =>
				attempts.map(({ httpStatus }) => httpStatus),
			);
			expect(statuses).toEqual(Array(answers).fill(200));
		});
	},
	LIMIT_MS,
);

/** The items that a node has got, from all executions. */
async function through({ id }: Workflow, node: string) {
	const list = await harness.api.listExecutions(id);
	const executions = await Promise.all(
		list.map(async (one) => await harness.api.getExecution(one.id)),
	);
	expect(executions.map(({ error }) => error?.message)).toEqual(list.map(() => undefined));
	return executions.flatMap((execution) => items(execution, node));
}

it(
	'the example lets an answer through once, however often Sinch delivers it and however many came before, and remembers 10,000',
	async () => {
		const credential = await harness.api.createCredential('With secret too', CREDENTIAL_TYPE, {
			...credentialData(harness.demo, harness.simulatorUrl),
			webhookSecret: SECRET,
		});
		for (let thousand = 0; thousand < 11; thousand++) {
			const rows = Array.from({ length: 1000 }, () => ({ notification_id: randomUUID() }));
			await table.insert(rows);
		}
		await whilePublished(complete(example, credential), async (workflow) => {
			const identities = ['46701740606', '46701740607'];
			let deliveries = 0;
			for (const identity of [...identities, ...identities, ...identities]) {
				const body = capabilityCallback(harness.appId, identity);
				expect(await send(body, signatureHeaders(body, SECRET))).toBe(200);
				// Sinch repeats an answer seconds later, when n8n has stored that it has had it.
				await harness.api.waitForExecutions(workflow.id, ++deliveries);
			}
			const once = await through(workflow, 'Write on this channel');
			expect(once.map(({ identity }) => identity).sort()).toEqual(identities);
			expect(await table.count()).toBe(10_000);
		});
	},
	LIMIT_MS,
);

it(
	'the example lets every answer through when it can no longer remember them',
	async () => {
		const credential = await harness.api.createCredential(
			'With secret, no table',
			CREDENTIAL_TYPE,
			{
				...credentialData(harness.demo, harness.simulatorUrl),
				webhookSecret: SECRET,
			},
		);
		const dataTableId = { __rl: true, mode: 'list', value: 'AAAAAAAAAAAAAAAA' };
		const file = withParameters(example, 'Remember it', { dataTableId });
		await whilePublished(complete(file, credential), async (workflow) => {
			const body = capabilityCallback(harness.appId, '46701740608');
			for (let delivery = 1; delivery <= 2; delivery++) {
				expect(await send(body, signatureHeaders(body, SECRET))).toBe(200);
				await harness.api.waitForExecutions(workflow.id, delivery);
			}
			const each = await through(workflow, 'Write on this channel');
			expect(each.map(({ identity }) => identity)).toEqual(['46701740608', '46701740608']);
		});
	},
	LIMIT_MS,
);

it(
	'the webhook is created, used and removed in n8n, and no execution or log holds its secret',
	async () => {
		const secret = randomBytes(32).toString('base64url');
		const credential = await harness.api.createCredential('For all three', CREDENTIAL_TYPE, {
			...credentialData(harness.demo, harness.simulatorUrl),
			webhookSecret: secret,
		});
		const register = complete(await readExample('register-webhook'), credential);
		const run = async (file: WorkflowFile) => {
			const { id } = await harness.api.createWorkflow(file);
			const executionId = await harness.api.run(id, 'Start manually');
			return await harness.api.waitForExecution(executionId!, LIMIT_MS / 2);
		};
		const executions: Execution[] = [];
		await whilePublished(complete(example, credential), async (workflow) => {
			const registration = await run(register);
			expect(items(registration, 'Register the webhook')).toEqual([
				{
					id: expect.any(String) as string,
					app_id: harness.appId,
					target: addressOf(),
					target_type: 'HTTP',
					triggers: ['CAPABILITY'],
					signed: true,
				},
			]);
			expect(await harness.webhooks()).toMatchObject([{ target: addressOf(), secret }]);
			const again = await run(register);
			expect(again.error?.message).toContain('already has a webhook in this app');

			const recipient = { contact_id: harness.demo.contacts[0].contactId };
			await harness.sinch('POST', '/capability:query', { app_id: harness.appId, recipient });
			const answers = harness.demo.contacts[0].channels.length;
			const outputs = await outputsOf(workflow, answers);
			expect(outputs).toHaveLength(answers);
			expect(outputs.filter((name) => ['Ignored', 'Refused'].includes(name))).toEqual([]);

			const removal = await run(
				withFields(register, 'Settings', { target_url: addressOf(), remove: true }),
			);
			expect(items(removal, 'Remove the webhook')).toEqual([{ deleted: true }]);
			expect(await harness.webhooks()).toEqual([]);
			const received = await harness.api.listExecutions(workflow.id);
			executions.push(registration, again, removal);
			for (const { id } of received) executions.push(await harness.api.getExecution(id));
		});
		expect(executions).toHaveLength(3 + harness.demo.contacts[0].channels.length);
		expect(JSON.stringify(executions)).not.toContain(secret);
		// An n8n that ran before the tests keeps its log elsewhere.
		const { logFile } = harness.n8n as Partial<N8nInstance>;
		if (logFile) expect(await readFile(logFile, 'utf8')).not.toContain(secret);
	},
	LIMIT_MS,
);

it(
	'Parse Notification needs no credential when the secret is a field',
	async () => {
		const file = withParameters(example, READ, { secretFrom: 'field', webhookSecret: SECRET });
		const nodes = file.nodes.map((node) =>
			node.name === 'Sinch callbacks' ? { ...node, webhookId: crypto.randomUUID() } : node,
		);
		await whilePublished({ ...file, nodes }, async (workflow) => {
			const body = capabilityCallback(harness.appId, '46701740605');
			expect(await send(body, signatureHeaders(body, SECRET))).toBe(200);
			expect(await outputsOf(workflow, 1)).toEqual(['Full']);
		});
	},
	LIMIT_MS,
);
