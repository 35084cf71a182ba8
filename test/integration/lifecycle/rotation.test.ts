import type { IDataObject } from 'n8n-workflow';

import { signed } from '../../support/signed';
import { PRODUCTION, useRegistrations, statusFor } from './support';

const sinch = useRegistrations();

const MOVED = PRODUCTION.replace('n8n.example.com', 'automation.example.org');

const callback = (secret: unknown) => signed({}, { secret: secret as string });

const retiredIn = (globalData: IDataObject) =>
	globalData.sinchCapabilityRetired as Array<{ secret: string; until: number }>;

const targets = async () => (await sinch.webhooks()).map(({ target }) => target);

/** A trigger that was activated, deactivated and activated again. */
const rotated = async (parameters?: Record<string, never>) => {
	const [staticData, globalData]: IDataObject[] = [{}, {}];
	const hook = sinch.trigger({ staticData, globalData, parameters });
	await hook.activate();
	const { secret } = staticData;
	await hook.delete();
	await hook.activate();
	return { staticData, globalData, former: secret };
};

it('a new activation makes a new secret, and callbacks signed with the former one are accepted', async () => {
	const { staticData, globalData, former } = await rotated();
	const status = async (secret: unknown) =>
		await statusFor(callback(secret), staticData, globalData);
	expect(staticData.secret).not.toBe(former);
	expect(await status(staticData.secret)).toBe(200);
	expect(await status(former)).toBe(200);
	expect(await status('another')).toBe(401);
});

it.each([
	['the default age limit', 24, undefined],
	['an age limit of 72 hours', 72, { options: { maxAgeHours: 72 } }],
	['no age limit', 24, { options: { maxAgeHours: 0 } }],
])(
	'with %s, a new activation accepts the former secret for %s hours and no longer',
	async (_, hours, parameters) => {
		const { staticData, globalData, former } = await rotated(parameters as never);
		const [retired, ...others] = retiredIn(globalData);
		expect([retired.secret, others]).toEqual([former, []]);
		expect((retired.until - Date.now()) / 3_600_000).toBeCloseTo(hours, 1);
		retired.until = Date.now() - 1;
		expect(await statusFor(callback(former), staticData, globalData)).toBe(401);
	},
);

it('a former secret whose time is over leaves the database when n8n looks at the trigger', async () => {
	const { staticData, globalData } = await rotated();
	const hook = sinch.trigger({ staticData, globalData });
	await hook.checkExists();
	expect(retiredIn(globalData)).toHaveLength(1);
	retiredIn(globalData)[0].until = Date.now() - 1;
	await hook.checkExists();
	expect(retiredIn(globalData)).toEqual([]);
});

it('signatures are still verified after deactivation', async () => {
	const [staticData, globalData]: IDataObject[] = [{}, {}];
	const hook = sinch.trigger({ staticData, globalData });
	await hook.activate();
	const { secret } = staticData;
	await hook.delete();
	expect(await statusFor(callback(secret), staticData, globalData)).toBe(200);
	expect(await statusFor(callback(''), staticData, globalData)).toBe(401);
});

it('a trigger that was renamed and published again accepts callbacks signed with its former secret', async () => {
	const [before, after, globalData]: IDataObject[] = [{}, {}, {}];
	const former = sinch.trigger({ staticData: before, globalData, nodeName: 'Sinch' });
	await former.activate();
	const { secret } = before;
	await former.delete();
	await sinch.trigger({ staticData: after, globalData, nodeName: 'Answers' }).activate();
	expect(after.secret).not.toBe(secret);
	expect(await statusFor(callback(secret), after, globalData)).toBe(200);
	expect(await statusFor(callback('another'), after, globalData)).toBe(401);
});

it('a trigger that was published again accepts secrets that an older version of the package has retired in the data of the node', async () => {
	const retired = [{ secret: 'of the older version', until: Date.now() + 60_000 }];
	const [staticData, globalData]: IDataObject[] = [{ retired }, {}];
	await sinch.trigger({ staticData, globalData }).activate();
	const own = staticData.secret;
	await sinch.trigger({ staticData, globalData }).delete();
	for (const secret of [own, 'of the older version']) {
		expect(await statusFor(callback(secret), staticData, globalData)).toBe(200);
	}
	expect(staticData).toEqual({});
});

it('a secret that someone has set at Sinch is replaced, and accepted for a while', async () => {
	const [staticData, globalData]: IDataObject[] = [{}, {}];
	await sinch.trigger({ staticData, globalData }).activate();
	const { webhookId, secret } = staticData;
	const change = { target: PRODUCTION, secret: 'changed-by-someone' };
	await sinch.api('PATCH', `/webhooks/${String(webhookId)}?update_mask=secret`, change);
	await sinch.trigger({ staticData, globalData }).activate();
	expect(await sinch.webhooks()).toMatchObject([{ id: webhookId, secret }]);
	expect(await statusFor(callback('changed-by-someone'), staticData, globalData)).toBe(200);
});

it("after a change of n8n's address, the old webhook is removed and a new one made, though all places are taken", async () => {
	const [staticData, globalData]: IDataObject[] = [{}, {}];
	await sinch.trigger({ staticData, globalData }).activate();
	const { webhookId, secret } = staticData;
	for (const n of [1, 2, 3, 4]) await sinch.register({ target: `https://crm.example.com/${n}` });
	await sinch.trigger({ staticData, globalData, webhookUrl: MOVED }).activate();
	expect(await targets()).toEqual(expect.arrayContaining([MOVED]));
	expect(await targets()).not.toContain(PRODUCTION);
	expect(staticData).toMatchObject({ target: MOVED });
	expect(staticData.webhookId).not.toBe(webhookId);
	expect(await statusFor(callback(secret), staticData, globalData)).toBe(200);
});

it("after a change of n8n's address, a failed deletion of the old webhook is reported, and tried again at the next activation", async () => {
	const staticData: IDataObject = {};
	await sinch.trigger({ staticData }).activate();
	await sinch.control.faults({
		target: 'webhooks',
		method: 'DELETE',
		kind: 'status',
		status: 503,
		times: 3,
	});
	const moved = sinch.trigger({ staticData, webhookUrl: MOVED });
	await expect(moved.activate()).rejects.toThrow(
		/Sinch is not available at the moment\. Try again/,
	);
	expect(await targets()).toEqual([PRODUCTION]);
	await moved.activate();
	expect(await targets()).toEqual([MOVED]);
});

it("after a change of n8n's address, an old webhook that is already removed is accepted", async () => {
	const staticData: IDataObject = {};
	await sinch.trigger({ staticData }).activate();
	await sinch.api('DELETE', `/webhooks/${String(staticData.webhookId)}`);
	await sinch.trigger({ staticData, webhookUrl: MOVED }).activate();
	expect(await targets()).toEqual([MOVED]);
});

it('the webhook of the former app is removed when another app is chosen', async () => {
	const staticData: IDataObject = {};
	await sinch.trigger({ staticData }).activate();
	const other = sinch.demo.apps.find(({ appId }) => appId !== sinch.appId)!;
	const parameters = { options: { appId: other.appId } };
	await sinch.trigger({ staticData, parameters }).activate();
	expect(await sinch.webhooks()).toEqual([]);
	expect(await sinch.webhooks(other.appId)).toMatchObject([{ id: staticData.webhookId }]);
});

it('the log names the webhook that no one can delete any more when another project is chosen', async () => {
	const staticData: IDataObject = {};
	await sinch.trigger({ staticData }).activate();
	const { webhookId } = staticData;
	const otherProject = sinch.trigger({ staticData, credential: { ...sinch.demo.otherProject } });
	const logger = await otherProject.run((context) => context.logger);
	const warn = jest.spyOn(logger, 'warn');
	await otherProject.activate();
	expect(warn.mock.calls).toEqual([
		[expect.stringContaining(`the webhook ${String(webhookId)} of`)],
	]);
	expect(staticData).toMatchObject({ projectId: sinch.demo.otherProject.projectId });
	expect(await targets()).toEqual([PRODUCTION]);
	expect(staticData.webhookId).not.toBe(webhookId);
});

it('the webhook of the former region is named, and not forgotten, when another region is chosen', async () => {
	const staticData: IDataObject = {};
	await sinch.trigger({ staticData }).activate();
	const { webhookId } = staticData;
	staticData.apiUrl = 'https://us.conversation.api.sinch.com';
	const otherRegion = sinch.trigger({ staticData, webhookUrl: MOVED.replace('automation', 'n8n') });
	const logger = await otherRegion.run((context) => context.logger);
	const warn = jest.spyOn(logger, 'warn').mockClear();
	await otherRegion.delete();
	expect(warn.mock.calls).toEqual([
		[expect.stringContaining(`the webhook ${String(webhookId)} of`)],
	]);
	expect(await targets()).toEqual([PRODUCTION]);
});

it('the webhook of the original stays when a copied workflow has its static data', async () => {
	const original: IDataObject = {};
	await sinch.trigger({ staticData: original }).activate();
	const copy = { ...original };
	const copyUrl = PRODUCTION.replace('3f0c3f5e', '4f0c3f5e');
	await sinch.trigger({ staticData: copy, webhookUrl: copyUrl }).activate();
	expect(await targets()).toEqual([PRODUCTION, copyUrl]);
	expect(copy.secret).not.toBe(original.secret);
	await sinch.trigger({ staticData: copy, webhookUrl: copyUrl }).delete();
	expect(await targets()).toEqual([PRODUCTION]);
});

it('two activations of the same node at once both have the secret that Sinch signs with', async () => {
	const [one, other]: IDataObject[] = [{}, {}];
	const hooks = [one, other].map((staticData) => sinch.trigger({ staticData }));
	expect(await Promise.all(hooks.map(async (hook) => await hook.checkExists()))).toEqual([
		false,
		false,
	]);
	await Promise.all(hooks.map(async (hook) => await hook.create()));
	const [webhook, ...rest] = await sinch.webhooks();
	expect(rest).toEqual([]);
	expect([one.secret, other.secret]).toEqual([webhook.secret, webhook.secret]);
	expect([one.webhookId, other.webhookId]).toEqual([webhook.id, webhook.id]);
});
