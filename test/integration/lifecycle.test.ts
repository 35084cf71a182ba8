import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { SinchCapabilityTrigger } from '../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import type { Webhook } from '../../nodes/SinchCapability/sinch/types';
import { hookContext } from '../support/engine';
import { simulate } from '../support/simulated';
import type { Simulated } from '../support/simulated';

const PRODUCTION =
	'https://n8n.example.com/webhook/3f0c3f5e-6f0e-4c50-9a3e-1d5f6c7b8a90/capability';
const TEST = PRODUCTION.replace('/webhook/', '/webhook-test/');

let simulated: Simulated;

beforeAll(async () => {
	simulated = await simulate();
});

afterEach(async () => await simulated.simulator.control.reset());

afterAll(async () => await simulated.simulator.stop());

const webhooks = async (appId = simulated.appId) =>
	(await simulated.api<{ webhooks: Webhook[] }>('GET', `/apps/${appId}/webhooks`)).webhooks;

const register = async (webhook: Partial<Webhook>) =>
	await simulated.api<Webhook>('POST', '/webhooks', { app_id: simulated.appId, ...webhook });

interface Setting {
	staticData?: IDataObject;
	webhookUrl?: string;
	parameters?: INodeParameters;
	credential?: IDataObject;
}

const trigger = ({
	staticData = {},
	webhookUrl = PRODUCTION,
	parameters,
	credential,
}: Setting = {}) =>
	hookContext(new SinchCapabilityTrigger(), {
		staticData,
		webhookUrl,
		parameters,
		credentials: simulated.store(credential as never),
	});

/** A registration as it should be at Sinch. */
const intact = (target: string, secret: unknown) => ({
	app_id: simulated.appId,
	target,
	target_type: 'HTTP',
	triggers: ['CAPABILITY'],
	secret,
});

const foreign = {
	target: 'https://crm.example.com/sinch',
	target_type: 'HTTP',
	triggers: ['MESSAGE_INBOUND'],
};

describe('activation', () => {
	it('registers one webhook with HTTP, CAPABILITY and a random secret', async () => {
		const [one, other] = [{}, {}] as [IDataObject, IDataObject];
		await trigger({ staticData: one }).activate();
		const [webhook, ...rest] = await webhooks();
		expect(rest).toEqual([]);
		expect(webhook).toMatchObject(intact(PRODUCTION, one.secret));
		expect(one).toEqual({ webhookId: webhook.id, secret: expect.stringMatching(/^[\w-]{43}$/) });
		await trigger({ staticData: other, webhookUrl: PRODUCTION.replace('3f0c', '4f0c') }).activate();
		expect(other.secret).not.toBe(one.secret);
	});

	it('again changes nothing', async () => {
		const staticData: IDataObject = {};
		await trigger({ staticData }).activate();
		const before = [await webhooks(), { ...staticData }];
		await trigger({ staticData }).activate();
		expect([await webhooks(), staticData]).toEqual(before);
	});

	it('listens to the app of the options', async () => {
		const dispatch = simulated.demo.apps.find(
			({ processingMode }) => processingMode === 'DISPATCH',
		)!;
		await trigger({ parameters: { options: { appId: dispatch.appId } } }).activate();
		expect(await webhooks(dispatch.appId)).toHaveLength(1);
		expect(await webhooks()).toEqual([]);
	});

	it.each([
		['has other triggers', { triggers: ['CAPABILITY', 'MESSAGE_INBOUND'] }],
		['throws its events away', { target_type: 'DISMISS' }],
		['has another secret', { secret: 'changed-by-somebody' }],
	])('mends its own webhook when it %s', async (_, difference) => {
		const staticData: IDataObject = {};
		await trigger({ staticData }).activate();
		const [{ id }] = await webhooks();
		await simulated.api('PATCH', `/webhooks/${id}?update_mask=${Object.keys(difference)[0]}`, {
			target: PRODUCTION,
			...difference,
		});
		await trigger({ staticData }).activate();
		expect(await webhooks()).toEqual([
			expect.objectContaining({ id, ...intact(PRODUCTION, staticData.secret) }),
		]);
	});

	it('adopts its own webhook when the static data is lost, with a new secret', async () => {
		const old: IDataObject = {};
		await trigger({ staticData: old }).activate();
		const staticData: IDataObject = {};
		await trigger({ staticData }).activate();
		expect(await webhooks()).toEqual([
			expect.objectContaining({ id: old.webhookId, ...intact(PRODUCTION, staticData.secret) }),
		]);
		expect(staticData.secret).not.toBe(old.secret);
	});

	it('adopts a webhook that a parallel activation made meanwhile', async () => {
		const staticData: IDataObject = {};
		const hook = trigger({ staticData });
		expect(await hook.checkExists()).toBe(false);
		await trigger().activate();
		expect(await hook.create()).toBe(true);
		expect(await webhooks()).toEqual([
			expect.objectContaining(intact(PRODUCTION, staticData.secret)),
		]);
	});

	it('names the five targets when the app has no free webhook', async () => {
		const targets = [1, 2, 3, 4, 5].map((n) => `https://crm.example.com/${n}`);
		for (const target of targets) await register({ ...foreign, target });
		await expect(trigger().activate()).rejects.toThrow(
			new RegExp(`no free webhook: its 5 go to ${targets.join(', ')}\\. Delete one`),
		);
		expect(await webhooks()).toHaveLength(5);
	});

	it.each([
		['a wrong key', { keySecret: 'wrong' }, 'Sinch did not accept the access key'],
		['an unknown app', { appId: '01SANDB0XN0SVCHAPP00000001' }, 'Sinch found no such app'],
		[
			'an address where nobody answers',
			{ apiUrl: 'http://127.0.0.1:9', accessToken: 'x' },
			'Sinch could not be reached',
		],
	])('fails in plain words with %s', async (_, credential, message) => {
		await expect(trigger({ credential }).activate()).rejects.toThrow(message);
		expect(await webhooks()).toEqual([]);
	});

	it('is refused for an address that the real Sinch cannot reach', async () => {
		const hook = trigger({
			webhookUrl: PRODUCTION.replace('https://n8n.example.com', 'http://localhost:5678'),
			credential: { region: 'us' },
		});
		await expect(hook.activate()).rejects.toThrow(/localhost is not reachable.*WEBHOOK_URL/);
	});
});

describe('deactivation', () => {
	it('deletes its own webhook and no other', async () => {
		const other = await register(foreign);
		const staticData: IDataObject = {};
		const hook = trigger({ staticData });
		await hook.activate();
		expect(await webhooks()).toHaveLength(2);
		await hook.delete();
		expect((await webhooks()).map(({ id }) => id)).toEqual([other.id]);
		expect(staticData).toEqual({});
	});

	it('finds its own by its target when the static data is lost', async () => {
		await trigger().activate();
		await trigger().delete();
		expect(await webhooks()).toEqual([]);
	});

	it('is content when the webhook is gone already', async () => {
		const staticData: IDataObject = {};
		const hook = trigger({ staticData });
		await hook.activate();
		await simulated.api('DELETE', `/webhooks/${String(staticData.webhookId)}`);
		await expect(hook.delete()).resolves.toBe(true);
	});

	it('reports when Sinch has a problem, and keeps what is needed to try again', async () => {
		const staticData: IDataObject = {};
		const hook = trigger({ staticData });
		await hook.activate();
		await simulated.simulator.control.faults({
			target: 'webhooks',
			method: 'DELETE',
			kind: 'status',
			status: 503,
		});
		await expect(hook.delete()).rejects.toThrow('Sinch has a problem');
		expect(staticData.webhookId).toBeDefined();
		await hook.delete();
		expect(await webhooks()).toEqual([]);
	});
});

describe('listening for a test while the workflow is active', () => {
	it('leaves the production webhook and its secret alone', async () => {
		const [production, test] = [{}, {}] as [IDataObject, IDataObject];
		await trigger({ staticData: production }).activate();
		const listening = trigger({ staticData: test, webhookUrl: TEST });
		await listening.activate();
		expect((await webhooks()).map(({ target, secret }) => [target, secret])).toEqual([
			[PRODUCTION, production.secret],
			[TEST, test.secret],
		]);
		await listening.delete();
		expect(await webhooks()).toEqual([
			expect.objectContaining(intact(PRODUCTION, production.secret)),
		]);
	});
});
