import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { foreign, PRODUCTION, useRegistrations, TEST } from './support';

const sinch = useRegistrations();

it('activation registers one webhook with HTTP, CAPABILITY and a random secret', async () => {
	const [one, other] = [{}, {}] as [IDataObject, IDataObject];
	await sinch.trigger({ staticData: one }).activate();
	const [webhook, ...rest] = await sinch.webhooks();
	expect(rest).toEqual([]);
	expect(webhook).toMatchObject(sinch.intact(PRODUCTION, one.secret));
	expect(one).toEqual({
		webhookId: webhook.id,
		instanceId: expect.stringMatching(/^[\da-f]{64}$/),
		secret: expect.stringMatching(/^[\w-]{43}$/),
		target: PRODUCTION,
		appId: sinch.appId,
		projectId: sinch.demo.project.projectId,
		apiUrl: expect.stringMatching(/^http:..127.0.0.1:/),
	});
	await sinch
		.trigger({ staticData: other, webhookUrl: PRODUCTION.replace('3f0c', '4f0c') })
		.activate();
	expect(other.secret).not.toBe(one.secret);
});

it('activation changes nothing when repeated', async () => {
	const staticData: IDataObject = {};
	await sinch.trigger({ staticData }).activate();
	const before = [await sinch.webhooks(), { ...staticData }];
	await sinch.control.clearLog();
	await sinch.trigger({ staticData }).activate();
	const { requests } = await sinch.control.log();
	expect(requests.filter(({ method }) => ['PATCH', 'DELETE'].includes(method))).toEqual([]);
	expect([await sinch.webhooks(), staticData]).toEqual(before);
});

it.each<[string, (id: string) => string | INodeParameters]>([
	['typed before there was a picker', (id) => id],
	['picked', (value) => ({ __rl: true, mode: 'list', value })],
])('activation listens to the app of the options when it was %s', async (_, chosen) => {
	const dispatch = sinch.demo.apps.find(({ processingMode }) => processingMode === 'DISPATCH')!;
	await sinch.trigger({ parameters: { options: { appId: chosen(dispatch.appId) } } }).activate();
	expect(await sinch.webhooks(dispatch.appId)).toHaveLength(1);
	expect(await sinch.webhooks()).toEqual([]);
});

it.each([
	['has another trigger', { triggers: ['MESSAGE_INBOUND'] }],
	['has more triggers', { triggers: ['CAPABILITY', 'MESSAGE_INBOUND'] }],
	['throws its events away', { target_type: 'DISMISS' }],
	['has another secret', { secret: 'changed-by-somebody' }],
])('activation repairs its own webhook when it %s', async (_, difference) => {
	const staticData: IDataObject = {};
	await sinch.trigger({ staticData }).activate();
	const [{ id }] = await sinch.webhooks();
	await sinch.api('PATCH', `/webhooks/${id}?update_mask=${Object.keys(difference)[0]}`, {
		target: PRODUCTION,
		...difference,
	});
	await sinch.trigger({ staticData }).activate();
	expect(await sinch.webhooks()).toEqual([
		expect.objectContaining({ id, ...sinch.intact(PRODUCTION, staticData.secret) }),
	]);
});

it('activation adopts its own webhook when the static data is lost, with the secret it has', async () => {
	const old: IDataObject = {};
	await sinch.trigger({ staticData: old }).activate();
	const staticData: IDataObject = {};
	await sinch.trigger({ staticData }).activate();
	expect(await sinch.webhooks()).toEqual([
		expect.objectContaining({
			id: old.webhookId,
			...sinch.intact(PRODUCTION, staticData.secret),
		}),
	]);
	expect(staticData.secret).toBe(old.secret);
});

it('activation adopts a webhook that a parallel activation has created', async () => {
	const staticData: IDataObject = {};
	const hook = sinch.trigger({ staticData });
	expect(await hook.checkExists()).toBe(false);
	await sinch.trigger().activate();
	expect(await hook.create()).toBe(true);
	expect(await sinch.webhooks()).toEqual([
		expect.objectContaining(sinch.intact(PRODUCTION, staticData.secret)),
	]);
});

it('activation says what to do about each of the five webhooks when the app has no free place', async () => {
	const own = PRODUCTION.replace('3f0c', '4f0c');
	const test = TEST.replace('3f0c', '5f0c');
	const others = ['https://crm.example.com/1', 'https://n8n.example.com.evil/webhook/x/capability'];
	const ids: Record<string, string> = {};
	for (const target of [own, `${own}-finished`, test, ...others]) {
		ids[target] = (await sinch.register({ ...foreign, target })).id;
	}
	const listed = (...targets: string[]) =>
		targets.map((target) => `${target} (ID ${ids[target]})`).join(', ');
	const deletion =
		'in the Sinch Build Dashboard, or with its ID and the operation Delete of the resource Webhook.';
	await expect(sinch.trigger().activate()).rejects.toThrow(
		[
			'The Sinch app already has 5 webhooks, the maximum.',
			`Triggers of this n8n (2): ${listed(own, `${own}-finished`)}. Unpublish (deactivate) a workflow whose Sinch Capability Trigger you no longer need; one is enough for all workflows with Check Reachability and Wait.`,
			`Tests of a trigger in this n8n (1): ${listed(test)}. When no test is running, delete these webhooks ${deletion}`,
			`Others (2): ${listed(...others)}. Delete one that is no longer needed ${deletion}`,
			'Then publish (activate) or test the workflow again.',
		].join(' '),
	);
	expect(await sinch.webhooks()).toHaveLength(5);
});

it.each([
	['a wrong key', { keySecret: 'wrong' }, 'Sinch does not know this access key'],
	['an unknown app', { appId: '01SANDB0XN0SVCHAPP00000001' }, 'Sinch could not find the app'],
	[
		'an address where no one answers',
		{ apiUrl: 'http://127.0.0.1:9', accessToken: 'x' },
		/^Sinch could not be reached at .*: it refused the connection/,
	],
])('activation fails in plain words with %s', async (_, credential, message) => {
	await expect(sinch.trigger({ credential }).activate()).rejects.toThrow(message);
	expect(await sinch.webhooks()).toEqual([]);
});

it('activation is refused for an App ID that would lead elsewhere, and nothing is sent', async () => {
	const appId = { __rl: true, mode: 'id', value: '..' };
	await expect(sinch.trigger({ parameters: { options: { appId } } }).activate()).rejects.toThrow(
		/^'App' has a value that cannot be used: \.\. Correct this option, or remove it\.$/,
	);
	expect((await sinch.control.log()).requests).toEqual([]);
});

it.each([
	['', "'App' is empty. Enter an App ID in the credential, or choose an app in this node."],
	['..', "'App' is not an ID: .. An ID has 26 letters and digits."],
	['01W4 5', "'App' contains spaces: 01W4 5. An ID has 26 letters and digits and no spaces."],
])(
	'activation is refused for the App ID %j in the credential, and nothing is sent',
	async (appId, message) => {
		const activation = sinch.trigger({ credential: { appId } }).activate();
		await expect(activation).rejects.toMatchObject({ message });
		expect((await sinch.control.log()).requests).toEqual([]);
	},
);

it('a trigger removes its webhook even when the credential has no App ID any more', async () => {
	const staticData = {};
	await sinch.trigger({ staticData }).activate();
	await sinch.trigger({ staticData, credential: { appId: '' } }).delete();
	expect(await sinch.webhooks()).toEqual([]);
});

it('activation is refused for an option that cannot be used, and nothing is sent', async () => {
	const parameters = { options: { channels: '={{ "RCS, Pigeon" }}' } };
	await expect(sinch.trigger({ parameters }).activate()).rejects.toThrow(
		/^'Channels' has a value that cannot be used: RCS, Pigeon\. Correct this option, or remove it\.$/,
	);
	expect((await sinch.control.log()).requests).toEqual([]);
});

it('activation is refused, by the name of the field, for an app that an expression cannot give', async () => {
	const value = '={{ $("Nowhere").item.json.app }}';
	const parameters = { options: { appId: { __rl: true, mode: 'id', value } } };
	await expect(sinch.trigger({ parameters }).activate()).rejects.toThrow(/^'App' /);
	expect((await sinch.control.log()).requests).toEqual([]);
});

it('activation is refused for an address that the real Sinch cannot reach', async () => {
	const hook = sinch.trigger({
		webhookUrl: PRODUCTION.replace('https://n8n.example.com', 'http://localhost:5678'),
		credential: { region: 'us' },
	});
	await expect(hook.activate()).rejects.toThrow(/localhost is not reachable.*WEBHOOK_URL/);
});

describe('a start of n8n with an option that cannot be used, which an older version ignored', () => {
	const parameters = { options: { channels: '={{ "RCS, Pigeon" }}' } };

	it('a start of n8n with an option that cannot be used keeps the registered webhook, and writes the option into the log', async () => {
		const staticData: IDataObject = {};
		await sinch.trigger({ staticData }).activate();
		const before = await sinch.webhooks();
		const hook = sinch.trigger({ staticData, parameters });
		const warn = jest.spyOn(await hook.run((context) => context.logger), 'warn').mockClear();
		expect(await hook.checkExists()).toBe(true);
		expect(await sinch.webhooks()).toEqual(before);
		expect(warn.mock.calls).toEqual([[expect.stringContaining("'Channels' has a value")]]);
	});

	it('a start of n8n with an option that cannot be used repairs the webhook at Sinch', async () => {
		const staticData: IDataObject = {};
		await sinch.trigger({ staticData }).activate();
		await sinch.api('PATCH', `/webhooks/${String(staticData.webhookId)}?update_mask=triggers`, {
			target: PRODUCTION,
			triggers: ['MESSAGE_INBOUND'],
		});
		expect(await sinch.trigger({ staticData, parameters }).checkExists()).toBe(true);
		expect(await sinch.webhooks()).toMatchObject([sinch.intact(PRODUCTION, staticData.secret)]);
	});

	it('activation with an option that cannot be used is refused when the webhook has to be created', async () => {
		const staticData: IDataObject = {};
		await sinch.trigger({ staticData }).activate();
		await sinch.api('DELETE', `/webhooks/${String(staticData.webhookId)}`);
		await expect(sinch.trigger({ staticData, parameters }).activate()).rejects.toThrow(
			/^'Channels' has a value that cannot be used: RCS, Pigeon\. Correct this option/,
		);
		expect(await sinch.webhooks()).toEqual([]);
	});
});

it('deactivation deletes its own webhook and no other', async () => {
	const other = await sinch.register(foreign);
	const [staticData, globalData]: IDataObject[] = [{}, {}];
	const hook = sinch.trigger({ staticData, globalData });
	await hook.activate();
	expect(await sinch.webhooks()).toHaveLength(2);
	await hook.delete();
	expect((await sinch.webhooks()).map(({ id }) => id)).toEqual([other.id]);
	expect(staticData).toEqual({});
	expect(globalData).toEqual({
		sinchCapabilityRetired: [expect.objectContaining({ secret: expect.anything() })],
	});
});

it('deactivation finds its own webhook by its target when the static data is lost', async () => {
	await sinch.trigger().activate();
	await sinch.trigger().delete();
	expect(await sinch.webhooks()).toEqual([]);
});

it('deactivation accepts that the webhook is already gone', async () => {
	const staticData: IDataObject = {};
	const hook = sinch.trigger({ staticData });
	await hook.activate();
	await sinch.api('DELETE', `/webhooks/${String(staticData.webhookId)}`);
	await expect(hook.delete()).resolves.toBe(true);
});

it('listening for a test while the workflow is active leaves the production webhook and its secret alone', async () => {
	const [production, test] = [{}, {}] as [IDataObject, IDataObject];
	await sinch.trigger({ staticData: production }).activate();
	const listening = sinch.trigger({ staticData: test, webhookUrl: TEST });
	await listening.activate();
	expect((await sinch.webhooks()).map(({ target, secret }) => [target, secret])).toEqual([
		[PRODUCTION, production.secret],
		[TEST, test.secret],
	]);
	await listening.delete();
	expect(await sinch.webhooks()).toEqual([
		expect.objectContaining(sinch.intact(PRODUCTION, production.secret)),
	]);
});
