import type { IDataObject } from 'n8n-workflow';

import { SinchCapabilityTrigger } from '../../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import { callWebhook } from '../../support/engine';
import { signed } from '../../support/signed';
import { PRODUCTION, TEST, useRegistrations } from './support';

const sinch = useRegistrations();

let nodes = 0;

/** The address of a node that no other test has, because a process remembers when it has looked. */
const nextTarget = () => PRODUCTION.replace('3f0c3f5e', `${++nodes}`.padStart(8, '0'));

const status = async (
	webhookUrl: string,
	staticData: IDataObject,
	secret: unknown,
	globalData?: IDataObject,
) => {
	const { response } = await callWebhook(new SinchCapabilityTrigger(), {
		staticData,
		globalData,
		webhookUrl,
		credentials: sinch.store(),
		request: signed({}, { secret: secret as string }),
	});
	return response.status;
};

/** The static data of a restored backup: the webhook has another secret at Sinch by now. */
async function restored() {
	const webhookUrl = nextTarget();
	const current: IDataObject = {};
	await sinch.trigger({ staticData: current, webhookUrl }).activate();
	await sinch.control.clearLog();
	const backup: IDataObject = { ...current, webhookId: '01BACKVP', secret: 'of-the-backup' };
	return { webhookUrl, current, backup };
}

const looks = async () =>
	(await sinch.control.log()).requests.filter(({ path }) => path.endsWith('/webhooks')).length;

it('a trigger with an older secret than its webhook at Sinch refuses the first answer with 503, and accepts its repeat and all that follow', async () => {
	const { webhookUrl, current, backup } = await restored();
	const globalData: IDataObject = {};
	expect(await status(webhookUrl, backup, current.secret, globalData)).toBe(503);
	expect(await status(webhookUrl, backup, current.secret, globalData)).toBe(200);
	expect(backup).toMatchObject({ webhookId: current.webhookId, secret: current.secret });
	expect(await status(webhookUrl, backup, 'of-the-backup', globalData)).toBe(200);
	expect(await looks()).toBe(1);
});

it('a trigger with an older secret than its webhook at Sinch has any number of answers at once repeated, with one look at Sinch', async () => {
	const { webhookUrl, current, backup } = await restored();
	const all = await Promise.all(
		Array.from({ length: 25 }, async () => await status(webhookUrl, backup, current.secret)),
	);
	expect(new Set(all)).toEqual(new Set([503]));
	expect(await status(webhookUrl, backup, current.secret)).toBe(200);
	expect(await looks()).toBe(1);
});

it('a trigger that has lost its static data has answers repeated, and then accepts them', async () => {
	const { webhookUrl, current } = await restored();
	const nothing: IDataObject = {};
	expect(await status(webhookUrl, nothing, current.secret)).toBe(503);
	expect(await status(webhookUrl, nothing, current.secret)).toBe(200);
});

it('a trigger repairs itself also when the request that made it look was forged', async () => {
	const { webhookUrl, current, backup } = await restored();
	expect(await status(webhookUrl, backup, 'forged')).toBe(503);
	expect(await status(webhookUrl, backup, current.secret)).toBe(200);
	expect(await looks()).toBe(1);
});

it('a trigger has answers repeated while Sinch does not give the list of webhooks', async () => {
	const { webhookUrl, current, backup } = await restored();
	await sinch.control.faults({ target: 'webhooks', kind: 'status', status: 503, times: 5 });
	expect(await status(webhookUrl, backup, current.secret)).toBe(503);
	expect(backup.secret).toBe('of-the-backup');
});

it('a hundred forged requests are refused with one look at Sinch', async () => {
	const { webhookUrl, current } = await restored();
	for (let n = 0; n < 100; n++) {
		expect(await status(webhookUrl, current, `forged ${n}`)).toBe(401);
	}
	expect(await looks()).toBe(1);
	expect(await status(webhookUrl, current, current.secret)).toBe(200);
});

it('a request without a signature is refused without a look at Sinch', async () => {
	const { webhookUrl, backup } = await restored();
	const { response } = await callWebhook(new SinchCapabilityTrigger(), {
		staticData: backup,
		webhookUrl,
		credentials: sinch.store(),
		request: { body: {} },
	});
	expect([response.status, await looks()]).toEqual([401, 0]);
});

it('a request with a wrong signature is refused without a look at Sinch during a test', async () => {
	const { current } = await restored();
	expect([await status(TEST, { secret: 'another' }, current.secret), await looks()]).toEqual([
		401, 0,
	]);
});

it.each<[string, (id: string) => Promise<unknown>, string]>([
	[
		'is gone',
		async (id) => await sinch.api('DELETE', `/webhooks/${id}`),
		'Sinch has no webhook with its address',
	],
	[
		'has no secret',
		async (id) =>
			await sinch.api('PATCH', `/webhooks/${id}?update_mask=secret`, {
				target: PRODUCTION,
				secret: '',
			}),
		'its webhook at Sinch has no secret',
	],
])('the log says what helps when the webhook %s at Sinch', async (_, spoil, problem) => {
	const { webhookUrl, current } = await restored();
	await spoil(String(current.webhookId));
	const logger = await sinch.trigger().run((context) => context.logger);
	const warn = jest.spyOn(logger, 'warn').mockClear();
	expect(await status(webhookUrl, current, 'forged')).toBe(401);
	expect(warn.mock.calls.flat()).toContain(
		`Sinch Capability Trigger: the signature of a request is not valid, and ${problem}. To repair it, unpublish (deactivate) the workflow and publish (activate) it again.`,
	);
});

it('a trigger does not adopt the secret of another webhook', async () => {
	const webhookUrl = nextTarget();
	const others = [
		webhookUrl.replace('n8n.example.com', 'n8n.example.com.evil'),
		webhookUrl.replace('/webhook/', '/webhook-test/'),
		`${webhookUrl}-finished`,
		nextTarget(),
	];
	for (const target of others) {
		await sinch.register({ target, triggers: ['CAPABILITY'], secret: 'of-a-stranger' });
	}
	const staticData: IDataObject = { secret: 'own', webhookId: '01BACKVP' };
	expect(await status(webhookUrl, staticData, 'of-a-stranger')).toBe(401);
	expect(await status(webhookUrl, staticData, 'of-a-stranger')).toBe(401);
	expect(staticData).toEqual({ secret: 'own', webhookId: '01BACKVP' });
});
