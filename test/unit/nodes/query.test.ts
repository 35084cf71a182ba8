import nock from 'nock';
import type { INodeParameters } from 'n8n-workflow';

import {
	createMarkedRequestId,
	markOf,
} from '../../../nodes/SinchCapability/waiting/queueMode/requestId';
import { settingsOfN8n } from '../../support/instance';
import { APP_ID, PROJECT_ID, storeWith } from '../../support/package';
import { type Query, acknowledge, identities, PATH, run, SINCH, useSinch } from './querySupport';

const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

useSinch();

it('Check reachability by channel identities sends the body of the capability guide and a request ID', async () => {
	const asked = acknowledge();
	const { outputs } = await run(identities(['WHATSAPP', '46712312312']));
	expect(asked).toEqual([
		{
			app_id: APP_ID,
			project_id: PROJECT_ID,
			recipient: {
				identified_by: {
					channel_identities: [{ channel: 'WHATSAPP', identity: '46712312312' }],
				},
			},
			request_id: expect.stringMatching(ULID),
		},
	]);
	const { app_id, recipient, request_id } = asked[0];
	expect(outputs).toEqual([[{ json: { app_id, recipient, request_id }, pairedItem: { item: 0 } }]]);
});

it('Check reachability by contact sends the body of the capability guide', async () => {
	const asked = acknowledge();
	await run({
		recipientType: 'contact',
		contactId: { __rl: true, mode: 'id', value: ' 01W4FFL35P4NC4K35CONTACT01 ' },
	});
	expect(asked[0].recipient).toEqual({ contact_id: '01W4FFL35P4NC4K35CONTACT01' });
});

it('Check reachability keeps the order of many items, each with a request ID and a paired item of its own', async () => {
	const asked = acknowledge(20);
	const numbers = Array.from({ length: 20 }, (_, index) => ({
		phone: `467012345${index + 10}`,
	}));
	const { outputs } = await run(
		identities(['RCS', '={{ $json.phone }}'], ['SMS', '={{ $json.phone }}']),
		numbers,
	);
	expect(outputs[0].map(({ json }) => json.recipient)).toEqual(
		numbers.map(({ phone }) => ({
			identified_by: {
				channel_identities: [
					{ channel: 'RCS', identity: phone },
					{ channel: 'SMS', identity: phone },
				],
			},
		})),
	);
	expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual(
		numbers.map((_, item) => ({ item })),
	);
	expect(new Set(asked.map(({ request_id }) => request_id)).size).toBe(20);
});

it('Check reachability reads the credential once, however many items there are', async () => {
	acknowledge(20);
	const credentials = storeWith();
	await run(identities(['RCS', '46701234567']), Array(20).fill({}), { credentials });
	expect(credentials.reads).toBe(1);
});

it.each<[string, INodeParameters[string]]>([
	['typed before there was a picker', '01W4FFL35P4NC4K35CONVAPP02'],
	['typed', { __rl: true, mode: 'id', value: ' 01W4FFL35P4NC4K35CONVAPP02' }],
	['picked', { __rl: true, mode: 'list', value: '01W4FFL35P4NC4K35CONVAPP02' }],
	[
		'given by an expression',
		{ __rl: true, mode: 'id', value: '={{ "01W4FFL35P4NC4K35CONVAPP02" }}' },
	],
])('the app and the request ID of the options are sent when the app was %s', async (_, appId) => {
	const asked = acknowledge();
	await run({
		...identities(['RCS', '46701234567']),
		options: { appId, requestId: 'my-request' },
	});
	expect(asked[0]).toMatchObject({
		app_id: '01W4FFL35P4NC4K35CONVAPP02',
		request_id: 'my-request',
	});
});

it.each([
	['RCS', '+46 (70) 123-45 67', '46701234567'],
	['SMS', '0046701234567', '46701234567'],
	['MMS', '+46 (0)70 123 45 67', '46701234567'],
	['VIBERBM', '+46701234567', '46701234567'],
	['WHATSAPP', 46701234567, '46701234567'],
	['TELEGRAM', ' @anna +46\n', '@anna +46'],
	['MESSENGER', '0046-1', '0046-1'],
])('the %s identity %j is sent as %j', async (channel, typed, sent) => {
	const asked = acknowledge();
	await run(identities([channel, typed]));
	expect(asked[0].recipient).toEqual({
		identified_by: { channel_identities: [{ channel, identity: sent }] },
	});
});

it('phone numbers are sent as entered when the option says so', async () => {
	const asked = acknowledge();
	await run({
		...identities(['SMS', '+46 70 CALL']),
		options: { phoneNumberFormat: 'asEntered' },
	});
	expect(asked[0].recipient).toEqual({
		identified_by: { channel_identities: [{ channel: 'SMS', identity: '+46 70 CALL' }] },
	});
});

it('a channel that is not in the list is sent in upper case', async () => {
	const asked = acknowledge();
	await run(identities(['={{ "wechat2 " }}', 'someone']));
	expect(asked[0].recipient).toEqual({
		identified_by: { channel_identities: [{ channel: 'WECHAT2', identity: 'someone' }] },
	});
});

const channelsOf = (query: Query) =>
	(query.recipient as { identified_by: { channel_identities: unknown } }).identified_by
		.channel_identities;

it('Check reachability by phone number asks on the default channels in their order', async () => {
	const asked = acknowledge();
	await run({ phoneNumber: '+46 70 123 45 67' });
	expect(channelsOf(asked[0])).toEqual(
		['RCS', 'WHATSAPP', 'SMS'].map((channel) => ({ channel, identity: '46701234567' })),
	);
});

it.each([
	['chosen', ['SMS', 'VIBERBM', 'RCS']],
	['given as text', '={{ " sms, viberbm,,rcs,SMS," }}'],
])(
	'Check reachability by phone number asks once on each of the channels %s, in the order of the user',
	async (_, channels) => {
		const asked = acknowledge();
		await run({ phoneNumber: '46701234567', channels });
		expect(channelsOf(asked[0])).toEqual(
			['SMS', 'VIBERBM', 'RCS'].map((channel) => ({ channel, identity: '46701234567' })),
		);
	},
);

it.each(['US', '={{ " us " }}'])(
	'a national phone number gets the country code of the default country %s',
	async (given) => {
		const asked = acknowledge();
		await run({
			phoneNumber: '(415) 555-2671',
			channels: ['SMS'],
			options: { defaultCountry: given },
		});
		expect(channelsOf(asked[0])).toEqual([{ channel: 'SMS', identity: '14155552671' }]);
	},
);

it.each<[string, INodeParameters, string, string]>([
	[
		'a number with letters',
		{ phoneNumber: '+1 202 CALL ME' },
		"'Phone Number' is not a phone number: +1 202 CALL ME",
		'It contains letters. Enter one phone number with + and the country code, such as +46 70 123 45 67.',
	],
	[
		'a number that may be two',
		{ phoneNumber: '4792345678', options: { defaultCountry: 'US' } },
		"'Phone Number' may be +4792345678 or +14792345678: 4792345678",
		'Enter one phone number with + and the country code, such as +46 70 123 45 67.',
	],
	[
		'a missing field',
		{ phoneNumber: '={{ $json.fone }}' },
		"'Phone Number' is empty",
		'check that the item has the field',
	],
	['a blank number', { phoneNumber: ' ' }, "'Phone Number' is empty", 'country code'],
	[
		'no channel',
		{ phoneNumber: '46701234567', channels: '={{ [] }}' },
		"'Channels' is empty",
		'Choose at least one channel.',
	],
	[
		'a channel without phone numbers',
		{ phoneNumber: '46701234567', channels: '={{ "telegram" }}' },
		"'Channels' has a channel that cannot be checked by phone number: TELEGRAM",
		'set Recipient to Channel Identities',
	],
	[
		'a channel that is none',
		{ phoneNumber: '46701234567', channels: '={{ "SMS; fax" }}' },
		"'Channels' has an entry that is not a channel: fax",
		'Use MMS, RCS, SMS, VIBERBM, WHATSAPP here.',
	],
	[
		'a number without country code',
		{ phoneNumber: '070 174 06 05' },
		"'Phone Number' has no country code: 070 174 06 05",
		'such as +46 70 123 45 67, or add Default Country under Options.',
	],
	[
		'a number that may lack its country code',
		{ phoneNumber: '(415) 555-2671' },
		"'Phone Number' may be missing its country code: (415) 555-2671",
		'or add Default Country under Options.',
	],
	[
		'a country that is none',
		{ phoneNumber: '070', options: { defaultCountry: 'Scandinavia' } },
		"'Default Country' is not a country: Scandinavia",
		'two-letter ISO code',
	],
])('the error about %s says what to do', async (_, parameters, message, advice) => {
	const { error } = await run(parameters);
	expect(error).toMatchObject({ message, description: expect.stringContaining(advice) });
});

it.each([
	['Viber', 'VIBERBM'],
	['whats app', 'WHATSAPP'],
	['Facebook Messenger', 'MESSENGER'],
	[' newest ', 'NEWEST'],
])('the channel %j of an identity is sent as %s', async (given, channel) => {
	const asked = acknowledge();
	await run(identities([given, '46701234567']));
	expect(asked[0]?.recipient).toEqual({
		identified_by: { channel_identities: [{ channel, identity: '46701234567' }] },
	});
});

it('the item of a registered query begins with the request ID and keeps every field of the input', async () => {
	acknowledge();
	const input = { name: 'Anna', recipient: 'mine', capability: 1 };
	const { outputs } = await run({ phoneNumber: '46701234567', channels: ['SMS'] }, [input]);
	const [{ json }] = outputs[0];
	expect(Object.keys(json)).toEqual([
		'request_id',
		'name',
		'recipient',
		'capability',
		'app_id',
		'capability_2',
	]);
	expect(json).toMatchObject({
		...input,
		capability_2: { request_id: json.request_id, app_id: APP_ID },
	});
});

it("the item of a registered query keeps the input's own request_id when Sinch returns nothing else", async () => {
	nock(SINCH).post(PATH).reply(200, { request_id: 'a' });
	const { outputs } = await run(identities(['RCS', '46701234567']), [{ request_id: 'own' }]);
	expect(outputs[0][0].json).toEqual({ request_id: 'own', capability: { request_id: 'a' } });
});

it('an item is refused when an earlier item has its request ID and recipient', async () => {
	const { error } = await run(
		{
			phoneNumber: '={{ $json.phone }}',
			channels: ['SMS'],
			options: { requestId: 'campaign' },
		},
		[{ phone: '46701234567' }, { phone: '46701234568' }, { phone: '+46701234567' }],
	);
	expect(error).toMatchObject({
		message: "'Request ID' was already used for the same recipient in row 1: campaign",
		context: { itemIndex: 2 },
	});
});

it('an item is refused when its request ID belongs to Check reachability and wait', async () => {
	const requestId = createMarkedRequestId(
		markOf('some key'),
		1,
		settingsOfN8n().instanceId,
		Date.now(),
	);
	const { error } = await run({ phoneNumber: '46701234567', options: { requestId } });
	expect(error?.message).toBe(`'Request ID' belongs to Check Reachability and Wait: ${requestId}`);
});

it('an operation that this version does not have is named, and nothing is sent', async () => {
	const { error } = await run({ resource: 'capability', operation: 'askNicely' });
	expect(error?.message).toBe(
		"This version of the node has no operation 'askNicely' for 'capability'",
	);
});
