import { byIdentity, startReceiver, startSinch, until } from './support';
import type { Receiver, Sinch } from './support';

let sinch: Sinch;
let receiver: Receiver;
beforeAll(async () => (sinch = await startSinch()));
afterAll(async () => await sinch.stop());
beforeEach(async () => {
	await sinch.control.reset();
	await sinch.control.settings({ answerDelayMs: 0, callbacksPerSecond: 1000 });
	receiver = await startReceiver();
});
afterEach(async () => await receiver.close());

const ask = async (body: object) => await sinch.call('POST', '/capability:query', body);
const identity = { channel: 'RCS', identity: '46701740605' };
const recipient = { identified_by: { channel_identities: [identity] } };

/** The notification for one channel identity. */
async function answerTo(app_id: string, to: object): Promise<Record<string, unknown>> {
	await sinch.addWebhook({ app_id, target: receiver.url });
	expect((await ask({ app_id, recipient: to })).status).toBe(200);
	await until(() => receiver.received.length > 0);
	return receiver.notifications()[0]!;
}

it('capability:query answers with the registered request', async () => {
	const request_id = '01W4FFL35P4NC4K35CAPABILITY';
	const body = { app_id: sinch.appId, recipient, request_id };
	expect((await ask(body)).body).toEqual(body);
	const { projectId } = sinch.demo.project;
	expect((await ask({ ...body, project_id: projectId })).body).toEqual(body);
	const generated = (await ask({ app_id: sinch.appId, recipient })).body;
	expect(generated).toMatchObject({ request_id: expect.stringMatching(/^[0-9A-Z]{26}$/) });
});

const withIdentities = (...channel_identities: unknown[]) => ({
	recipient: { identified_by: { channel_identities } },
});
it.each([
	['app_id', 'no app id', { app_id: undefined }],
	['app_id', 'an app id that is no ULID', { app_id: 'my-app' }],
	['app_id', 'an app id of 25 characters', { app_id: '01SANDB0XC0NVERSAT10NAPP0' }],
	['app_id', 'an app id that is no text', { app_id: 1 }],
	['project_id', 'a project id that contradicts the path', { project_id: 'other' }],
	['recipient', 'no recipient', { recipient: undefined }],
	['recipient', 'an empty recipient', { recipient: {} }],
	['recipient', 'both recipient forms', { recipient: { contact_id: 'a', ...recipient } }],
	['contact_id', 'an empty contact id', { recipient: { contact_id: '' } }],
	['channel_identities', 'an empty list of identities', withIdentities()],
	['channel_identities', 'no list of identities', { recipient: { identified_by: {} } }],
	['channel', 'an identity without channel', withIdentities({ identity: '1' })],
	['identity', 'a channel without identity', withIdentities({ channel: 'RCS' })],
	['identity', 'an empty identity', withIdentities({ channel: 'RCS', identity: '' })],
	['channel', 'an unknown channel', withIdentities({ channel: 'FAX', identity: '1' })],
	['channel', 'a channel in small letters', withIdentities({ channel: 'rcs', identity: '1' })],
	['request_id', 'a request id that is no text', { request_id: 1 }],
])('capability:query refuses with 400, naming %s: %s', async (field, _what, fields) => {
	const { status, body } = await ask({ app_id: sinch.appId, recipient, ...fields });
	expect([status, body.error.status]).toEqual([400, 'INVALID_ARGUMENT']);
	expect(body.error.message).toContain(field);
	expect((await sinch.control.log()).totals.queries).toBe(0);
});

it('capability:query refuses a body that is not declared as JSON', async () => {
	const body = JSON.stringify({ app_id: sinch.appId, recipient });
	const headers = { 'content-type': 'application/x-www-form-urlencoded' };
	expect((await sinch.call('POST', '/capability:query', body, headers)).status).toBe(400);
});

it('capability:query does not know apps and contacts that the project does not have', async () => {
	const app_id = sinch.demo.otherProject.appId;
	expect((await ask({ app_id, recipient })).status).toBe(404);
	const contact_id = '01C0NTACT00000000000009999';
	expect((await ask({ app_id: sinch.appId, recipient: { contact_id } })).status).toBe(404);
});

it('capability:query accepts no other method than POST', async () => {
	expect((await sinch.call('GET', '/capability:query')).status).toBe(501);
});

it('answers follow the table for all demo contacts, one for each channel', async () => {
	const { contacts } = sinch.demo;
	expect(contacts).toHaveLength(8);
	await sinch.addWebhook({ target: receiver.url });
	for (const { contactId } of contacts) await sinch.query({ contact_id: contactId }, contactId);
	const rows = contacts.flatMap(({ contactId, channels }) =>
		channels.map((row) => {
			const ids = { request_id: contactId, contact_id: contactId };
			return { ...row, ...ids, outcome: undefined };
		}),
	);
	await until(() => receiver.received.length >= rows.length);
	expect(receiver.notifications()).toHaveLength(rows.length);
	expect(receiver.notifications()).toEqual(expect.arrayContaining(rows));
});

it('answers have an outcome by the documented table', () => {
	const failures =
		/^(RATE_LIMITED|CHANNEL_(FAILURE|BAD_CONFIGURATION|CONFIGURATION_MISSING)|INTERNAL_ERROR|INACTIVE_CREDENTIAL|UNSUPPORTED_OPERATION)$/;
	const outcomeOf = (status: string | undefined, code: string | undefined) => {
		if (status === 'CAPABILITY_FULL') return 'Full';
		if (status === 'CAPABILITY_PARTIAL') return 'Partial';
		if (code && (failures.test(code) || status === undefined)) return 'Failed';
		// Free text is not allowed at the moment, but a template may be.
		if (code === 'OUTSIDE_ALLOWED_SENDING_WINDOW') return 'Unknown';
		return status === 'NO_CAPABILITY' ? 'None' : 'Unknown';
	};
	const rows = sinch.demo.contacts.flatMap(({ channels }) => channels);
	for (const { capability_status, reason, outcome, ...row } of rows) {
		const expected = outcomeOf(capability_status, reason?.code);
		expect({ ...row, outcome }).toEqual({ ...row, outcome: expected });
	}
	expect(new Set(rows.map(({ outcome }) => outcome)).size).toBe(5);
	expect(new Set(rows.map((row) => row.capability_status)).size).toBe(6);
});

it('answers recognize a number however it is written, and give it back in digits', async () => {
	const notification = await answerTo(sinch.appId, byIdentity('RCS', '+46 (70) 174-06 05'));
	expect(notification).toMatchObject({
		contact_id: sinch.demo.contacts[0]!.contactId,
		identity: '46701740605',
		capability_status: 'CAPABILITY_FULL',
	});
});

it.each([
	['RCS', '46701740699', 'CAPABILITY_UNKNOWN', undefined],
	['WHATSAPP', '46701740699', 'CAPABILITY_UNKNOWN', undefined],
	['SMS', '46701740699', 'CAPABILITY_FULL', undefined],
	['TELEGRAM', 'somebody', 'CAPABILITY_FULL', undefined],
	['SMS', 'somebody', 'NO_CAPABILITY', 'RECIPIENT_INVALID_CHANNEL_IDENTITY'],
	['APPLEBC', 'somebody', 'CAPABILITY_UNKNOWN', 'CHANNEL_CONFIGURATION_MISSING'],
])(
	'the answer about %s %s, which the table lacks, follows a rule',
	async (channel, to, status, code) => {
		const notification = await answerTo(sinch.appId, byIdentity(channel, to));
		expect(notification).toMatchObject({ contact_id: '', channel, identity: to });
		expect(notification.capability_status).toBe(status);
		expect((notification.reason as { code: string } | undefined)?.code).toBe(code);
	},
);

it('the answer about an identity can be changed', async () => {
	const row = { ...identity, capability_status: 'NO_CAPABILITY' };
	await sinch.control.answer(row);
	expect(await answerTo(sinch.appId, recipient)).toMatchObject(row);
	await expect(sinch.control.answer({ ...row, channel: 'FAX' })).rejects.toThrow('400');
});

it('an answer comes for each identity of a query', async () => {
	const identities = [identity, { ...identity, channel: 'SMS' }, { ...identity, channel: 'LINE' }];
	await answerTo(sinch.appId, { identified_by: { channel_identities: identities } });
	await until(() => receiver.received.length === 3);
	// Each has its own connection, so they may arrive in another order.
	const channels = receiver.notifications().map(({ channel }) => channel);
	expect(channels.sort()).toEqual(['LINE', 'RCS', 'SMS']);
});

it('a query for an app in DISPATCH mode is answered without naming a contact', async () => {
	expect(await answerTo(sinch.dispatchAppId, recipient)).toMatchObject({
		contact_id: '',
		capability_status: 'CAPABILITY_FULL',
	});
});

it('a query for an app in DISPATCH mode may have a contact ID, and then there is no such contact', async () => {
	const { contactId } = sinch.demo.contacts[0]!;
	const notification = await answerTo(sinch.dispatchAppId, { contact_id: contactId });
	expect(notification).toMatchObject({
		contact_id: '',
		capability_status: 'CAPABILITY_UNKNOWN',
		reason: { code: 'CONTACT_NOT_FOUND' },
	});
});
