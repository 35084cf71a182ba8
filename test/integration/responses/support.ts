/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INodeParameters } from 'n8n-workflow';

import { SinchCapability } from '../../../nodes/SinchCapability/SinchCapability.node';
import { SinchCapabilityTrigger } from '../../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import {
	COLLECT_HEADER,
	COLLECT_VERSION,
} from '../../../nodes/SinchCapability/waiting/queueMode/protocol';
import { markToken } from '../../../nodes/SinchCapability/transport/token';
import { hookContext, loadOptionsContext, runNode } from '../../support/engine';
import { storeWith } from '../../support/package';

const CONTACT = '01W4FFL35P4NC4K35CONTACT01';
const TARGET = 'https://n8n.example.com/webhook/3f0c3f5e-6f0e-4c50-9a3e-1d5f6c7b8a90/capability';

export const send =
	(status: number, body = '', headers: Record<string, string> = {}) =>
	(response: ServerResponse) =>
		response.writeHead(status, headers).end(body);
export const json = { 'content-type': 'application/json' };
const collected = { ...json, [COLLECT_HEADER]: COLLECT_VERSION };

export type Respond = (response: ServerResponse) => unknown;

/** What stands between n8n and Sinch in a test. */
export const proxy = {
	/** A new app for each test, because an app's pace is shared by the whole process. */
	app: '',
	/** Sinch's own responses to the first requests. */
	genuine: [] as object[],
	/** The response to every further request. */
	respond: (() => {}) as Respond,
	/** The methods of the requests so far. */
	methods: [] as string[],
	/** How many requests have followed a redirect to `elsewhere`. */
	redirected: 0,
	url: '',
	elsewhere: '',
};

async function listening(server: Server): Promise<string> {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Starts the proxy for all tests of the file, and prepares it for each. */
export function useProxy() {
	const server = createServer((request, response) => {
		proxy.methods.push(request.method ?? '');
		request.resume().on('end', () => {
			// As the trigger node would: n8n's requests to itself are not requests to Sinch.
			if (request.url?.startsWith('/webhook/')) {
				return send(200, '{"process":"main","number":1,"answers":[]}', collected)(response);
			}
			const own = proxy.genuine.shift();
			return own ? send(200, JSON.stringify(own), json)(response) : proxy.respond(response);
		});
	});
	const elsewhere = createServer((_, response) => {
		proxy.redirected += 1;
		response.end('{"id":"1","access_token":"stolen","request_id":"1"}');
	});
	let tests = 0;
	beforeAll(async () => {
		proxy.url = await listening(server);
		proxy.elsewhere = await listening(elsewhere);
	});
	beforeEach(() => {
		tests += 1;
		proxy.app = `01W4FFL35P4NC4K35CONVA${String(tests).padStart(4, '0')}`;
		proxy.genuine = [];
		proxy.methods = [];
		proxy.redirected = 0;
	});
	afterAll(() => {
		for (const one of [server, elsewhere]) {
			one.close();
			one.closeAllConnections();
		}
	});
}

export function credential(withToken: boolean) {
	const data = {
		projectId: '2b1f6a3e-7c40-4d0c-9a55-0d6f3b8e1c27',
		appId: proxy.app,
		keyId: 'key',
		keySecret: 'secret',
		region: 'custom',
		apiUrl: proxy.url,
		authUrl: proxy.url,
		webhookSecret: 'secret',
	};
	return { ...data, accessToken: withToken ? markToken('token', data) : '' };
}

const action = new SinchCapability();
export const { loadOptions } = action.methods;
const { listSearch } = action.methods;

/** The message of an operation; rejects if the operation throws. */
export type Operate = (withToken: boolean) => Promise<unknown>;

export const run =
	(
		resource: string,
		operation: string,
		parameters: INodeParameters = {},
		first: () => object[] = () => [],
	): Operate =>
	async (withToken) => {
		proxy.genuine = first();
		const { outputs, error } = await runNode(action, { resource, operation, ...parameters }, [{}], {
			credentials: storeWith(credential(withToken)),
			instanceUrl: `${proxy.url}/`,
		});
		expect(proxy.genuine).toEqual([]);
		if (error) throw new Error(error.message);
		return outputs;
	};

export const load =
	(call: (context: never) => Promise<unknown>): Operate =>
	async (withToken) =>
		await call(
			loadOptionsContext(action, { credentials: storeWith(credential(withToken)) }) as never,
		);

const registered = () => ({
	webhookId: '01W4FFL35P4NC4K35WEBHOOK01',
	secret: 'secret',
	target: TARGET,
	appId: proxy.app,
	projectId: '2b1f6a3e-7c40-4d0c-9a55-0d6f3b8e1c27',
});

const hook =
	(
		step: 'activate' | 'delete',
		staticData: () => object,
		first: () => object[] = () => [],
	): Operate =>
	async (withToken) => {
		proxy.genuine = first();
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
			expect(proxy.genuine).toEqual([]);
			expect(JSON.stringify(data)).toBe(before);
		}
	};

const webhook = (fields: object = {}) => ({
	id: '01W4FFL35P4NC4K35WEBHOOK01',
	target: TARGET,
	target_type: 'HTTP',
	triggers: ['CAPABILITY'],
	secret: 'of someone else',
	...fields,
});
const contactPage = { contacts: [{ id: CONTACT, channel_identities: [] }], next_page_token: '2' };
const conversationApp = () => ({ id: proxy.app, processing_mode: 'CONVERSATION' });

export const byId = { contactId: { __rl: true, mode: 'id', value: CONTACT } };
const identity = { channel: 'SMS', identity: '46701740605' };
const identities = { channelIdentities: { identity: [identity] } };

const createIfMissing = {
	recipientType: 'channelIdentities',
	...identities,
	options: { createContact: true },
};

/** Everything that calls Sinch. */
export const operations: Array<[string, Operate]> = [
	[
		'Check reachability of identities',
		run('capability', 'query', { recipientType: 'channelIdentities', ...identities }),
	],
	[
		'Check reachability of a contact',
		run('capability', 'query', { recipientType: 'contact', ...byId }),
	],
	[
		'Check reachability with Create Contact If Missing',
		run('capability', 'query', createIfMissing),
	],
	[
		'Check reachability with Create Contact If Missing, when it looks for the contact',
		run('capability', 'query', createIfMissing, () => [conversationApp()]),
	],
	[
		'Check reachability with Create Contact If Missing, when it creates the contact',
		run('capability', 'query', createIfMissing, () => [conversationApp(), { contacts: [] }]),
	],
	[
		'Check reachability with Create Contact If Missing, when it asks',
		run('capability', 'query', createIfMissing, () => [
			conversationApp(),
			{ contacts: [] },
			{ id: CONTACT },
		]),
	],
	[
		'Check reachability and wait, when it looks whether a workflow listens',
		run('capability', 'queryAndWait', { recipientType: 'channelIdentities', ...identities }),
	],
	[
		'Check reachability and wait, when it asks',
		run(
			'capability',
			'queryAndWait',
			{ recipientType: 'channelIdentities', ...identities, timeout: 1 },
			() => [{ webhooks: [webhook({ target: `${proxy.url}/webhook/1/capability` })] }],
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
	['Webhook: Create', run('webhook', 'create', { targetUrl: TARGET })],
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
