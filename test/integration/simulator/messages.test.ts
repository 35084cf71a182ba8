import { byIdentity, startSinch } from './support';
import type { Sinch } from './support';

let sinch: Sinch;
beforeAll(async () => (sinch = await startSinch()));
afterAll(async () => await sinch.stop());
beforeEach(async () => await sinch.control.reset());

const recipient = byIdentity('SMS', '46701740605');
const message = { text_message: { text: 'Hello' } };
const send = async (fields: object = {}) =>
	await sinch.call<Record<string, unknown>>('POST', '/messages:send', {
		app_id: sinch.appId,
		recipient,
		message,
		...fields,
	});

const card = (fields: object) => ({ message: { card_message: fields } });
const both = {
	identified_by: {
		channel_identities: [
			{ channel: 'RCS', identity: '46701740605' },
			{ channel: 'SMS', identity: '46701740605' },
		],
	},
};

it('messages:send answers with an ID and the time, and keeps the message in the log', async () => {
	const { status, body } = await send();
	expect([status, Object.keys(body)]).toEqual([200, ['message_id', 'accepted_time']]);
	expect(body.message_id).toMatch(/^[0-9A-Z]{26}$/);
	expect(body.accepted_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
	expect(Math.abs(Date.parse(String(body.accepted_time)) - Date.now())).toBeLessThan(60_000);
	const { messages, totals } = await sinch.control.log();
	expect(totals.messages).toBe(1);
	expect(messages).toEqual([
		{
			at: expect.any(String) as string,
			messageId: body.message_id,
			appId: sinch.appId,
			channel: 'SMS',
			recipient,
			message,
		},
	]);
});

it('messages:send tries the channels by priority, else by the order of the identities', async () => {
	await send({ recipient: both });
	await send({ recipient: both, channel_priority_order: ['SMS', 'RCS'] });
	await send({ recipient: { contact_id: sinch.demo.contacts[4]!.contactId } });
	const { messages } = await sinch.control.log();
	expect(messages.map(({ channel }) => channel)).toEqual(['RCS', 'SMS', 'WHATSAPP']);
});

it.each([
	['of an identity', 'KAKAOTALK', { recipient: byIdentity('KAKAOTALK', '1') }],
	['of the priorities', 'SMS', { channel_priority_order: ['SMS', 'WECHAT'] }],
])(
	'messages:send accepts a channel %s that is not set up, and notes that the message fails later',
	async (_, channel, fields) => {
		expect((await send(fields)).status).toBe(200);
		expect((await sinch.control.log()).messages).toMatchObject([
			{ channel, failure: 'CHANNEL_CONFIGURATION_MISSING' },
		]);
	},
);

it('messages:send takes a card with an image and buttons', async () => {
	const choices = [
		{ url_message: { title: 'Open', url: 'https://example.com' } },
		{ call_message: { title: 'Call', phone_number: '+46701740605' } },
		{ text_message: { text: 'Yes' }, postback_data: 'yes' },
	];
	const media_message = { url: 'https://example.com/a.png' };
	const fields = { title: 'T', description: 'D', height: 'MEDIUM', media_message, choices };
	expect((await send(card(fields))).status).toBe(200);
});

const contact = { contact_id: '01W4FFL35P4NC4K35CONTACT01' };
it.each([
	[400, 'app_id', 'no app id', { app_id: undefined }],
	[400, 'app_id', 'an app id that is no ULID', { app_id: 'my-app' }],
	[400, 'recipient', 'no recipient', { recipient: undefined }],
	[400, 'recipient', 'both forms of it', { recipient: { ...recipient, ...contact } }],
	[400, 'channel', 'an unknown channel', { recipient: byIdentity('FAX', '1') }],
	[400, 'identity', 'an empty identity', { recipient: byIdentity('SMS', '') }],
	[400, 'message', 'no message', { message: undefined }],
	[400, 'exactly one', 'an empty message', { message: {} }],
	[400, 'exactly one', 'two messages', { message: { ...message, card_message: {} } }],
	[400, 'text', 'a text message without text', { message: { text_message: {} } }],
	[400, 'card_message', 'an empty card', card({})],
	[400, 'height', 'a card of unknown height', card({ title: 'T', height: 'HUGE' })],
	[400, 'url', 'a card with an image of no address', card({ media_message: {} })],
	[400, 'title', 'a button without text', card({ choices: [{ url_message: { url: 'a' } }] })],
	[400, 'choices', 'a button of no kind', card({ choices: [{}] })],
	[400, 'choices', '11 buttons', card({ choices: Array(11).fill(message) })],
	[400, 'identity', 'no identity on the channels', { channel_priority_order: ['RCS'] }],
	[400, 'ttl', 'a time to live without unit', { ttl: '10' }],
	[404, 'App', 'an unknown app', { app_id: '01SANDB0XC0NVERSAT10NAPP99' }],
	[404, 'Contact', 'an unknown contact', { recipient: contact }],
])('messages:send refuses with %i, naming %s: %s', async (expected, named, _what, fields) => {
	const { status, body } = await send(fields);
	expect(status).toBe(expected);
	expect((body.error as { message: string }).message).toContain(named);
	expect((await sinch.control.log()).totals.messages).toBe(0);
});

it('messages:send can fail on demand, and accepts POST only', async () => {
	await sinch.control.faults({ target: 'messages', kind: 'status', status: 503 });
	expect((await send()).status).toBe(503);
	expect((await send()).status).toBe(200);
	expect((await sinch.call('GET', '/messages:send')).status).toBe(501);
});
