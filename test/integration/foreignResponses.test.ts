/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INodeParameters } from 'n8n-workflow';

import { SinchConversationApi } from '../../credentials/SinchConversationApi.credentials';
import { SinchCapability } from '../../nodes/SinchCapability/SinchCapability.node';
import { SinchCapabilityTrigger } from '../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import { COLLECT_HEADER, COLLECT_VERSION } from '../../nodes/SinchCapability/results/collecting';
import { markToken } from '../../nodes/SinchCapability/transport/token';
import { hookContext, loadOptionsContext, runNode, testCredential } from '../support/engine';
import { isN8n1 } from '../support/generation';
import { storeWith } from '../support/package';

const CONTACT = '01W4FFL35P4NC4K35CONTACT01';
const TARGET = 'https://n8n.example.com/webhook/3f0c3f5e-6f0e-4c50-9a3e-1d5f6c7b8a90/capability';

const send =
	(status: number, body = '', headers: Record<string, string> = {}) =>
	(response: ServerResponse) =>
		response.writeHead(status, headers).end(body);
const json = { 'content-type': 'application/json' };
const collected = { ...json, [COLLECT_HEADER]: COLLECT_VERSION };

/** A new app for each test, because an app's pace is shared by the whole process. */
let app = '';
let tests = 0;
/** Sinch's own responses to the first requests. */
let genuine: object[] = [];
/** The response to every further request, by a proxy between n8n and Sinch. */
let respond: (response: ServerResponse) => void;
let methods: string[] = [];
let proxy: Server;
let elsewhere: Server;
let redirected = 0;

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function listening(server: Server): Promise<Server> {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return server;
}

beforeAll(async () => {
	proxy = await listening(
		createServer((request, response) => {
			methods.push(request.method ?? '');
			request.resume().on('end', () => {
				// As the trigger node would: n8n's requests to itself are not requests to Sinch.
				if (request.url?.startsWith('/webhook/')) {
					return send(200, '{"process":"main","number":1,"answers":[]}', collected)(response);
				}
				const own = genuine.shift();
				return own ? send(200, JSON.stringify(own), json)(response) : respond(response);
			});
		}),
	);
	elsewhere = await listening(
		createServer((_, response) => {
			redirected += 1;
			response.end('{"id":"1","access_token":"stolen","request_id":"1"}');
		}),
	);
});

beforeEach(() => {
	tests += 1;
	app = `01W4FFL35P4NC4K35CONVA${String(tests).padStart(4, '0')}`;
	genuine = [];
	methods = [];
	redirected = 0;
});

afterAll(() => {
	for (const server of [proxy, elsewhere]) {
		server.close();
		server.closeAllConnections();
	}
});

function credential(withToken: boolean) {
	const data = {
		projectId: '2b1f6a3e-7c40-4d0c-9a55-0d6f3b8e1c27',
		appId: app,
		keyId: 'key',
		keySecret: 'secret',
		region: 'custom',
		apiUrl: urlOf(proxy),
		authUrl: urlOf(proxy),
	};
	return { ...data, accessToken: withToken ? markToken('token', data) : '' };
}

const action = new SinchCapability();
const { listSearch, loadOptions } = action.methods;

/** The message of an operation; rejects if the operation throws. */
type Operate = (withToken: boolean) => Promise<unknown>;

const run =
	(
		resource: string,
		operation: string,
		parameters: INodeParameters = {},
		first: () => object[] = () => [],
	): Operate =>
	async (withToken) => {
		genuine = first();
		const { outputs, error } = await runNode(action, { resource, operation, ...parameters }, [{}], {
			credentials: storeWith(credential(withToken)),
			instanceUrl: `${urlOf(proxy)}/`,
		});
		expect(genuine).toEqual([]);
		if (error) throw new Error(error.message);
		return outputs;
	};

const load =
	(call: (context: never) => Promise<unknown>): Operate =>
	async (withToken) =>
		await call(
			loadOptionsContext(action, { credentials: storeWith(credential(withToken)) }) as never,
		);

const registered = () => ({
	webhookId: '01W4FFL35P4NC4K35WEBHOOK01',
	secret: 'secret',
	target: TARGET,
	appId: app,
	projectId: '2b1f6a3e-7c40-4d0c-9a55-0d6f3b8e1c27',
});

const hook =
	(
		step: 'activate' | 'delete',
		staticData: () => object,
		first: () => object[] = () => [],
	): Operate =>
	async (withToken) => {
		genuine = first();
		const data = staticData();
		const before = JSON.stringify(data);
		const context = hookContext(new SinchCapabilityTrigger(), {
			staticData: data as never,
			webhookUrl: TARGET,
			credentials: storeWith(credential(withToken)),
		});
		try {
			return await context[step]();
		} finally {
			expect(genuine).toEqual([]);
			expect(JSON.stringify(data)).toBe(before);
		}
	};

const webhook = (fields: object = {}) => ({
	id: '01W4FFL35P4NC4K35WEBHOOK01',
	target: TARGET,
	target_type: 'HTTP',
	triggers: ['CAPABILITY'],
	secret: 'of somebody else',
	...fields,
});
const contactPage = { contacts: [{ id: CONTACT, channel_identities: [] }], next_page_token: '2' };
const conversationApp = { id: '01W4FFL35P4NC4K35CONVAPP01', processing_mode: 'CONVERSATION' };

const byId = { contactId: { __rl: true, mode: 'id', value: CONTACT } };
const identity = { channel: 'SMS', identity: '46701740605' };
const identities = { channelIdentities: { identity: [identity] } };

const createIfMissing = {
	recipientType: 'channelIdentities',
	...identities,
	options: { createContact: true },
};

const operations: Array<[string, Operate]> = [
	[
		'Query of identities',
		run('capability', 'query', { recipientType: 'channelIdentities', ...identities }),
	],
	['Query of a contact', run('capability', 'query', { recipientType: 'contact', ...byId })],
	['Query with Create Contact If Missing', run('capability', 'query', createIfMissing)],
	[
		'Query with Create Contact If Missing, when it looks for the contact',
		run('capability', 'query', createIfMissing, () => [conversationApp]),
	],
	[
		'Query with Create Contact If Missing, when it creates the contact',
		run('capability', 'query', createIfMissing, () => [conversationApp, { contacts: [] }]),
	],
	[
		'Query with Create Contact If Missing, when it asks',
		run('capability', 'query', createIfMissing, () => [
			conversationApp,
			{ contacts: [] },
			{ id: CONTACT },
		]),
	],
	[
		'Query and Wait, when it looks whether a workflow listens',
		run('capability', 'queryAndWait', { recipientType: 'channelIdentities', ...identities }),
	],
	[
		'Query and Wait, when it asks',
		run(
			'capability',
			'queryAndWait',
			{ recipientType: 'channelIdentities', ...identities, timeout: 1 },
			() => [{ webhooks: [webhook({ target: `${urlOf(proxy)}/webhook/1/capability` })] }],
		),
	],
	['Contact: Create', run('contact', 'create', identities)],
	['Contact: Get', run('contact', 'get', byId)],
	['Contact: Get Many', run('contact', 'getAll')],
	[
		'Contact: Get Many, on its second page',
		run('contact', 'getAll', { returnAll: true }, () => [contactPage]),
	],
	[
		'Contact: Get Many by an identity',
		run('contact', 'getAll', { filterBy: 'channelIdentity', ...identity }),
	],
	['Contact: Update', run('contact', 'update', { ...byId, updateFields: { email: 'a@b.c' } })],
	['Contact: Delete', run('contact', 'delete', byId)],
	['Webhook: Get Many', run('webhook', 'getAll')],
	['Webhook: Delete', run('webhook', 'delete', { webhookId: '01W4FFL35P4NC4K35WEBHOOK01' })],
	['the list of apps', load(async (context) => await listSearch.searchApps.call(context))],
	['the list of contacts', load(async (context) => await listSearch.searchContacts.call(context))],
	[
		'the list of contacts that an app can be asked about',
		load(async (context) => await listSearch.searchContactsOfApp.call(context)),
	],
	[
		'a search in the list of contacts',
		load(async (context) => await listSearch.searchContacts.call(context, 'ada')),
	],
	['the list of webhooks', load(async (context) => await listSearch.searchWebhooks.call(context))],
	['activation', hook('activate', () => ({}))],
	[
		'activation, when it registers the webhook',
		hook(
			'activate',
			() => ({}),
			() => [{ webhooks: [] }],
		),
	],
	[
		'activation, when it repairs the webhook',
		hook('activate', registered, () => [{ webhooks: [webhook()] }]),
	],
	[
		'activation, when it removes the webhook of its former address',
		hook(
			'activate',
			() => ({ ...registered(), target: TARGET.replace('n8n.', 'old.') }),
			() => [{ webhooks: [] }],
		),
	],
	['activation with a webhook of its own', hook('activate', registered)],
	['deactivation', hook('delete', registered)],
	['deactivation without static data', hook('delete', () => ({}))],
	[
		'deactivation without static data, when it deletes the webhook',
		hook(
			'delete',
			() => ({}),
			() => [{ webhooks: [webhook()] }],
		),
	],
];

// The errors of n8n 1 keep the status and no page, so they read as Sinch's own 403 and 404 there.
const pages: Array<[string, (response: ServerResponse) => void]> = isN8n1
	? []
	: [
			['a page with 404', send(404, '<html>Not here</html>')],
			['a page with 403', send(403, '<html>Blocked</html>')],
		];

const responses: Array<[string, (response: ServerResponse) => void]> = [
	['a page', send(200, '<html>Sign in</html>', { 'content-type': 'text/html' })],
	['a page that says it is JSON', send(200, '<html>Sign in</html>', json)],
	['nothing', send(200)],
	['204', send(204)],
	['truncated JSON', send(200, '{"id":"01W4","apps":[', json)],
	['[]', send(200, '[]', json)],
	['"ok"', send(200, '"ok"', json)],
	['null', send(200, 'null', json)],
	['true', send(200, 'true', json)],
	['another object', send(200, '{"status":"ok"}', json)],
	['things without ids', send(200, '{"apps":[{}],"contacts":[null],"webhooks":[{}]}', json)],
	...pages,
	// Sinch confirms a deletion with it, so this one cannot be detected.
	['{}', send(200, '{}', json)],
];

const FOREIGN = /The response did not come from Sinch/;

describe.each(responses)('when the response %s did not come from Sinch', (name, response) => {
	beforeEach(() => {
		respond = response;
	});

	const believable = (operation: string) =>
		name === '{}' && /Delete$|^deactivation$|deletes|removes/.test(operation);

	it.each(operations.filter(([operation]) => !believable(operation)))(
		'%s says so',
		async (_, operate) => {
			await expect(operate(true)).rejects.toThrow(FOREIGN);
		},
	);

	it('the token call says so, and does not blame the key', async () => {
		const operate = run('contact', 'get', byId);
		await expect(operate(false)).rejects.toThrow(FOREIGN);
		expect(methods).toEqual(['POST']);
	});

	it('the credential test fails', async () => {
		const result = await testCredential(new SinchConversationApi(), credential(false));
		expect(result).toMatchObject({ status: 'Error', message: expect.stringMatching(FOREIGN) });
	});

	it('the list of channels stays as it is', async () => {
		const list = load(async (context) => await loadOptions.getChannels.call(context));
		expect(await list(true)).toContainEqual({ name: 'RCS', value: 'RCS' });
	});
});

describe('a proxy that wants a password (407)', () => {
	const PROXY = /A proxy requires a user name and a password/;

	beforeEach(() => {
		respond = send(407, '<html>Proxy Authentication Required</html>');
	});

	it.each(operations)('is named by %s', async (_, operate) => {
		await expect(operate(true)).rejects.toThrow(PROXY);
	});

	it('is named by the token call and by the credential test', async () => {
		await expect(run('contact', 'get', byId)(false)).rejects.toThrow(PROXY);
		expect(methods).toEqual(['POST']);
		const result = await testCredential(new SinchConversationApi(), credential(false));
		expect(result).toMatchObject({ status: 'Error', message: expect.stringMatching(PROXY) });
	});
});

describe.each([301, 302, 303, 307, 308])('a redirect with %i', (status) => {
	beforeEach(() => {
		respond = (response) => send(status, '', { location: urlOf(elsewhere) })(response);
	});

	it.each(operations)('is not followed by %s, which names a proxy', async (_, operate) => {
		await expect(operate(true)).rejects.toThrow(/The request was redirected/);
		expect(redirected).toBe(0);
	});

	it('is not followed by the token call', async () => {
		await expect(run('contact', 'get', byId)(false)).rejects.toThrow(/The request was redirected/);
		expect(redirected).toBe(0);
	});

	it('is not followed by the credential test', async () => {
		const result = await testCredential(new SinchConversationApi(), credential(false));
		expect(result).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/The request was redirected/),
		});
		expect(redirected).toBe(0);
	});
});

it('a credential test with a token is not redirected either', async () => {
	let requests = 0;
	respond = (response) =>
		requests++ === 0
			? send(200, '{"access_token":"token"}', json)(response)
			: send(302, '', { location: urlOf(elsewhere) })(response);
	const result = await testCredential(new SinchConversationApi(), credential(false));
	expect(result.status).toBe('Error');
	if (!isN8n1) expect(result.message).toMatch(/The request was redirected/);
	expect(redirected).toBe(0);
});

it('the credential test does not accept a page in place of the app', async () => {
	for (const [, response] of responses) {
		let requests = 0;
		respond = (to) =>
			requests++ === 0 ? send(200, '{"access_token":"token"}', json)(to) : response(to);
		const result = await testCredential(new SinchConversationApi(), credential(false)).catch(
			() => ({ status: 'Error' }),
		);
		expect(result.status).toBe('Error');
	}
});
