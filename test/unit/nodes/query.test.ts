import nock from 'nock';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { SinchCapability } from '../../../nodes/SinchCapability/SinchCapability.node';
import {
	createMarkedRequestId,
	markOf,
} from '../../../nodes/SinchCapability/waiting/across/requestId';
import { runNode } from '../../support/engine';
import { APP_ID, PROJECT_ID, storeWith } from '../../support/package';

const SINCH = 'https://eu.conversation.api.sinch.com';
const PATH = `/v1/projects/${PROJECT_ID}/capability:query`;
const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

interface Query {
	app_id: string;
	project_id: string;
	recipient: unknown;
	request_id: string;
}

/** The part of Sinch that this operation needs: acknowledges queries and records them. */
function acknowledge(times = 1) {
	const asked: Query[] = [];
	nock(SINCH, { reqheaders: { authorization: 'Bearer stored-token', 'content-type': /json/ } })
		.post(PATH)
		.times(times)
		.reply(200, (_, body) => {
			asked.push(body as Query);
			const { app_id, recipient, request_id } = body as Query;
			return { app_id, recipient, request_id };
		});
	return asked;
}

const identities = (...pairs: Array<[channel: unknown, identity: unknown]>): INodeParameters => ({
	recipientType: 'channelIdentities',
	channelIdentities: {
		identity: pairs.map(([channel, identity]) => ({ channel, identity })) as INodeParameters[],
	},
});

const run = async (
	parameters: INodeParameters,
	items: IDataObject[] = [{}],
	settings: Partial<Parameters<typeof runNode>[3]> = {},
) =>
	await runNode(new SinchCapability(), parameters, items, {
		credentials: storeWith(),
		...settings,
	});

beforeAll(() => {
	nock.activate();
	nock.disableNetConnect();
});

// Read before the first wait for a turn: the tests of this file query many items within a second.
beforeEach(() => {
	nock(SINCH)
		.get(/\/webhooks$/)
		.times(10)
		.optionally()
		.reply(200, { webhooks: [] });
});

afterEach(() => {
	const pending = nock.pendingMocks();
	nock.cleanAll();
	expect(pending).toEqual([]);
});

afterAll(() => nock.restore());

describe('Check reachability', () => {
	it('by channel identities sends the body of the capability guide and a request id', async () => {
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
		expect(outputs).toEqual([
			[{ json: { app_id, recipient, request_id }, pairedItem: { item: 0 } }],
		]);
	});

	it('by contact sends the body of the capability guide', async () => {
		const asked = acknowledge();
		await run({
			recipientType: 'contact',
			contactId: { __rl: true, mode: 'id', value: ' 01W4FFL35P4NC4K35CONTACT01 ' },
		});
		expect(asked[0].recipient).toEqual({ contact_id: '01W4FFL35P4NC4K35CONTACT01' });
	});

	it('keeps the order of many items, each with a request id and a paired item of its own', async () => {
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

	it('reads the credential once, however many items', async () => {
		acknowledge(20);
		const credentials = storeWith();
		await run(identities(['RCS', '46701234567']), Array(20).fill({}), { credentials });
		expect(credentials.reads).toBe(1);
	});

	it.each<[string, INodeParameters[string]]>([
		['typed before there was a picker', '01W4FFL35P4NC4K35CONVAPP02'],
		['typed', { __rl: true, mode: 'id', value: ' 01W4FFL35P4NC4K35CONVAPP02' }],
		['picked', { __rl: true, mode: 'list', value: '01W4FFL35P4NC4K35CONVAPP02' }],
		['of an expression', { __rl: true, mode: 'id', value: '={{ "01W4FFL35P4NC4K35CONVAPP02" }}' }],
	])('takes an app %s and the request id from the options', async (_, appId) => {
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
		['TELEGRAM', '@anna +46 ', '@anna +46 '],
		['MESSENGER', '0046-1', '0046-1'],
	])('sends %s identity %j as %j', async (channel, typed, sent) => {
		const asked = acknowledge();
		await run(identities([channel, typed]));
		expect(asked[0].recipient).toEqual({
			identified_by: { channel_identities: [{ channel, identity: sent }] },
		});
	});

	it('sends phone numbers as entered when the option says so', async () => {
		const asked = acknowledge();
		await run({
			...identities(['SMS', '+46 70 CALL']),
			options: { phoneNumberFormat: 'asEntered' },
		});
		expect(asked[0].recipient).toEqual({
			identified_by: { channel_identities: [{ channel: 'SMS', identity: '+46 70 CALL' }] },
		});
	});

	it('sends a channel that is not in the list in upper case', async () => {
		const asked = acknowledge();
		await run(identities(['={{ "wechat2 " }}', 'someone']));
		expect(asked[0].recipient).toEqual({
			identified_by: { channel_identities: [{ channel: 'WECHAT2', identity: 'someone' }] },
		});
	});
});

describe('by phone number, the default', () => {
	const channelsOf = (query: Query) =>
		(query.recipient as { identified_by: { channel_identities: unknown } }).identified_by
			.channel_identities;

	it('asks on the default channels in their order', async () => {
		const asked = acknowledge();
		await run({ phoneNumber: '+46 70 123 45 67' });
		expect(channelsOf(asked[0])).toEqual(
			['RCS', 'WHATSAPP', 'SMS'].map((channel) => ({ channel, identity: '46701234567' })),
		);
	});

	it.each([
		['chosen', ['SMS', 'VIBERBM', 'RCS']],
		['given as text', '={{ " sms, viberbm,,rcs,SMS," }}'],
	])('asks on the channels %s in the order of the user, each once', async (_, channels) => {
		const asked = acknowledge();
		await run({ phoneNumber: '46701234567', channels });
		expect(channelsOf(asked[0])).toEqual(
			['SMS', 'VIBERBM', 'RCS'].map((channel) => ({ channel, identity: '46701234567' })),
		);
	});

	it.each(['US', '={{ " us " }}'])('completes numbers of the default country %s', async (given) => {
		const asked = acknowledge();
		await run({
			phoneNumber: '(415) 555-2671',
			channels: ['SMS'],
			options: { defaultCountry: given },
		});
		expect(channelsOf(asked[0])).toEqual([{ channel: 'SMS', identity: '14155552671' }]);
	});

	it.each<[string, INodeParameters, string, string]>([
		[
			'letters',
			{ phoneNumber: '+1 202 CALL ME' },
			"'Phone Number' is not a phone number: +1 202 CALL ME",
			'It contains letters. Enter digits with the country code, such as +46 70 123 45 67.',
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
	])('says what to do about %s', async (_, parameters, message, advice) => {
		const { error } = await run(parameters);
		expect(error).toMatchObject({ message, description: expect.stringContaining(advice) });
	});
});

describe('the advice to skip items with a bad number', () => {
	it.each([
		['is given while the run stops at such an item', 'stopWorkflow', true],
		['is not repeated in items that are skipped already', 'continueRegularOutput', false],
	] as const)('%s', async (_, onError, isGiven) => {
		const items = [{ phone: '070 174 06 05' }];
		const { error, outputs } = await run({ phoneNumber: '={{ $json.phone }}' }, items, { onError });
		const failed = outputs[0]?.[0]?.json.error as IDataObject | undefined;
		const description = String((failed ?? error)?.description);
		expect(description).toContain('such as +46 70 123 45 67');
		expect(description.includes('set Settings > On Error to Continue')).toBe(isGiven);
	});
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

describe('the item of a registered query', () => {
	it('begins with the request id and keeps every field of the input', async () => {
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

	it("keeps the input's own request_id when Sinch returns nothing else", async () => {
		nock(SINCH).post(PATH).reply(200, { request_id: 'a' });
		const { outputs } = await run(identities(['RCS', '46701234567']), [{ request_id: 'own' }]);
		expect(outputs[0][0].json).toEqual({ request_id: 'own', capability: { request_id: 'a' } });
	});

	it('is refused when an earlier item has its request id and recipient', async () => {
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

	it('is refused when its request id belongs to Check reachability and wait', async () => {
		const requestId = createMarkedRequestId(markOf('some key'), 1, Date.now());
		const { error } = await run({ phoneNumber: '46701234567', options: { requestId } });
		expect(error?.message).toBe(
			`'Request ID' belongs to Check Reachability and Wait: ${requestId}`,
		);
	});
});

describe('bad input', () => {
	const contact = (value: string) => ({
		recipientType: 'contact',
		contactId: { __rl: true, mode: 'id', value },
	});

	it.each<[string, INodeParameters, string]>([
		[
			'no recipient',
			{ recipientType: 'channelIdentities', channelIdentities: {} },
			"'Channel Identities' is empty",
		],
		['an empty identity', identities(['RCS', ' ']), "'Phone Number or ID' is empty"],
		[
			'an empty identity of several',
			identities(['RCS', '46701234567'], ['SMS', '={{ "" }}']),
			"'Phone Number or ID (channel identity 2)' is empty",
		],
		['an identity without channel', identities(['', '46701234567']), "'Channel' is empty"],
		[
			'letters in a phone number',
			identities(['SMS', '+46 70 CALL ME']),
			"'Phone Number or ID' is not a phone number: +46 70 CALL ME",
		],
		['an empty contact', contact('={{ "" }}'), "'Contact' is empty"],
		...(['answersPerSecond', 'timeout', 'requestsPerSecond'] as const).flatMap((option) =>
			['={{ "" }}', 0, -1, '={{ $json.missing + 1 }}', 'soon'].map(
				(value): [string, INodeParameters, string] => [
					`${option} ${value}`,
					{ ...identities(['RCS', '46701234567']), options: { [option]: value } },
					'must be a number of 1 or more',
				],
			),
		),
		['a contact with spaces', contact('01W4 FFL3'), "'Contact' contains spaces: 01W4 FFL3"],
	])('%s is an error before anything is sent', async (_, parameters, message) => {
		const { error } = await run(parameters);
		expect(error).toMatchObject({
			message: expect.stringContaining(message),
			context: { itemIndex: 0 },
		});
		expect(error?.description).toBeTruthy();
	});

	it('names the item, and nothing is sent for those before it', async () => {
		const { error } = await run(identities(['RCS', '={{ $json.phone }}']), [
			{ phone: '46701234567' },
			{ phone: '46701234568' },
			{ phone: 'call me' },
		]);
		expect(error).toMatchObject({
			message: "'Phone Number or ID' is not a phone number: call me",
			context: { itemIndex: 2 },
		});
	});

	it('becomes one failed item among others when On Error is set to continue', async () => {
		const asked = acknowledge(2);
		const { outputs } = await run(
			identities(['RCS', '={{ $json.phone }}']),
			[{ phone: '46701234567' }, { phone: '' }, { phone: '46701234568' }],
			{ onError: 'continueRegularOutput' },
		);
		expect(asked).toHaveLength(2);
		expect(outputs[0].map(({ json, pairedItem }) => [json.error, pairedItem])).toEqual([
			[undefined, { item: 0 }],
			[expect.objectContaining({ message: "'Phone Number or ID' is empty", item: 1 }), { item: 1 }],
			[undefined, { item: 2 }],
		]);
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'with %s, a failed item keeps the fields of its input beside the error',
		async (onError) => {
			const item = { customer: 7, phone: '' };
			const { outputs } = await run(identities(['RCS', '={{ $json.phone }}']), [item], { onError });
			expect(outputs.flat().map(({ json }) => json)).toEqual([
				{ ...item, error: expect.objectContaining({ item: 0 }) },
			]);
		},
	);

	it('keeps the files of the input, also for a failed item', async () => {
		acknowledge(1);
		const binary = { photo: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } };
		const { outputs } = await run(
			identities(['RCS', '={{ $json.phone }}']),
			[{ phone: '46701234567' }, { phone: '' }],
			{ onError: 'continueRegularOutput', binary },
		);
		expect(outputs[0].map((item) => item.binary)).toEqual([binary, binary]);
	});

	it('ignores blanks around the IDs in the credential', async () => {
		const asked = acknowledge();
		const { error } = await run(identities(['RCS', '46701234567']), [{}], {
			credentials: storeWith({ projectId: ` ${PROJECT_ID}\t`, appId: `\n${APP_ID} ` }),
		});
		expect(error).toBeUndefined();
		expect(asked).toMatchObject([{ app_id: APP_ID, project_id: PROJECT_ID }]);
	});
});

describe("Sinch's refusals", () => {
	const refuse = (status: number, body: object, times = 1) =>
		nock(SINCH).post(PATH).times(times).reply(status, body);
	const parameters = identities(['RCS', '46701234567']);

	it.each([
		[400, 'Sinch did not accept the request'],
		[403, 'The access key has no permission for this project'],
		[404, 'Sinch could not find the app, contact or webhook'],
		[422, 'Sinch did not accept the request'],
	])('%i: %s', async (status, message) => {
		refuse(status, { error: { code: status, message: 'Sinch says so.', status: 'NAME' } });
		const { error } = await run(parameters);
		expect(error).toMatchObject({
			message,
			httpCode: String(status),
			description: expect.stringContaining(`Sinch says (${status}): Sinch says so. – NAME`),
			context: { itemIndex: 0 },
		});
	});

	it('go to the error output with the input item when On Error is set to do so', async () => {
		nock(SINCH).post(PATH).reply(200, { request_id: 'a' });
		refuse(404, { error: { message: 'No such app.' } });
		const { outputs } = await run(parameters, [{ name: 'Anna' }, { name: 'Bo' }], {
			onError: 'continueErrorOutput',
		});
		expect(outputs[0]).toEqual([
			{ json: { name: 'Anna', request_id: 'a' }, pairedItem: { item: 0 } },
		]);
		expect(outputs[1]).toHaveLength(1);
		expect(outputs[1][0].json).toMatchObject({
			name: 'Bo',
			error: {
				message: 'Sinch could not find the app, contact or webhook',
				httpCode: '404',
				item: 1,
			},
		});
	});

	it('report the refusal of the access key for all items that follow', async () => {
		nock(SINCH)
			.post(PATH)
			.delay(100)
			.reply(403, { error: { message: 'No permission.' } });
		// These are sent before that response, and answered after it.
		nock(SINCH)
			.post(PATH)
			.times(79)
			.optionally()
			.delay(400)
			.reply(400, { error: { message: 'Bad request.' } });
		const items = Array.from({ length: 80 }, () => ({}));
		const { outputs } = await run(parameters, items, { onError: 'continueRegularOutput' });
		const messages = outputs[0].map(({ json }) => (json.error as IDataObject).message);
		expect(new Set(messages.slice(60))).toEqual(
			new Set(['The access key has no permission for this project']),
		);
	});

	it('for one item, when they come from a proxy, do not end the run for the others', async () => {
		nock(SINCH).post(PATH).reply(403, '<html>Blocked</html>', { 'content-type': 'text/html' });
		nock(SINCH).post(PATH).times(79).optionally().delay(200).reply(200, { request_id: 'a' });
		const items = Array.from({ length: 80 }, () => ({}));
		const { outputs } = await run(parameters, items, { onError: 'continueRegularOutput' });
		expect(outputs[0].filter(({ json }) => 'error' in json)).toHaveLength(1);
	});

	it('never show a secret', async () => {
		refuse(400, { error: { message: 'Bad request.' } });
		const { error } = await run(parameters);
		const shown = JSON.stringify(error, Object.getOwnPropertyNames(error));
		expect(shown).not.toMatch(/stored-token|key-secret/);
	});
});

describe('the access token', () => {
	const token = (accessToken: string) => {
		nock('https://auth.sinch.com')
			.post('/oauth2/token', 'grant_type=client_credentials')
			.basicAuth({ user: 'key-id', pass: 'key-secret' })
			.reply(200, { access_token: accessToken, expires_in: 3600, scope: '', token_type: 'bearer' });
		// A new token is tried on the app of the credential.
		nock(SINCH, { reqheaders: { authorization: `Bearer ${accessToken}` } })
			.get(PATH.replace('capability:query', `apps/${APP_ID}`))
			.reply(200, { id: APP_ID });
	};
	const answer = (accessToken: string, status: number, times = 1) =>
		nock(SINCH, { reqheaders: { authorization: `Bearer ${accessToken}` } })
			.post(PATH)
			.times(times)
			.reply(status, { request_id: 'a' });

	it('is fetched once for many items, and stored', async () => {
		token('fresh-token');
		answer('fresh-token', 200, 3);
		const credentials = storeWith({ accessToken: '' });
		const { error } = await run(identities(['RCS', '46701234567']), [{}, {}, {}], {
			credentials,
		});
		expect(error).toBeUndefined();
		answer('fresh-token', 200);
		expect(
			(await run(identities(['RCS', '46701234567']), [{}], { credentials })).error,
		).toBeUndefined();
	});

	it('is renewed once when Sinch revokes it, and stored for the next run', async () => {
		answer('stored-token', 401);
		token('renewed-token');
		answer('renewed-token', 200, 3);
		const credentials = storeWith();
		const parameters = identities(['RCS', '46701234567']);
		expect((await run(parameters, [{}], { credentials })).error).toBeUndefined();
		const { error, outputs } = await run(parameters, [{}, {}], { credentials });
		expect(error).toBeUndefined();
		expect(outputs[0]).toHaveLength(2);
	});

	it('is renewed once for all requests in flight when Sinch revoked it', async () => {
		answer('stored-token', 401, 2);
		token('renewed-token');
		answer('renewed-token', 200, 2);
		const { error, outputs } = await run(identities(['RCS', '46701234567']), [{}, {}]);
		expect(error).toBeUndefined();
		expect(outputs[0]).toHaveLength(2);
	});
});

it('an operation that this version does not have is named, and nothing is sent', async () => {
	const { error } = await run({ resource: 'capability', operation: 'askNicely' });
	expect(error?.message).toBe(
		"This version of the node has no operation 'askNicely' for 'capability'",
	);
});
