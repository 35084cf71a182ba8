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

describe('Get Many', () => {
	it("lists the webhooks of the credential's app without their secrets", async () => {
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

	it('lists those of another app, picked or typed or kept from a workflow without picker', async () => {
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

	it('of an unknown app is an error of its item', async () => {
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
});

describe('client credentials of a webhook', () => {
	beforeAll(() => nock.activate());

	afterAll(() => {
		nock.cleanAll();
		nock.restore();
	});

	it('are never returned', async () => {
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

describe('Delete', () => {
	it('deletes each, and one that is not there is an error of its item', async () => {
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

	it('without an ID is an error before anything is sent', async () => {
		expect((await run('delete', { webhookId: '={{ "" }}' })).error?.message).toBe(
			"'Webhook' is empty",
		);
		expect((await simulated.control.log()).requests).toEqual([]);
	});
});
