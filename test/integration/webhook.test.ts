import type { IDataObject, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { APP_ID, PROJECT_ID, storeWith } from '../support/package';
import { runAction, useSimulator } from '../support/simulated';

const PLANTED = 'planted-0123456789-webhook';

const simulated = useSimulator();

const run = async (
	operation: string,
	parameters: INodeParameters,
	items: IDataObject[] = [{}],
	settings: object = {},
) => await runAction(simulated, { resource: 'webhook', operation, ...parameters }, items, settings);

const add = async (target: string, fields: object = {}) =>
	await simulated.api<{ id: string }>('POST', '/webhooks', {
		app_id: simulated.appId,
		target,
		target_type: 'HTTP',
		triggers: ['CAPABILITY'],
		...fields,
	});

it("Webhook: Get Many lists the webhooks of the credential's app without their secrets", async () => {
	const signed = await add('https://example.com/a', { secret: PLANTED });
	const plain = await add('https://example.com/b');
	const { outputs, runs } = await run('getAll', {});
	const common = { app_id: simulated.appId, target_type: 'HTTP', triggers: ['CAPABILITY'] };
	expect(outputs[0]).toEqual([
		{
			json: { id: signed.id, target: 'https://example.com/a', signed: true, ...common },
			pairedItem: { item: 0 },
		},
		{
			json: { id: plain.id, target: 'https://example.com/b', signed: false, ...common },
			pairedItem: { item: 0 },
		},
	]);
	expect(JSON.stringify(runs)).not.toContain(PLANTED);
});

it('Webhook: Get Many lists those of another app, picked or typed or kept from a workflow without picker', async () => {
	const dispatch = simulated.demo.apps[1].appId;
	const { id } = await add('https://example.com/c', { app_id: dispatch });
	const picked = [
		{ __rl: true, mode: 'list', value: dispatch, cachedResultName: 'Demo' },
		{ __rl: true, mode: 'id', value: '={{ $json.app }}' },
		dispatch,
	];
	for (const appId of picked) {
		const { outputs } = await run('getAll', { appId } as INodeParameters, [{ app: dispatch }]);
		expect(outputs[0].map(({ json }) => json.id)).toEqual([id]);
	}
	expect((await run('getAll', {})).outputs[0] ?? []).toEqual([]);
});

it('Webhook: Get Many for an unknown app is an error of its item', async () => {
	const apps = [simulated.appId, '01SANDB0XN0SVCHAPP00000001', simulated.appId];
	await add('https://example.com/d');
	const { outputs } = await run(
		'getAll',
		{ appId: { __rl: true, mode: 'id', value: '={{ $json.app }}' } },
		apps.map((app) => ({ app })),
		{ onError: 'continueRegularOutput' },
	);
	expect(outputs[0].map(({ json, pairedItem }) => [Boolean(json.error), pairedItem])).toEqual([
		[false, { item: 0 }],
		[true, { item: 1 }],
		[false, { item: 2 }],
	]);
});

describe('client credentials of a webhook', () => {
	beforeAll(() => nock.activate());

	afterAll(() => {
		nock.cleanAll();
		nock.restore();
	});

	it('the client credentials of a webhook are never returned', async () => {
		nock('https://eu.conversation.api.sinch.com')
			.get(`/v1/projects/${PROJECT_ID}/apps/${APP_ID}/webhooks`)
			.reply(200, {
				webhooks: [
					{
						id: 'a',
						app_id: APP_ID,
						target: 'https://example.com',
						secret: PLANTED,
						client_credentials: { client_id: 'c', client_secret: PLANTED, endpoint: 'e' },
						added_later: PLANTED,
					},
				],
			});
		const { outputs, runs } = await run('getAll', {}, [{}], { credentials: storeWith() });
		expect(outputs[0]).toHaveLength(1);
		expect(JSON.stringify(runs)).not.toContain(PLANTED);
	});
});

const ENTERED = 'created-in-n8n-0123456789';

const create = async (
	parameters: INodeParameters,
	items: IDataObject[] = [{}],
	settings: object = {},
	credential: IDataObject = { webhookSecret: ENTERED },
) =>
	await run('create', parameters, items, {
		credentials: simulated.store(credential as never),
		instanceUrl: 'https://n8n.example.com/',
		...settings,
	});

const registered = async (appId = simulated.appId) =>
	(await simulated.api<{ webhooks: IDataObject[] }>('GET', `/apps/${appId}/webhooks`)).webhooks;

const targetUrl = 'https://n8n.example.com/webhook/sinch-callbacks';

it("Webhook: Create registers a webhook that Sinch signs with the credential's secret, and shows it without", async () => {
	const { outputs, runs } = await create({ targetUrl });
	const [webhook, ...others] = await registered();
	expect(others).toEqual([]);
	const shown = { target: targetUrl, target_type: 'HTTP', triggers: ['CAPABILITY'] };
	expect(webhook).toMatchObject({ ...shown, secret: ENTERED });
	expect(outputs[0]).toEqual([
		{
			json: { id: webhook.id, app_id: simulated.appId, signed: true, ...shown },
			pairedItem: { item: 0 },
		},
	]);
	expect(JSON.stringify(runs)).not.toContain(ENTERED);
});

it('Webhook: Create takes app, target and triggers of each item, triggers also as text', async () => {
	const dispatch = simulated.demo.apps[1].appId;
	const items = [
		{ app: '', target: ' https://a.example.com/x ', triggers: ['CAPABILITY', 'OPT_IN'] },
		{ app: dispatch, target: 'https://b.example.com', triggers: 'opt out, Message Inbound' },
		{ app: '', target: 'https://c.example.com', triggers: 'A_NEWER_TRIGGER' },
	];
	const { outputs } = await create(
		{
			appId: { __rl: true, mode: 'id', value: '={{ $json.app }}' },
			targetUrl: '={{ $json.target }}',
			triggers: '={{ $json.triggers }}',
		},
		items,
		{ onError: 'continueErrorOutput' },
	);
	expect(outputs[0].map(({ json }) => [json.app_id, json.target, json.triggers])).toEqual([
		[simulated.appId, 'https://a.example.com/x', ['CAPABILITY', 'OPT_IN']],
		[dispatch, 'https://b.example.com', ['OPT_OUT', 'MESSAGE_INBOUND']],
	]);
	// Only Sinch knows what is new there.
	expect(outputs[1]).toMatchObject([
		{ json: { error: { description: expect.stringContaining('A_NEWER_TRIGGER'), item: 2 } } },
	]);
});

it.each<[string, INodeParameters, RegExp, RegExp]>([
	['no target', { targetUrl: '={{ $json.none }}' }, /^'Target URL' is empty$/, /Production URL/],
	[
		'a path as target',
		{ targetUrl: '/webhook/x' },
		/^'Target URL' is not an address that Sinch can deliver to: \/webhook\/x$/,
		/It is not a complete address\. Enter .*https/,
	],
	[
		'another protocol',
		{ targetUrl: 'ftp://n8n.example.com/x' },
		/^'Target URL' is not an address/,
		/https addresses only/,
	],
	['no trigger', { targetUrl, triggers: [] }, /^'Triggers' is empty$/, /CAPABILITY/],
	[
		'text that is no trigger',
		{ targetUrl, triggers: '={{ "CAPABILITY; 12" }}' },
		/^'Triggers' has a value that is not a trigger: 12$/,
		/CAPABILITY/,
	],
])(
	'Webhook: Create with %s is an error before anything is sent',
	async (_, parameters, message, advice) => {
		const { error } = await create(parameters);
		expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(advice);
		expect((await simulated.control.log()).requests).toEqual([]);
	},
);

it('Webhook: Create without a secret in the credential is an error of each item, before anything is sent', async () => {
	const { error } = await create({ targetUrl }, [{}], {}, {});
	expect(error?.message).toBe("The credential has no 'Webhook Secret'");
	expect(error?.description).toMatch(/long random text/);
	const { outputs } = await create(
		{ targetUrl },
		[{}, {}],
		{ onError: 'continueRegularOutput' },
		{},
	);
	expect(outputs[0].map(({ json }) => Object.keys(json))).toEqual([['error'], ['error']]);
	expect((await simulated.control.log()).requests).toEqual([]);
});

it('Webhook: Create of a sixth webhook names the five and the way out, as the trigger does', async () => {
	const targets = [
		'https://n8n.example.com/webhook/3f0c3f5e-6f0e-4c50-9a3e-1d5f6c7b8a90/capability',
		'https://n8n.example.com/webhook/a',
		'https://b.c',
		'https://d.e',
	];
	for (const target of [...targets, 'https://h.i']) await add(target);
	const { error } = await create({ targetUrl });
	expect(error?.message).toBe('The Sinch app already has 5 webhooks, the maximum');
	expect(error?.description).toMatch(
		/^Triggers of this n8n \(1\): https:\/\/n8n\.example\.com\/webhook\/3f0c.* \(ID .*Others \(4\): https:\/\/n8n\.example\.com\/webhook\/a .*operation Delete of the resource Webhook\. Then run this node again\.$/,
	);
});

it('Webhook: Create for a target that has a webhook already names that webhook, in whatever spelling', async () => {
	const { id } = await add(targetUrl, { secret: PLANTED, triggers: ['OPT_IN'] });
	const { error, runs } = await create({ targetUrl });
	expect(error?.message).toBe(`'Target URL' already has a webhook in this app: ${targetUrl}`);
	expect(error?.description).toMatch(new RegExp(`${id} \\(OPT_IN, signed\\).*Delete`));
	expect(JSON.stringify([runs, error])).not.toContain(PLANTED);
	expect(await registered()).toHaveLength(1);
});

it('Webhook: Create creates one webhook for two items with one target', async () => {
	const { outputs } = await create({ targetUrl }, [{}, {}], { onError: 'continueRegularOutput' });
	expect(await registered()).toHaveLength(1);
	expect(outputs[0].filter(({ json }) => json.error)).toMatchObject([
		{ json: { error: { message: expect.stringContaining('already has a webhook') } } },
	]);
});

it("Webhook: Create says Sinch's own words when it refuses for another reason", async () => {
	const { error } = await create({ targetUrl: 'https://eu.conversation-api.sinch.com/x' });
	expect(error?.message).toBe('Sinch did not accept the request');
	expect(error?.description).toMatch(/Sinch says \(400\): .*Conversation API host/);
});

it('Webhook: Create finds the webhook when the response was lost, and creates it once', async () => {
	await simulated.control.faults({
		...{ target: 'webhooks', method: 'POST', kind: 'reset', processed: true },
	});
	const { outputs, error } = await create({ targetUrl });
	expect(error).toBeUndefined();
	const webhooks = await registered();
	expect(webhooks).toHaveLength(1);
	expect(outputs[0]).toMatchObject([{ json: { id: webhooks[0].id, signed: true } }]);
});

describe('Create at the real Sinch', () => {
	const API = 'https://eu.conversation.api.sinch.com';

	beforeAll(() => nock.activate());

	afterEach(() => nock.cleanAll());

	afterAll(() => nock.restore());

	it.each([
		['http://n8n.example.com/webhook/x', /https addresses only/],
		['https://localhost:5678/webhook/x', /localhost is not reachable from the internet/],
		['https://192.168.1.10/webhook/x', /192\.168\.1\.10 is not reachable from the internet/],
	])(
		'Webhook: Create is refused for the target %s, which the real Sinch cannot reach',
		async (target, why) => {
			const credentials = storeWith({ webhookSecret: ENTERED });
			const { error } = await run('create', { targetUrl: target }, [{}], { credentials });
			expect(error?.message).toMatch(
				/^'Target URL' is not an address that Sinch can deliver to: http/,
			);
			expect(error?.description).toMatch(why);
			expect(error?.description).toMatch(/Production URL.*WEBHOOK_URL/);
		},
	);

	it('Webhook: Create never shows the secret, even if Sinch repeats it', async () => {
		const credentials = storeWith({ webhookSecret: PLANTED });
		nock(API)
			.post(`/v1/projects/${PROJECT_ID}/webhooks`)
			.reply(400, {
				error: {
					code: 400,
					message: `secret "${PLANTED}" is not allowed`,
					status: 'INVALID_ARGUMENT',
					details: [{ field: 'secret', value: PLANTED }],
				},
			})
			.get(`/v1/projects/${PROJECT_ID}/apps/${APP_ID}/webhooks`)
			.reply(200, { webhooks: [] });
		const targetUrl = 'https://n8n.example.com/webhook/x';
		const { error, runs } = await run('create', { targetUrl }, [{}], { credentials });
		expect(error?.description).toMatch(/Sinch says \(400\): secret ".*" is not allowed/);
		const shown = JSON.stringify([
			runs,
			error,
			Object.getOwnPropertyNames(error).map((name) => error?.[name as 'message']),
		]);
		expect(shown).not.toContain(PLANTED);
	});
});

it('Webhook: Delete deletes each webhook, and one that is not there is an error of its item', async () => {
	const ids = [(await add('https://example.com/a')).id, 'gone', (await add('https://b.com')).id];
	const { outputs } = await run(
		'delete',
		{ webhookId: '={{ $json.id }}' },
		ids.map((id) => ({ id })),
		{ onError: 'continueErrorOutput' },
	);
	expect(outputs[0].map(({ json }) => json)).toEqual([{ deleted: true }, { deleted: true }]);
	expect(outputs[1]).toMatchObject([{ json: { error: { httpCode: '404', item: 1 } } }]);
});

it('Webhook: Delete without an ID is an error before anything is sent', async () => {
	expect((await run('delete', { webhookId: '={{ "" }}' })).error?.message).toBe(
		"'Webhook' is empty",
	);
	expect((await simulated.control.log()).requests).toEqual([]);
});
