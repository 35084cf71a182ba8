import { randomUUID } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';

import { OUTCOMES } from '../../../nodes/SinchCapability/notification/outcomes';
import { SinchCapabilityTrigger } from '../../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import type { GivenRequest, WebhookOptions } from '../../support/engine';
import { callWebhook } from '../../support/engine';
import { storeWith } from '../../support/package';
import { SECRET, signed } from '../../support/signed';

const notification = {
	request_id: '01W4FFL35P4NC4K35CAPABILITY',
	contact_id: '',
	channel: 'RCS',
	identity: '46701234567',
	capability_status: 'CAPABILITY_FULL',
};

const callback = (difference = {}) => ({
	app_id: '01W4FFL35P4NC4K35CONVAPP01',
	accepted_time: '2026-01-15T10:20:30.123456Z',
	project_id: '',
	capability_notification: { ...notification, ...difference },
	message_metadata: '',
});

/** Each has its own trigger node, so that no test sees another's repeats. */
const newNodeUrl = () => `https://n8n.example.com/webhook/${randomUUID()}/capability`;

const call = async (
	request: GivenRequest,
	parameters: INodeParameters = {},
	options: Partial<WebhookOptions> = {},
) =>
	await callWebhook(new SinchCapabilityTrigger(), {
		parameters,
		staticData: { webhookId: '01W4', secret: SECRET },
		webhookUrl: newNodeUrl(),
		request,
		...options,
	});

it('a genuine notification starts an execution with the simplified item, and the response is 200 without it', async () => {
	const { response, executes, workflowData } = await call(signed(callback()));
	expect(executes).toBe(true);
	expect(response.status).toBe(200);
	expect(JSON.stringify(response.body ?? '')).not.toContain('46701234567');
	expect(workflowData?.[0]).toEqual([
		{
			json: {
				capability_status: 'CAPABILITY_FULL',
				outcome: 'Full',
				channel: 'RCS',
				identity: '46701234567',
				contact_id: '',
				channel_capabilities: [],
				reason: null,
				request_id: '01W4FFL35P4NC4K35CAPABILITY',
				app_id: '01W4FFL35P4NC4K35CONVAPP01',
				event_time: '2026-01-15T10:20:30.123456Z',
				notification_id: expect.stringMatching(/^[0-9a-f]{32}$/),
			},
		},
	]);
});

it.each([
	[{ capability_status: 'CAPABILITY_FULL' }, 'Full'],
	[{ capability_status: 'CAPABILITY_PARTIAL' }, 'Partial'],
	[{ capability_status: 'NO_CAPABILITY' }, 'None'],
	[{ capability_status: 'CAPABILITY_UNKNOWN' }, 'Unknown'],
	[{ capability_status: 'NO_CAPABILITY', reason: { code: 'RATE_LIMITED' } }, 'Failed'],
] as const)(
	'a notification with %j is sent to the output %s and no other',
	async (difference, outcome) => {
		const { workflowData } = await call(signed(callback(difference)));
		expect(workflowData?.map((items) => items.length)).toEqual(
			OUTCOMES.map((output) => (output === outcome ? 1 : 0)),
		);
	},
);

it('a notification is sent to the only output when there is one', async () => {
	const { workflowData } = await call(signed(callback()), { outputMode: 'single' });
	expect(workflowData).toHaveLength(1);
	expect(workflowData?.[0][0].json).toMatchObject({ outcome: 'Full' });
});

it('the item is the raw body without Simplify, unknown fields included', async () => {
	const body = { ...callback({ later: [1] }), correlation_id: 'c', extra: { deep: null } };
	const { workflowData } = await call(signed(body), { simplify: false });
	expect(workflowData?.[0]).toEqual([{ json: body }]);
});

it('the item has no key that could change a prototype, even without Simplify', async () => {
	const text = JSON.stringify(callback()).replace('{', '{"__proto__":{"polluted":true},');
	const { workflowData } = await call(signed(text), { simplify: false });
	expect(JSON.stringify(workflowData?.[0][0].json)).toBe(JSON.stringify(callback()));
});

it('a notification in the flat form of the guide is read', async () => {
	const { workflowData } = await call(signed(notification));
	expect(workflowData?.[0][0].json).toMatchObject({ ...notification, outcome: 'Full' });
});

it('a notification is verified and read from the raw bytes, whatever the content type', async () => {
	const body = JSON.stringify(callback(), null, '  ');
	const { workflowData } = await call(signed(body, { headers: { 'content-type': 'text/plain' } }));
	expect(workflowData?.[0][0].json).toMatchObject(notification);
});

it('a notification is received without reading the credential', async () => {
	const credentials = storeWith();
	const { executes } = await call(signed(callback()), {}, { credentials });
	expect(executes).toBe(true);
	expect(credentials.reads).toBe(0);
});

it.each([
	['another callback', { app_id: 'a', message_inbound_notification: {} }],
	['an empty object', {}],
	['a list', [callback()]],
])('the trigger responds with 200 and starts no execution for %s', async (_, body) => {
	const { response, executes } = await call(signed(body));
	expect([response.status, executes]).toEqual([200, false]);
});

it('the trigger responds with 200 and starts no execution for text', async () => {
	const request = signed('hello', { headers: { 'content-type': 'text/plain' } });
	const { response, executes } = await call(request);
	expect([response.status, executes]).toEqual([200, false]);
});

it.each([
	[{ channels: ['SMS', 'WHATSAPP'] }, false],
	[{ channels: ['SMS', 'RCS'] }, true],
	[{ channels: ['rcs'] }, true],
	[{ statuses: ['NO_CAPABILITY'] }, false],
	[{ statuses: ['CAPABILITY_FULL', 'CAPABILITY_PARTIAL'] }, true],
	[{ channels: ['RCS'], statuses: ['NO_CAPABILITY'] }, false],
	[{ channels: [], statuses: [] }, true],
])(
	'with the filter %j, an answer for RCS with the status Full starts an execution: %s',
	async (options, expected) => {
		const { response, executes } = await call(signed(callback()), { options });
		expect([response.status, executes]).toEqual([200, expected]);
	},
);

it.each([
	[' no_capability ', 'NO_CAPABILITY', true],
	['CAPABILITY_NEW', 'CAPABILITY_UNKNOWN', true],
	['CAPABILITY_NEW', 'NO_CAPABILITY', false],
])(
	'an answer with the status %j and the filter %s starts an execution: %s',
	async (status, filter, expected) => {
		const notification = { ...callback().capability_notification, capability_status: status };
		const body = { ...callback(), capability_notification: notification };
		const { executes } = await call(signed(body), { options: { statuses: [filter] } });
		expect(executes).toBe(expected);
	},
);

const genuine = () => signed(callback());
const without = (header: string): GivenRequest => {
	const { headers, ...rest } = genuine();
	return { ...rest, headers: { ...headers, [header]: undefined } };
};

/** A genuine request, but for one of its signature headers. */
const changed = (name: string, change: (value: string) => string): GivenRequest => {
	const { headers, ...rest } = genuine();
	const header = `x-sinch-webhook-signature${name && `-${name}`}`;
	return { ...rest, headers: { ...headers, [header]: change(String(headers?.[header])) } };
};

it.each<[string, GivenRequest]>([
	['an unsigned request', { ...genuine(), headers: { 'content-type': 'application/json' } }],
	['a request signed with another secret', signed(callback(), { secret: 'other' })],
	[
		'a body changed by one byte',
		{ ...genuine(), rawBody: Buffer.from(JSON.stringify(callback({ identity: '46701234568' }))) },
	],
	[
		'an old signature',
		signed(callback(), { timestamp: Math.floor(Date.now() / 1000) - 25 * 3600 }),
	],
	['a signed timestamp that is no number', signed(callback(), { timestamp: NaN })],
	['a nonce that is longer than the signed one', changed('nonce', (nonce) => `${nonce}0`)],
	['a signature without its padding', changed('', (signature) => signature.replace(/=$/, ''))],
	['a missing signature', without('x-sinch-webhook-signature')],
	['a missing nonce', without('x-sinch-webhook-signature-nonce')],
	['a missing timestamp', without('x-sinch-webhook-signature-timestamp')],
	['another algorithm', changed('algorithm', () => 'HmacSHA512')],
])('the trigger responds with 401 and starts no execution for %s', async (_, request) => {
	const { response, executes, noWebhookResponse } = await call(request);
	expect(response.status).toBe(401);
	expect([executes, noWebhookResponse]).toEqual([false, true]);
});

it('the trigger responds with 401 to a genuine request while it has no secret', async () => {
	const { response, executes } = await call(genuine(), {}, { staticData: {} });
	expect([response.status, executes]).toEqual([401, false]);
});

it('the trigger responds with 401 to a request signed with an empty secret that is among the former ones', async () => {
	const retired = [{ secret: '', until: Date.now() + 60_000 }];
	const staticData = { webhookId: '01W4', secret: SECRET, retired };
	const { response, executes } = await call(signed(callback(), { secret: '' }), {}, { staticData });
	expect([response.status, executes]).toEqual([401, false]);
});

it('the trigger responds with 401 to a genuine request that is older than the option allows', async () => {
	const hoursAgo = (hours: number) => Math.floor(Date.now() / 1000) - hours * 3600;
	const twoHoursOld = signed(callback(), { timestamp: hoursAgo(2) });
	const yearOld = signed(callback(), { timestamp: hoursAgo(8760) });
	const limit = (maxAgeHours: unknown) => ({ options: { maxAgeHours } }) as INodeParameters;
	expect((await call(twoHoursOld, limit(1))).response.status).toBe(401);
	expect((await call(twoHoursOld, limit(3))).executes).toBe(true);
	expect((await call(yearOld, limit(0))).executes).toBe(true);
	expect((await call(yearOld, limit('soon'))).response.status).toBe(401);
	expect((await call(yearOld, limit(-1))).response.status).toBe(401);
});

it('the trigger responds with 401 to an unsigned request even when an expression in the options fails', async () => {
	const options = { maxAgeHours: '={{ $("Nowhere").item.json.x }}' };
	const unsigned = { ...genuine(), headers: { 'content-type': 'application/json' } };
	const refused = await call(unsigned, { options });
	expect([refused.response.status, refused.executes]).toEqual([401, false]);
	const yearOld = signed(callback(), { timestamp: Math.floor(Date.now() / 1000) - 8760 * 3600 });
	expect((await call(yearOld, { options })).response.status).toBe(401);
	const accepted = await call(genuine(), { options });
	expect([accepted.response.status, accepted.executes]).toEqual([200, true]);
});

it('the trigger responds with 401 to a request whose body n8n does not read', async () => {
	const refused = await call(
		genuine(),
		{},
		{ onRequest: (request) => delete (request as { rawBody?: Buffer }).rawBody },
	);
	expect([refused.response.status, refused.executes]).toEqual([401, false]);
});
