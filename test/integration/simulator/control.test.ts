import { byIdentity, startReceiver, startSinch, until } from './support';
import type { Receiver, Sinch } from './support';

let sinch: Sinch;
let receiver: Receiver;
beforeAll(async () => (sinch = await startSinch()));
afterAll(async () => await sinch.stop());
beforeEach(async () => {
	await sinch.control.reset();
	await sinch.control.settings({ answerDelayMs: 0 });
	receiver = await startReceiver();
});
afterEach(async () => await receiver.close());

const phone = byIdentity('RCS', '46701740605');
const secret = 'CactusKnight_SurfsWaves';

it('the log tells when each identity was asked about and when its callback was answered', async () => {
	const { id } = await sinch.addWebhook({ target: receiver.url });
	const before = Date.now();
	await sinch.query(phone, 'first');
	await sinch.query(phone, 'second');
	await until(async () => (await sinch.control.log()).totals.delivered === 2);
	const { requests, queries, deliveries, totals } = await sinch.control.log('second');
	expect(totals).toMatchObject({ queries: 2, attempts: 2, delivered: 2 });
	const [first, last] = (await sinch.control.log()).queries.map(({ at }) => Date.parse(at));
	expect(totals.queriesSpan).toBe(last - first);
	const [request, query, delivery] = [requests, queries, deliveries].map((list) => {
		expect(list).toHaveLength(1);
		return list[0];
	});
	expect(request).toMatchObject({ method: 'POST', status: 200, requestId: 'second' });
	expect(query).toMatchObject({ requestId: 'second', recipient: phone, callbacks: 1 });
	expect(delivery).toMatchObject({
		requestId: 'second',
		appId: sinch.appId,
		webhookId: id,
		target: receiver.url,
		contactId: sinch.demo.contacts[0]!.contactId,
		channel: 'RCS',
		identity: '46701740605',
		capabilityStatus: 'CAPABILITY_FULL',
		state: 'delivered',
		msFromQuery: expect.any(Number),
	});
	const asked = Date.parse(deliveries[0]!.askedAt);
	expect(asked).toBeGreaterThanOrEqual(before);
	expect(Date.parse(deliveries[0]!.attempts[0]!.at)).toBeGreaterThanOrEqual(asked);
});

it('the log shows a query whose answer no one receives', async () => {
	await sinch.query(phone);
	expect((await sinch.control.log()).queries[0]!.callbacks).toBe(0);
});

it('the log names the error of a refused request', async () => {
	await sinch.call('POST', '/capability:query', { app_id: 'x', recipient: phone });
	await sinch.call('GET', '/nowhere');
	const { requests } = await sinch.control.log();
	expect(requests.map(({ status, error }) => [status, error])).toEqual([
		[400, expect.stringContaining('app_id')],
		[404, expect.stringContaining('/nowhere')],
	]);
});

it('the log holds no secret and no token', async () => {
	const token = await sinch.token();
	const authorization = `Bearer ${token}`;
	await sinch.call('GET', '/apps?access_token=hidden', undefined, { authorization });
	await sinch.addWebhook({ target: receiver.url, secret });
	await sinch.query(phone);
	await until(async () => (await sinch.control.log()).totals.delivered === 1);
	const text = JSON.stringify(await sinch.control.log());
	const { keyId, keySecret } = sinch.demo.project;
	for (const hidden of [token, keyId, keySecret, secret, 'hidden', 'simulated-']) {
		expect(text).not.toContain(hidden);
	}
});

it('the log keeps the newest entries, and can be emptied', async () => {
	await sinch.control.settings({ logSize: 3 });
	for (const requestId of ['1', '2', '3', '4', '5']) await sinch.query(phone, requestId);
	const { queries, requests, totals } = await sinch.control.log();
	expect(queries.map(({ requestId }) => requestId)).toEqual(['3', '4', '5']);
	expect([requests.length, totals.queries]).toEqual([3, 5]);
	await sinch.control.clearLog();
	expect(await sinch.control.log()).toMatchObject({ queries: [], totals: { queries: 0 } });
});

it('the control API shows the demo data under the agreed names', () => {
	const { project, otherProject, apps, contacts } = sinch.demo;
	expect(Object.keys(project)).toEqual(['projectId', 'keyId', 'keySecret']);
	expect(otherProject.projectId).not.toBe(project.projectId);
	expect(Object.keys(apps[0]!)).toEqual(['appId', 'displayName', 'processingMode']);
	expect(Object.keys(contacts[0]!)).toEqual(['contactId', 'name', 'channels']);
});

it('the control API changes settings at once and refuses unknown ones', async () => {
	expect(await sinch.control.settings({ callbacksPerSecond: 7 })).toMatchObject({
		callbacksPerSecond: 7,
		requestsPerSecond: 800,
	});
	const app = await sinch.call('GET', `/apps/${sinch.appId}`);
	expect(app.body).toMatchObject({ rate_limits: { webhooks: 7 } });
	for (const wrong of [{ callbacksPerSecond: 0 }, { answerDelay: 1 }, { logSize: '3' }]) {
		await expect(sinch.control.settings(wrong as never)).rejects.toThrow('400');
	}
	expect(await sinch.control.settings()).toMatchObject({ callbacksPerSecond: 7 });
});

it('the control API holds API answers back', async () => {
	await sinch.control.settings({ apiLatencyMs: 120 });
	await sinch.call('GET', '/apps');
	expect((await sinch.control.log()).requests[0]!.ms).toBeGreaterThanOrEqual(110);
});

it('the control API sends a callback of any shape and says what the webhook answered', async () => {
	const { id } = await sinch.addWebhook({ target: receiver.url, secret });
	await sinch.addWebhook({ target: `${receiver.url}/2`, triggers: ['OPT_IN'] });
	receiver.answers = [202, 401];
	const body = { capability_notification: { request_id: 'own', channel: 'RCS' } };
	const sent = await sinch.control.callbacks({ appId: sinch.appId, body, times: 2 });
	expect(sent).toEqual([
		expect.objectContaining({ webhookId: id, target: receiver.url, httpStatus: 202 }),
		expect.objectContaining({ webhookId: id, target: receiver.url, httpStatus: 401 }),
	]);
	const nonces = receiver.received.map(({ headers }) => headers['x-sinch-webhook-signature-nonce']);
	expect(new Set(nonces).size).toBe(1);
	const { deliveries } = await sinch.control.log('own');
	expect(deliveries.map(({ state }) => state)).toEqual(['delivered', 'given-up']);

	await sinch.control.callbacks({
		appId: sinch.appId,
		body: '{ "spaced" :1}',
		trigger: 'OPT_IN',
	});
	expect(receiver.received[2]!.body).toBe('{ "spaced" :1}');
	const unsigned = { appId: sinch.appId, body, webhookId: id, fault: 'unsigned' } as const;
	await sinch.control.callbacks(unsigned);
	expect(receiver.received[3]!.headers).not.toHaveProperty('x-sinch-webhook-signature');
	const nowhere = { appId: sinch.dispatchAppId, body };
	await expect(sinch.control.callbacks(nowhere)).rejects.toThrow('404');
});

it('the control API starts again from the beginning', async () => {
	const { contactId } = sinch.demo.contacts[0]!;
	await sinch.control.settings({ answerDelayMs: 60_000, requestsPerSecond: 50 });
	await sinch.control.faults({ target: 'apps', kind: 'status' });
	await sinch.control.answer({ channel: 'RCS', identity: '46701740605' });
	await sinch.addWebhook({ target: receiver.url });
	await sinch.query(phone);
	await sinch.call('DELETE', `/contacts/${contactId}`);
	await sinch.control.reset();

	expect(await sinch.control.settings()).toMatchObject({
		answerDelayMs: 250,
		requestsPerSecond: 800,
	});
	expect(await sinch.control.log()).toMatchObject({ requests: [], queries: [], deliveries: [] });
	expect((await sinch.call('GET', `/apps/${sinch.appId}/webhooks`)).body).toEqual({
		webhooks: [],
	});
	expect((await sinch.call('GET', `/contacts/${contactId}`)).status).toBe(200);
	await sinch.addWebhook({ target: receiver.url });
	await sinch.query(phone);
	await until(() => receiver.received.length > 0);
	expect(receiver.notifications()).toMatchObject([{ capability_status: 'CAPABILITY_FULL' }]);
});
