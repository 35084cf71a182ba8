import { startSinch } from './support';
import type { Sinch, WebhookShape } from './support';

let sinch: Sinch;
beforeAll(async () => (sinch = await startSinch()));
afterAll(async () => await sinch.stop());
beforeEach(async () => await sinch.control.reset());

const target = 'https://n8n.example.com/webhook/1/capability';
const list = async () =>
	(await sinch.call<{ webhooks: WebhookShape[] }>('GET', `/apps/${sinch.appId}/webhooks`)).body;
const refusal = async (fields: object) => {
	const body = { app_id: sinch.appId, target, ...fields };
	return await sinch.call('POST', '/webhooks', body);
};

it('webhooks are created, read, listed and deleted', async () => {
	const created = await sinch.addWebhook({ target, secret: 'CactusKnight_SurfsWaves' });
	expect(created).toEqual({
		id: expect.stringMatching(/^[0-9A-Z]{26}$/),
		app_id: sinch.appId,
		target,
		target_type: 'HTTP',
		secret: 'CactusKnight_SurfsWaves',
		triggers: ['CAPABILITY'],
		client_credentials: null,
	});
	expect((await sinch.call('GET', `/webhooks/${created.id}`)).body).toEqual(created);
	expect(await list()).toEqual({ webhooks: [created] });

	const deleted = await sinch.call('DELETE', `/webhooks/${created.id}`);
	expect([deleted.status, deleted.body]).toEqual([200, {}]);
	expect(await list()).toEqual({ webhooks: [] });
	expect((await sinch.call('DELETE', `/webhooks/${created.id}`)).status).toBe(404);
	expect((await sinch.call('GET', `/webhooks/${created.id}`)).status).toBe(404);
});

it('webhooks subscribe to nothing by default', async () => {
	const { body } = await sinch.call('POST', '/webhooks', { app_id: sinch.appId, target });
	expect(body).toMatchObject({ target_type: 'DISMISS', triggers: [], secret: '' });
});

it('webhooks accept a target of 742 characters and no longer one', async () => {
	const long = target.padEnd(742, 'x');
	expect((await refusal({ target: long })).status).toBe(200);
	expect((await refusal({ target: `${long}x` })).status).toBe(400);
});

it.each([
	['no target', { target: undefined }],
	['a target that is no address', { target: 'n8n' }],
	['a target that is not HTTP', { target: 'ftp://n8n.example.com/' }],
	['a target at Sinch', { target: 'https://a.conversation-api.prod.sinch.com/x' }],
	['an app id that is no ULID', { app_id: 'my-app' }],
	['no app id', { app_id: undefined }],
	['an unknown target type', { target_type: 'GRPC' }],
	['the unspecified trigger', { triggers: ['UNSPECIFIED_TRIGGER'] }],
	['an unknown trigger', { triggers: ['CAPABILITIES'] }],
	['a trigger twice', { triggers: ['CAPABILITY', 'CAPABILITY'] }],
	['a trigger that is no list', { triggers: 'CAPABILITY' }],
])('a webhook is refused with %s', async (_what, fields) => {
	const { status, body } = await refusal(fields);
	expect([status, body.error.status]).toEqual([400, 'INVALID_ARGUMENT']);
	expect((await list()).webhooks).toEqual([]);
});

it('webhooks are refused for an app that is not in the project', async () => {
	expect((await refusal({ app_id: sinch.demo.otherProject.appId })).status).toBe(404);
	const path = `/apps/${sinch.demo.otherProject.appId}/webhooks`;
	expect((await sinch.call('GET', path)).status).toBe(404);
});

it('webhooks have different targets, and there are five for each app', async () => {
	await sinch.addWebhook({ target });
	expect((await refusal({})).body.error.message).toContain(target);
	for (const number of [2, 3, 4, 5]) await sinch.addWebhook({ target: `${target}/${number}` });
	const sixth = await refusal({ target: `${target}/6` });
	expect([sixth.status, sixth.body.error.status]).toEqual([400, 'INVALID_ARGUMENT']);
	await sinch.addWebhook({ target, app_id: sinch.dispatchAppId });
	expect((await list()).webhooks).toHaveLength(5);
});

it('webhooks are not created by POST to the list of an app, nor replaced by PUT', async () => {
	const { id } = await sinch.addWebhook({ target });
	for (const [method, path] of [
		['POST', `/apps/${sinch.appId}/webhooks`],
		['PUT', `/webhooks/${id}`],
		['GET', '/webhooks'],
	] as const) {
		const body = method === 'GET' ? undefined : { target };
		const answer = await sinch.call(method, path, body);
		expect([answer.status, answer.body.error.status]).toEqual([501, 'UNIMPLEMENTED']);
	}
});

it('webhooks refuse a body that is not JSON', async () => {
	const body = JSON.stringify({ app_id: sinch.appId, target });
	const asText = await sinch.call('POST', '/webhooks', body, { 'content-type': 'text/plain' });
	expect([asText.status, asText.body.error.message]).toEqual([
		400,
		'Content-Type must be application/json',
	]);
	expect((await sinch.call('POST', '/webhooks', '{"app_id":')).status).toBe(400);
});

it('webhooks with a client credential of their own are said to be beyond the simulator', async () => {
	const client_credentials = { client_id: 'a', client_secret: 'b', endpoint: 'https://c' };
	expect((await refusal({ client_credentials })).status).toBe(501);
});

describe('update of a webhook', () => {
	let webhook: WebhookShape;
	const patch = async (query: string, fields: object) =>
		await sinch.call<WebhookShape>('PATCH', `/webhooks/${webhook.id}${query}`, fields);
	beforeEach(async () => (webhook = await sinch.addWebhook({ target, secret: 'one' })));

	it('an update of a webhook changes the fields of the mask only', async () => {
		const other = `${target}/2`;
		const fields = { target: other, secret: 'two', triggers: ['OPT_IN'] };
		const { body } = await patch('?update_mask=target,secret', fields);
		expect(body).toEqual({ ...webhook, target: other, secret: 'two' });
		expect((await list()).webhooks).toEqual([body]);
	});

	it('an update of a webhook empties a field that the mask names and the body lacks', async () => {
		const { body } = await patch('?update_mask=secret,triggers', { target });
		expect(body).toEqual({ ...webhook, secret: '', triggers: [] });
	});

	it('an update of a webhook changes the fields of the body when there is no mask', async () => {
		const { body } = await patch('', { target, target_type: 'DISMISS' });
		expect(body).toEqual({ ...webhook, target_type: 'DISMISS' });
	});

	it('an update of a webhook may move it to another app', async () => {
		const fields = { target, app_id: sinch.dispatchAppId };
		const { body } = await patch('?update_mask=app_id', fields);
		expect(body).toEqual({ ...webhook, app_id: sinch.dispatchAppId });
		expect((await list()).webhooks).toEqual([]);
	});

	it.each([
		['an unknown field in the mask', '?update_mask=target,id', { target }],
		['two masks', '?update_mask=target&update_mask=secret', { target }],
		['no target', '?update_mask=secret', { secret: 'two' }],
		['a masked app id without value', '?update_mask=app_id', { target }],
		['a wrong value', '', { target, triggers: ['UNSPECIFIED_TRIGGER'] }],
	])('an update of a webhook is refused with %s', async (_what, query, fields) => {
		expect((await patch(query, fields)).status).toBe(400);
		expect((await list()).webhooks).toEqual([webhook]);
	});

	it('an update of a webhook is refused with the target of another webhook', async () => {
		await sinch.addWebhook({ target: `${target}/2` });
		expect((await patch('', { target: `${target}/2` })).status).toBe(400);
		expect((await sinch.call('PATCH', '/webhooks/unknown', { target })).status).toBe(404);
	});
});
