import type { Webhook } from '../../../nodes/SinchCapability/sinch/types';
import {
	createWebhook,
	isIntact,
	noFreeWebhook,
} from '../../../nodes/SinchCapability/transport/webhooks';
import { clientWith, LOST } from './support';

const N8N = 'https://n8n.example.com';
const ID = '3f2a7c1e-5b4d-4c8e-9a6f-1d2e3f4a5b6c';

const wanted = {
	app_id: 'app',
	target: `${N8N}/webhook/${ID}/capability`,
	triggers: ['CAPABILITY', 'OPT_IN'],
	secret: 'secret',
};
const registered: Webhook = { id: 'webhook', ...wanted, target_type: 'HTTP' };

const DIFFERENCES: Array<[string, Partial<Webhook>]> = [
	['another secret', { secret: 'other' }],
	['no secret', { secret: undefined }],
	['a target type that throws callbacks away', { target_type: 'DISMISS' }],
	['no target type', { target_type: undefined }],
	['a trigger less', { triggers: ['CAPABILITY'] }],
	['a trigger more', { triggers: ['CAPABILITY', 'OPT_IN', 'OPT_OUT'] }],
	['another trigger', { triggers: ['CAPABILITY', 'OPT_OUT'] }],
	['no triggers', { triggers: undefined }],
];

it('a webhook is intact with its secret, its type and its triggers in any order', () => {
	expect(isIntact({ ...registered, triggers: ['OPT_IN', 'CAPABILITY'] }, wanted)).toBe(true);
});

it.each(DIFFERENCES)('a webhook with %s is not intact', (_, difference) => {
	expect(isIntact({ ...registered, ...difference }, wanted)).toBe(false);
});

describe('a new webhook whose response was lost', () => {
	const createWith = (webhooks: Webhook[]) =>
		clientWith(({ method }) => (method === 'POST' ? undefined : { webhooks }));

	it('a webhook that Sinch has with the same address and settings is the result', async () => {
		const other = { ...registered, id: 'other', target: `${N8N}/webhook/other` };
		const same = { ...registered, target: wanted.target.replace('n8n', 'N8N') };
		const { client, asked } = createWith([other, same]);
		expect(await createWebhook(client, wanted)).toEqual(same);
		expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
			'POST /webhooks',
			'GET /apps/app/webhooks',
		]);
		expect(asked[0].body).toEqual({ ...wanted, target_type: 'HTTP' });
	});

	it.each([...DIFFERENCES, ['another address', { target: `${N8N}/webhook/other` }] as const])(
		'a webhook that Sinch has with %s is not the result',
		async (_, difference) => {
			const { client } = createWith([{ ...registered, ...difference }]);
			await expect(createWebhook(client, wanted)).rejects.toBe(LOST);
		},
	);
});

describe('when an app has all its webhooks', () => {
	const context = {
		getInstanceBaseUrl: () => `${N8N}/`,
		getRestApiUrl: () => `${N8N}/rest`,
	};
	const at = (target: string, id: string): Webhook => ({ ...registered, id, target });
	const trigger = (id: string) => at(wanted.target, id);
	const test = (id: string) => at(`${N8N}/webhook-test/${ID}/capability`, id);
	const other = (id: string) => at(`https://user:password@example.com/?key=${id}`, id);
	const adviceFor = (webhooks: Webhook[]) => noFreeWebhook(context, webhooks, 'try it again');

	it('there is a place for a fifth webhook', () => {
		expect(adviceFor([])).toBeUndefined();
		expect(adviceFor(['1', '2', '3', '4'].map(other))).toBeUndefined();
	});

	it('the error for a sixth webhook says how many there are', () => {
		expect(adviceFor(['1', '2', '3', '4', '5'].map(other))?.message).toBe(
			'The Sinch app already has 5 webhooks, the maximum',
		);
	});

	it('the error for a sixth webhook says what to do about each kind, without their secrets', () => {
		const webhooks = [trigger('1'), test('2'), other('3'), trigger('4'), other('5')];
		const own = `${N8N}/webhook/${ID}/capability`;
		expect(adviceFor(webhooks)?.description).toBe(
			[
				`Triggers of this n8n (2): ${own} (ID 1), ${own} (ID 4). Unpublish (deactivate) a workflow whose Sinch Capability Trigger you no longer need; one is enough for all workflows with Check Reachability and Wait.`,
				`Tests of a trigger in this n8n (1): ${N8N}/webhook-test/${ID}/capability (ID 2). When no test is running, delete these webhooks in the Sinch Build Dashboard, or with its ID and the operation Delete of the resource Webhook.`,
				'Others (2): https://example.com (ID 3), https://example.com (ID 5). Delete one that is no longer needed in the Sinch Build Dashboard, or with its ID and the operation Delete of the resource Webhook.',
				'Then try it again.',
			].join(' '),
		);
	});

	it.each([
		['triggers of this n8n', trigger],
		['tests of a trigger', test],
		['others', other],
	])('the error for a sixth webhook names no other kind when all are %s', (_, make) => {
		const description = adviceFor(['1', '2', '3', '4', '5'].map(make))?.description;
		expect(description).toMatch(/^(Triggers|Tests|Others)[^(]* \(5\): /);
		expect(description?.match(/\(\d\): /g)).toEqual(['(5): ']);
	});
});
