import { randomUUID } from 'node:crypto';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { mailbox, PendingQuery } from '../../nodes/SinchCapability/waiting/mailbox';
import { receivesCallbacks } from '../../nodes/SinchCapability/waiting/queueMode/place';
import { SinchCapability } from '../../nodes/SinchCapability/SinchCapability.node';
import { SinchCapabilityTrigger } from '../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import type { GivenRequest, NodeSettings } from '../support/engine';
import { callWebhook, connect, nodeOf, runWorkflow } from '../support/engine';
import { startNodeType } from '../support/engine/nodeTypes';
import { APP_ID, storeWith } from '../support/package';
import { SECRET, signed } from '../support/signed';

/** The outputs, hard-coded so that the test does not rely on the node. */
const OUTPUTS = ['Full', 'Partial', 'None', 'Unknown', 'Failed', 'Ignored', 'Refused'];

const notificationOf = (fields: IDataObject = {}) => ({
	app_id: APP_ID,
	accepted_time: '2026-01-15T10:20:30.123456Z',
	event_time: '2026-01-15T10:20:31Z',
	project_id: '',
	capability_notification: {
		request_id: '01W4FFL35P4NC4K35CAPABILITY',
		contact_id: '',
		channel: 'RCS',
		identity: '46701234567',
		capability_status: 'CAPABILITY_FULL',
		...fields,
	},
	message_metadata: '',
});

/** The item that n8n's Webhook node creates from a request with the option Raw Body. */
const received = ({ rawBody, headers }: GivenRequest): INodeExecutionData => {
	const bytes = rawBody as Buffer;
	return {
		json: { headers: headers as IDataObject, params: {}, query: {}, body: {} },
		binary: { data: { data: bytes.toString('base64'), mimeType: 'application/json' } },
	};
};

async function parse(
	items: INodeExecutionData[],
	parameters: INodeParameters = {},
	settings: NodeSettings & { mode?: 'manual' } = {},
) {
	const { mode, ...nodeSettings } = settings;
	const type = new SinchCapability();
	const node = nodeOf(
		type,
		{
			resource: 'capability',
			operation: 'parseNotification',
			secretFrom: 'field',
			webhookSecret: SECRET,
			...parameters,
		},
		nodeSettings,
	);
	const start = nodeOf(startNodeType);
	const { nodes } = await runWorkflow({
		nodes: [start, node],
		connections: connect([start.name, 0, node.name]),
		nodeTypes: [type],
		credentials: nodeSettings.credentials,
		input: [items],
		mode,
	});
	const { outputs = [], error, runs = [] } = nodes[node.name] ?? {};
	const byName = (names: string[]) =>
		Object.fromEntries(
			names.map((name, index) => [name, (outputs[index] ?? []).map(({ json }) => json)]),
		);
	return { outputs, error, runs, byName };
}

// First, because a process remembers what it has received.
it('a genuine notification shows that answers come to this process, unless the workflow was run manually', async () => {
	const item = received(signed(notificationOf()));
	await parse([item], {}, { mode: 'manual' });
	expect(receivesCallbacks(performance.now())).toBe(false);
	await parse([item]);
	expect(receivesCallbacks(performance.now())).toBe(true);
	expect(receivesCallbacks(performance.now() + 2 * 60 * 60_000)).toBe(false);
});

it('a genuine notification leaves alone what else is kept for a query that is not known yet', async () => {
	const [one, other] = [randomUUID(), randomUUID()];
	const answer = (request_id: string) => notificationOf({ request_id });
	mailbox.deliver(answer(one), performance.now());
	await parse([received(signed(answer(other)))]);
	const answersOf = (requestId: string, now: number) => {
		const pending = new PendingQuery(requestId, [], 'all');
		mailbox.register(pending, now);
		return pending.answers.size;
	};
	expect(answersOf(one, performance.now())).toBe(1);
	expect(answersOf(other, performance.now() + 60_000)).toBe(0);
});

it.each([
	['Full', { capability_status: 'CAPABILITY_FULL' }],
	['Partial', { capability_status: 'CAPABILITY_PARTIAL', channel_capabilities: ['TEXT'] }],
	['None', { capability_status: 'NO_CAPABILITY' }],
	['Unknown', { capability_status: 'CAPABILITY_UNKNOWN' }],
	['Failed', { capability_status: 'NO_CAPABILITY', reason: { code: 'RATE_LIMITED' } }],
])(
	'a genuine notification leaves on %s, as the same item as that of the trigger',
	async (output, fields) => {
		const request = signed(notificationOf(fields));
		for (const simplify of [true, false]) {
			const { workflowData } = await callWebhook(new SinchCapabilityTrigger(), {
				parameters: { simplify },
				staticData: { webhookId: '01W4', secret: SECRET },
				webhookUrl: `https://n8n.example.com/webhook/${randomUUID()}/capability`,
				request,
			});
			const { outputs } = await parse([received(request)], { simplify });
			const index = OUTPUTS.indexOf(output);
			expect(outputs.map((items) => items.length)).toEqual(
				OUTPUTS.map((name) => (name === output ? 1 : 0)),
			);
			expect(workflowData?.[index]).toHaveLength(1);
			expect(outputs[index]).toEqual([{ ...workflowData?.[index]?.[0], pairedItem: { item: 0 } }]);
		}
	},
);

it('a genuine notification leaves on the first output when there is one for all outcomes', async () => {
	const items = ['CAPABILITY_FULL', 'NO_CAPABILITY'].map((capability_status) =>
		received(signed(notificationOf({ capability_status }))),
	);
	const wrong = received(signed(notificationOf(), { secret: 'another' }));
	const other = received(signed({ message: {} }));
	const { byName, outputs } = await parse([...items, wrong, other], { outputMode: 'single' });
	const { Notification, Ignored, Refused } = byName(['Notification', 'Ignored', 'Refused']);
	expect(Notification.map(({ outcome }) => outcome)).toEqual(['Full', 'None']);
	expect([Ignored.length, Refused.length, outputs.length]).toEqual([1, 1, 3]);
});

it('a genuine notification reaches Check reachability and wait, which may wait for it in the same process', async () => {
	const request_id = `01W4FFL35P4NC4K35${Date.now().toString().slice(-9)}`;
	const identity = { channel: 'RCS', identity: '46701234567' };
	const pending = new PendingQuery(request_id, [identity], 'all');
	mailbox.register(pending, Date.now());
	const { outputs } = await parse([received(signed(notificationOf({ request_id })))]);
	mailbox.close(pending, Date.now());
	expect(pending.isComplete).toBe(true);
	expect(outputs[0]).toHaveLength(1);
});

it('a notification needs no credential when the secret is a field, which may be an expression', async () => {
	const item = received(signed(notificationOf()));
	item.json.secret = SECRET;
	const { outputs, error } = await parse([item], { webhookSecret: '={{ $json.secret }}' });
	expect(error).toBeUndefined();
	expect(outputs[0]).toHaveLength(1);
});

it("notifications are verified with the credential's secret, read once for all items", async () => {
	const credentials = storeWith({ webhookSecret: SECRET });
	const items = Array.from({ length: 5 }, () => received(signed(notificationOf())));
	const { outputs, runs } = await parse(items, { secretFrom: 'credential' }, { credentials });
	expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual(
		[0, 1, 2, 3, 4].map((item) => ({ item })),
	);
	expect(credentials.decryptions).toBe(1);
	expect(JSON.stringify(runs)).not.toContain(SECRET);
});

it('a notification is verified by the bytes that were received, whatever n8n made of them', async () => {
	const spaced = JSON.stringify(notificationOf({ identity: 'Zoë 🙂' }), null, 3);
	const { byName } = await parse([received(signed(spaced))]);
	expect(byName(OUTPUTS).Full).toMatchObject([{ identity: 'Zoë 🙂' }]);
});

const hour = 3600;
const now = () => Math.floor(Date.now() / 1000);
const tampered = () => {
	const request = signed(notificationOf());
	return { ...request, rawBody: Buffer.from(`${(request.rawBody as Buffer).toString()} `) };
};

it.each<[string, () => GivenRequest, string]>([
	['another secret', () => signed(notificationOf(), { secret: 'x' }), 'does not match'],
	['another body', tampered, 'does not match'],
	[
		'no signature',
		() => signed(notificationOf(), { headers: { 'x-sinch-webhook-signature': undefined } }),
		'The signature headers are missing. Sinch signs only if its webhook has a secret',
	],
	[
		'another algorithm',
		() =>
			signed(notificationOf(), {
				headers: { 'x-sinch-webhook-signature-algorithm': 'none' },
			}),
		'algorithm',
	],
	[
		'an old signature',
		() => signed(notificationOf(), { timestamp: now() - 25 * hour }),
		'more than 24 hours old',
	],
	[
		'a signature of the future',
		() => signed(notificationOf(), { timestamp: now() + hour }),
		'in the future',
	],
])(
	'a request with %s leaves on Refused and says why, with nothing of its body',
	async (_, make, why) => {
		const { outputs, byName } = await parse([received(make())]);
		expect(byName(OUTPUTS).Refused).toEqual([
			{ outcome: 'Refused', refusal: expect.stringContaining(why) as string },
		]);
		expect(outputs.flat()).toHaveLength(1);
		expect(JSON.stringify(outputs)).not.toContain('46701234567');
	},
);

it('a genuine notification may be of any age when the option says so', async () => {
	const old = received(signed(notificationOf(), { timestamp: now() - 1000 * hour }));
	const { byName } = await parse([old], { options: { maxAgeHours: 0 } });
	expect(byName(OUTPUTS).Full).toHaveLength(1);
});

it.each([
	['another callback', { message: { id: 'a' } }, { message: { id: 'a' } }],
	['a list', [1, 2], { body: [1, 2] }],
	['what is not JSON', 'hello', { body: null }],
])('%s that is genuine leaves on Ignored as it came', async (_, body, json) => {
	const { byName } = await parse([received(signed(body))]);
	expect(byName(OUTPUTS).Ignored).toEqual([json]);
});

const withoutBinary = () => {
	const { json } = received(signed(notificationOf()));
	return { json };
};

it('an item without a raw body is an error with the remedy', async () => {
	const { error } = await parse([received(signed(notificationOf())), withoutBinary()]);
	expect(error?.message).toBe(
		"The item has no raw body in the binary field 'data', so its signature cannot be verified",
	);
	expect(error?.description).toContain("add the option 'Raw Body'");
});

it('an item without headers is an error', async () => {
	const { binary } = received(signed(notificationOf()));
	const { error } = await parse([{ json: {}, binary }]);
	expect(error?.message).toContain("The item has no field 'headers'");
});

it.each([
	['field', "'Webhook Secret' is empty"],
	['credential', "The credential has no 'Webhook Secret'"],
])(
	'an item cannot be verified without a secret in the %s, which is an error',
	async (secretFrom, message) => {
		const credentials = storeWith();
		const { error } = await parse(
			[received(signed(notificationOf(), { secret: '' }))],
			{ secretFrom, webhookSecret: '={{ "" }}' },
			{ credentials },
		);
		expect(error?.message).toBe(message);
	},
);

it('an item leaves on Refused when the credential has no secret and On Error is set to continue', async () => {
	const { byName } = await parse(
		[received(signed(notificationOf(), { secret: '' }))],
		{ secretFrom: 'credential' },
		{ credentials: storeWith(), onError: 'continueRegularOutput' },
	);
	expect(byName(OUTPUTS)).toMatchObject({ Full: [], Refused: [{ error: {} }] });
});

it('an item that cannot be verified leaves on Refused when On Error is set to continue, and stops no other item', async () => {
	const { byName } = await parse(
		[withoutBinary(), received(signed(notificationOf()))],
		{},
		{ onError: 'continueRegularOutput' },
	);
	const { Full, Refused } = byName(OUTPUTS);
	expect(Full).toHaveLength(1);
	expect(Refused).toMatchObject([{ error: { item: 0 } }]);
});

it.each(['["first-secret", "second-secret"]', '({ key: "first-secret" })'])(
	'the error of an expression that gives %s shows no secret',
	async (expression) => {
		const items = [received(signed(notificationOf()))];
		const { error } = await parse(items, { webhookSecret: `={{ ${expression} }}` });
		expect(error?.message).toBe("'Webhook Secret' is not a single value");
	},
);

it('Parse Notification takes the raw body from the binary field in the options', async () => {
	const { json, binary } = received(signed(notificationOf()));
	const { byName } = await parse([{ json, binary: { raw: binary!.data } }], {
		options: { binaryField: ' raw ' },
	});
	expect(byName(OUTPUTS).Full).toHaveLength(1);
});
