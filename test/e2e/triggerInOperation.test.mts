import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../sandbox/n8n/ports.mts';
import type { Execution, Workflow } from '../../sandbox/n8n/types.mts';
import type { SinchWebhook } from '../../sandbox/harness/simulatedSinch.mts';
import type { LogLists } from '../../sandbox/simulator/wire.ts';
import { capabilityCallback, post, signatureHeaders } from './support/callbacks.mts';
import { START_LIMIT_MS } from './support/harness.mts';
import { ReceiverHarness, TRIGGER_NAME } from './support/receiverHarness.mts';
import { writeStaticData } from './support/staticData.mts';
import { asking, itemsByOutput } from './support/waiting.mts';

const LIMIT_MS = 300_000;

let harness: ReceiverHarness;

beforeAll(async () => {
	const port = await freePort();
	// Not as n8n shows an execution its own address: it writes host names in lower case.
	const address = `http://LOCALHOST:${port}/`;
	harness = await ReceiverHarness.start(
		{
			WEBHOOK_URL: address,
			N8N_WEBHOOK_URL: address,
			N8N_ENDPOINT_WEBHOOK: 'Hooks/v1',
			N8N_ENDPOINT_WEBHOOK_WAIT: 'wait/v1',
			// Makes n8n report a failed activation immediately, instead of retrying for 20 seconds.
			N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false',
		},
		port,
	);
}, START_LIMIT_MS);

afterEach(async () => {
	for (const { id } of harness.api.createdWorkflows.splice(0)) await harness.api.deactivate(id);
	for (const { id } of await harness.webhooks()) await harness.sinch('DELETE', `/webhooks/${id}`);
});

afterAll(async () => await harness?.stop(), LIMIT_MS);

async function publish(parameters?: Record<string, unknown>): Promise<Workflow> {
	const workflow = await harness.addReceiver(parameters);
	await harness.api.activate(workflow.id);
	return workflow;
}

const publishingError = async ({ id }: Workflow): Promise<string> =>
	await harness.api.activate(id).then(
		() => 'none',
		(error: Error) => error.message,
	);

/** Runs Check reachability and wait for one number by hand. */
async function ask(): Promise<Execution> {
	const workflow = await harness.add(asking(['46701000001']));
	const id = await harness.api.run(workflow.id, 'Start');
	return await harness.api.waitForExecution(id!, LIMIT_MS);
}

const answersOf = (execution: Execution) => Object.values(itemsByOutput(execution)).flat();

const targets = async () => (await harness.webhooks()).map(({ target }) => target);

let answers = 0;

/** A genuine answer that is not like any other, for the only webhook; `age` in seconds. */
async function answer(age = 0) {
	const [{ target, secret }] = await harness.webhooks(1);
	const body = capabilityCallback(harness.appId, `4670${(answers += 1)}`);
	return { target, body, headers: signatureHeaders(body, secret, age) };
}

const log = async () => await readFile(harness.n8n.logFile, 'utf8');

it(
	'Check reachability and wait finds the trigger of an n8n whose address is spelled in another way',
	async () => {
		await publish();
		expect(await targets()).toEqual([
			expect.stringMatching(/^http:\/\/localhost:\d+\/Hooks\/v1\/.*\/capability$/),
		]);
		expect(answersOf(await ask())).toMatchObject([{ channels: [{ channel: 'SMS' }] }]);
	},
	LIMIT_MS,
);

const change = async (id: string, field: string, body: object) =>
	await harness.sinch('PATCH', `/webhooks/${id}?update_mask=${field}`, body);

it.each<[string, (webhook: SinchWebhook) => Promise<unknown>]>([
	['deleted', async ({ id }) => await harness.sinch('DELETE', `/webhooks/${id}`)],
	[
		'switched off',
		async ({ id, target }) => await change(id, 'target_type', { target, target_type: 'DISMISS' }),
	],
	[
		'led elsewhere',
		async ({ id }) => await change(id, 'target', { target: 'https://crm.example.com/' }),
	],
])(
	'when the webhook of a trigger was %s at Sinch, the error says what helps, and it helps',
	async (_, spoil) => {
		const { id } = await publish();
		await spoil((await harness.webhooks(1))[0]);
		const { error } = await ask();
		expect(error?.message).toMatch(/^No published workflow receives the answers of app/);
		expect(error?.description).toContain(
			'if it is published already, unpublish (deactivate) the workflow and publish (activate) it again.',
		);
		await harness.api.deactivate(id);
		await harness.api.activate(id);
		expect(answersOf(await ask())).toHaveLength(1);
	},
	LIMIT_MS,
);

it(
	'a test that n8n was killed in does not count as a listener, and its webhook goes when the workflow is published',
	async () => {
		const receiver = await harness.addReceiver();
		expect(await harness.api.run(receiver.id, TRIGGER_NAME)).toBeUndefined();
		const [test] = await harness.webhooks(1);
		expect(test.target).toContain('/webhook-test/');
		await harness.n8n.restart('kill');
		await harness.control('DELETE', '/log');
		expect((await ask()).error?.message).toMatch(/is not published \(active\)$/);
		expect((await harness.control<LogLists>('GET', '/log')).queries).toEqual([]);
		await harness.api.activate(receiver.id);
		expect(await targets()).toEqual([expect.not.stringContaining('/webhook-test/')]);
	},
	LIMIT_MS,
);

it(
	'a webhook made by hand whose workflow is not published is named before any query is sent',
	async () => {
		const { url } = harness.n8n;
		await harness.sinch('POST', '/webhooks', {
			app_id: harness.appId,
			target: `${url.replace('127.0.0.1', 'localhost')}/Hooks/v1/sinch-events`,
			target_type: 'HTTP',
			triggers: ['CAPABILITY'],
		});
		expect((await ask()).error?.message).toMatch(/is not published \(active\)$/);
	},
	LIMIT_MS,
);

it(
	'a workflow that came from another n8n leaves the webhook of the original alone',
	async () => {
		const copy = await harness.addReceiver();
		const { webhookId } = copy.nodes.find(({ name }) => name === TRIGGER_NAME)!;
		const original = await harness.sinch<{ id: string; target: string }>('POST', '/webhooks', {
			app_id: harness.appId,
			target: `https://original.example.com/webhook/${webhookId}/capability`,
			target_type: 'HTTP',
			triggers: ['CAPABILITY'],
			secret: 'of-the-original',
		});
		const { projectId } = harness.demo.project;
		await writeStaticData(harness.n8n.userFolder, copy.id, {
			webhookId: original.id,
			instanceId: 'another n8n',
			secret: 'of-the-original',
			target: original.target,
			appId: harness.appId,
			projectId,
			apiUrl: harness.simulatorUrl,
		});
		await harness.api.activate(copy.id);
		const [kept, own] = await harness.webhooks(2);
		expect([kept.id, kept.secret]).toEqual([original.id, 'of-the-original']);
		expect(own.secret).not.toBe('of-the-original');
		await harness.api.deactivate(copy.id);
		expect((await harness.webhooks(1)).map(({ id }) => id)).toEqual([original.id]);
	},
	LIMIT_MS,
);

it(
	"a copied trigger shows n8n's conflict, which the table of the documentation names",
	async () => {
		const { nodes, connections, settings } = await publish();
		const copy = await harness.api.createWorkflow({ name: 'Copy', nodes, connections, settings });
		const shown = (node: string) =>
			process.env.N8N_VERSION?.startsWith('1.')
				? `The URL path that the "${node}" node uses is already taken`
				: 'There is a conflict with one of the webhooks';
		expect(await publishingError(copy)).toContain(shown(TRIGGER_NAME));
		const documented = new URL('../../docs/troubleshooting.md', import.meta.url);
		expect(await readFile(documented, 'utf8')).toContain(`*${shown('…')}*`);
	},
	LIMIT_MS,
);

it(
	'when five workflows of this n8n take all places, the error says so and names them',
	async () => {
		for (let count = 0; count < 5; count++) await publish();
		const own = await harness.webhooks(5);
		const error = await publishingError(await harness.addReceiver());
		expect(error).toContain('Triggers of this n8n (5): ');
		for (const { id, target } of own) expect(error).toContain(`${target} (ID ${id})`);
		expect(error).toContain('Unpublish (deactivate) a workflow whose Sinch Capability Trigger');
		expect(error).not.toMatch(/Others|Tests of/);
	},
	LIMIT_MS,
);

it.each<[string, Record<string, unknown>, RegExp]>([
	['Channels', { channels: '={{ "RCS, Pigeon" }}' }, /cannot be used: RCS, Pigeon/],
	['App', { appId: { __rl: true, mode: 'id', value: '={{ $("No").item.json.x }}' } }, /cannot be/],
])(
	'an option that cannot be used is named when the workflow is published: %s',
	async (label, options, problem) => {
		const error = await publishingError(await harness.addReceiver({ options }));
		expect(error).toContain(`'${label}'`);
		expect(error).toMatch(problem);
	},
	LIMIT_MS,
);

it(
	'options and fields from expressions that give nothing let every answer pass',
	async () => {
		const receiver = await publish({
			outputMode: 'single',
			simplify: '={{ null }}',
			options: { channels: '={{ null }}', statuses: '={{ undefined }}' },
		});
		const { target, body, headers } = await answer();
		expect(await post(target, body, headers)).toBe(200);
		const [{ id }] = await harness.api.waitForExecutions(receiver.id, 1);
		const [[item]] = (await harness.api.getExecution(id)).runs[TRIGGER_NAME][0].data!.main as [
			[{ json: object }],
		];
		expect(item.json).toMatchObject({ outcome: 'Full', channel: 'RCS' });
	},
	LIMIT_MS,
);

/** Writes answers on one connection without waiting for responses. @returns the statuses */
async function pipeline(count: number): Promise<string[]> {
	const requests: string[] = [];
	let address = new URL('http://unknown');
	for (let n = 0; n < count; n++) {
		const { target, body, headers } = await answer();
		address = new URL(target);
		const lines = Object.entries({
			host: address.host,
			'content-type': 'application/json',
			'content-length': Buffer.byteLength(body),
			...headers,
		}).map(([name, value]) => `${name}: ${value}`);
		requests.push(`POST ${address.pathname} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
	}
	const socket = connect(Number(address.port), '127.0.0.1');
	await once(socket, 'connect');
	let received = '';
	socket.on('data', (chunk) => (received += String(chunk)));
	socket.write(requests.join(''));
	const statuses = () => received.match(/HTTP\/1\.1 \d{3}/g) ?? [];
	for (const end = Date.now() + LIMIT_MS / 3; statuses().length < count; await sleep(50)) {
		if (Date.now() > end) break;
	}
	socket.destroy();
	return statuses();
}

it(
	'answers that arrive at once on one connection stop neither one another nor those of other connections',
	async () => {
		const receiver = await publish();
		const other = async () => {
			const { target, body, headers } = await answer();
			return await post(target, body, headers);
		};
		for (let round = 0; round < 4; round++) {
			const [statuses, status] = await Promise.all([pipeline(4), other()]);
			expect([...statuses, status]).toEqual([...Array(4).fill('HTTP/1.1 200'), 200]);
		}
		await harness.api.waitForExecutions(receiver.id, 1);
	},
	LIMIT_MS,
);

it(
	"answers signed in the future are refused, and the log names n8n's clock",
	async () => {
		await publish();
		const { target, body, headers } = await answer(-600);
		expect(await post(target, body, headers)).toBe(401);
		expect(await log()).toContain("more than 5 minutes in the future: n8n's clock may be wrong");
	},
	LIMIT_MS,
);
