import { sleep } from 'n8n-workflow';

import { SinchConversationApi } from '../../credentials/SinchConversationApi.credentials';
import { testCredential } from '../support/engine';
import type { Respond } from './responses/support';
import {
	byId,
	credential,
	json,
	operations,
	proxy,
	run,
	send,
	useProxy,
} from './responses/support';

useProxy();

const RECEIVED = '{"id":"01W4';

/** Sends bytes as they are, and ends the connection by FIN or RST. */
const raw =
	(head: string, body = '', end: 'FIN' | 'RST' = 'FIN'): Respond =>
	({ socket }) => {
		socket?.write(
			`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${head}\r\n\r\n${body}`,
			() => (end === 'FIN' ? socket.end() : socket.resetAndDestroy()),
		);
	};

/** A byte now and then, without end. */
const dribble: Respond = async (response) => {
	response.writeHead(200, json);
	for (; !response.destroyed; await sleep(20)) response.write(' ');
};

const LOST = /the connection was lost/;
const LATE = /it did not respond in time/;
const FOREIGN = /The response did not come from Sinch/;
const REFUSED = /Sinch did not accept the request/;

const incomplete: Array<[string, Respond, RegExp]> = [
	['cut by FIN', raw('content-length: 300', RECEIVED), LOST],
	['cut by RST', raw('content-length: 300', RECEIVED, 'RST'), LOST],
	['cut in chunks by FIN', raw('transfer-encoding: chunked', `b\r\n${RECEIVED}\r\n`), LOST],
	['cut in a chunk by FIN', raw('transfer-encoding: chunked', `ff\r\n${RECEIVED}\r\n`), LOST],
	['cut in chunks by RST', raw('transfer-encoding: chunked', `b\r\n${RECEIVED}\r\n`, 'RST'), LOST],
	['of no bytes', ({ socket }) => void socket?.end(), LOST],
	['that never ends', dribble, LATE],
];

const unreadable: Array<[string, Respond]> = [
	[
		'that is not in its content-encoding',
		send(200, '{"id":"1"}', { ...json, 'content-encoding': 'gzip' }),
	],
	[
		'that is not in Brotli, as it says',
		send(200, '{"id":"1"}', { ...json, 'content-encoding': 'br' }),
	],
	['with a content-length that is no number', raw('content-length: many', RECEIVED)],
	['that is no HTTP', ({ socket }) => void socket?.end('220 mail.example.com ESMTP\r\n')],
];

const refuse = send(400, '{"error":{"message":"Genuine"}}', json);

/** One broken response, and then Sinch's own refusal. */
const once = (broken: Respond): Respond => {
	let requests = 0;
	return (response) => (requests++ === 0 ? broken(response) : refuse(response));
};

/** Whether the broken response was sent: what comes after it has its usual time. */
let isBroken: boolean;

describe.each(incomplete)('a response %s', (kind, broken, reason) => {
	const breaking: Respond = (response) => {
		isBroken = true;
		return broken(response);
	};

	beforeEach(() => {
		isBroken = false;
		const { timeout } = AbortSignal;
		if (reason === LATE) {
			jest
				.spyOn(AbortSignal, 'timeout')
				.mockImplementation((ms) => timeout.call(AbortSignal, isBroken ? ms : ms / 40));
		}
	});
	afterEach(() => jest.restoreAllMocks());

	it.each(operations)(
		`a response ${kind} is never taken for a refusal by %s`,
		async (_name, operate) => {
			proxy.respond = once(breaking);
			const error = await operate(true).then(
				() => undefined,
				(reason: Error) => reason.message,
			);
			// Operations for items try again; those of the editor and the trigger say what happened.
			expect(error).toMatch(
				proxy.methods.length > 1 ? new RegExp(`${reason.source}|${REFUSED.source}`) : reason,
			);
		},
	);

	it(`a response ${kind} in place of the token ends neither the run nor the trust in the key`, async () => {
		const token = send(200, '{"access_token":"token"}', json);
		const rest = once(token);
		let requests = 0;
		proxy.respond = (response) => (requests++ === 0 ? breaking : rest)(response);
		await expect(run('contact', 'get', byId)(false)).rejects.toThrow(REFUSED);
	});

	it(`the credential test says what is wrong with a response ${kind} in place of the token`, async () => {
		proxy.respond = broken;
		const result = await testCredential(new SinchConversationApi(), credential(false));
		expect(result).toMatchObject({ status: 'Error', message: expect.stringMatching(reason) });
	});
});

describe.each(unreadable)('a response %s', (kind, broken) => {
	beforeEach(() => {
		proxy.respond = broken;
	});

	it.each(operations)(
		`%s says that a response ${kind} did not come from Sinch`,
		async (_name, operate) => {
			await expect(operate(true)).rejects.toThrow(FOREIGN);
		},
	);

	it(`the key is not blamed for a response ${kind} in place of the token`, async () => {
		await expect(run('contact', 'get', byId)(false)).rejects.toThrow(FOREIGN);
		const result = await testCredential(new SinchConversationApi(), credential(false));
		expect(result).toMatchObject({ status: 'Error', message: expect.stringMatching(FOREIGN) });
	});
});

const CUT = raw('content-length: 300', RECEIVED);

it('a contact that was created before the connection was lost is found, and created once', async () => {
	const identity = { channel: 'SMS', identity: '46701740605' };
	const contact = {
		id: '01W4FFL35P4NC4K35CONTACT01',
		channel_identities: [identity],
		language: 'EN_US',
	};
	const found = send(200, JSON.stringify({ contacts: [contact] }), json);
	proxy.respond = (response) => (proxy.methods.at(-1) === 'POST' ? CUT(response) : found(response));
	const create = run('contact', 'create', { channelIdentities: { identity: [identity] } });
	expect(await create(true)).toMatchObject([[{ json: { id: contact.id } }]]);
	expect(proxy.methods).toEqual(['POST', 'GET']);
});

it('a contact that was deleted before the connection was lost counts as deleted', async () => {
	const gone = send(404, '{"error":{"message":"Not found"}}', json);
	proxy.respond = (response) =>
		proxy.methods.at(-1) === 'DELETE' ? CUT(response) : gone(response);
	expect(await run('contact', 'delete', byId)(true)).toMatchObject([[{ json: { deleted: true } }]]);
	expect(proxy.methods).toEqual(['DELETE', 'GET']);
});

it('a webhook that was deleted before the connection was lost counts as deleted when a workflow is deactivated', async () => {
	const gone = send(404, '{"error":{"message":"Not found"}}', json);
	proxy.respond = (response) =>
		proxy.methods.at(-1) === 'DELETE' ? CUT(response) : gone(response);
	const [, deactivate] = operations.find(
		([name]) => name === 'deactivation without static data, when it deletes the webhook',
	)!;
	await deactivate(true).catch(() => {});
	expect(proxy.methods).toEqual(['GET', 'DELETE', 'GET']);
});

it.each([
	['a list', [{ id: 'APP' }]],
	['an object without an id', { display_name: 'APP' }],
	['another app', { id: 'ANOTHER' }],
])('the credential test does not accept %s in place of the app', async (_, body) => {
	const data = { ...credential(false), appId: 'APP' };
	const test = async (app: object) => {
		proxy.genuine = [{ access_token: 'token' }, app];
		proxy.respond = send(200, JSON.stringify(app), json);
		return await testCredential(new SinchConversationApi(), data);
	};
	expect(await test({ id: 'APP' })).toMatchObject({ status: 'OK' });
	expect(await test(body)).toMatchObject({
		status: 'Error',
		message: expect.stringMatching(FOREIGN),
	});
});

const identities = (...pairs: Array<[channel: string, identity: string]>) => ({
	identified_by: {
		channel_identities: pairs.map(([channel, identity]) => ({ channel, identity })),
	},
});

const other = { id: 'X', channel_identities: [{ channel: 'SMS', identity: '46701740699' }] };

it.each([
	['a query for another app', 'query', { request_id: 'R', app_id: 'ANOTHER' }],
	['a query for another contact', 'query', { request_id: 'R', recipient: { contact_id: 'X' } }],
	['another contact in Contact: Get', 'get', { id: 'X', channel_identities: [] }],
	['another contact in Contact: Update', 'update', { id: 'X', channel_identities: [] }],
	['another contact in Contact: Get Many', 'getAll', { contacts: [other] }],
	['a webhook of another app', 'webhooks', { webhooks: [{ id: 'W', app_id: 'ANOTHER' }] }],
	['a new webhook of another app', 'newWebhook', { id: 'W', app_id: 'ANOTHER' }],
])('%s is not believed', async (_, operation, body) => {
	const query = { recipientType: 'contact', ...byId };
	const [resource = 'contact', value = operation] =
		{
			webhooks: ['webhook', 'getAll'],
			newWebhook: ['webhook', 'create'],
			query: ['capability'],
		}[operation] ?? [];
	proxy.respond = send(200, JSON.stringify(body), json);
	const operate = run(resource, value, {
		...query,
		updateFields: { email: 'a@b.c' },
		targetUrl: 'https://n8n.example.com/webhook/1',
		filterBy: 'channelIdentity',
		channel: 'SMS',
		identity: '46701740605',
	});
	await expect(operate(true)).rejects.toThrow(FOREIGN);
});

it.each([
	['another number', 'is not believed', identities(['SMS', '46701740699'])],
	['another channel', 'is not believed', identities(['RCS', '46701740605'])],
	['the number in the spelling of its channel', 'is believed', identities(['SMS', '4601740605'])],
	['nothing of the recipient', 'is believed', {}],
	['the contact that it has found', 'is believed', { contact_id: 'X' }],
	['no recipient', 'is believed', null],
])('a registration with %s %s', async (_, verdict, recipient) => {
	proxy.respond = send(200, JSON.stringify({ request_id: 'R', recipient }), json);
	const registered = run('capability', 'query', {
		recipientType: 'channelIdentities',
		channelIdentities: { identity: [{ channel: 'SMS', identity: '46701740605' }] },
	})(true);
	await (verdict === 'is believed'
		? expect(registered).resolves.toMatchObject([[{ json: { request_id: 'R' } }]])
		: expect(registered).rejects.toThrow(FOREIGN));
});

it.each([
	['itself', ['A', 'A']],
	['an earlier one', ['A', 'B', 'C', 'A']],
])('Contact: Get Many ends at a page whose next page is %s', async (_, tokens) => {
	let pages = 0;
	proxy.respond = (response) => {
		const contact = { id: `01W4${pages}`, channel_identities: [] };
		const next_page_token = tokens[pages++ % tokens.length];
		send(200, JSON.stringify({ contacts: [contact], next_page_token }), json)(response);
	};
	const [contacts] = (await run('contact', 'getAll', { returnAll: true })(true)) as object[][];
	expect(contacts).toHaveLength(tokens.length);
	expect(pages).toBe(tokens.length);
});
