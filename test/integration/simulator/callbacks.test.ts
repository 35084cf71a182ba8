import { createHmac } from 'node:crypto';

import { byIdentity, startReceiver, startSinch, until } from './support';
import type { Receiver, Received, Sinch } from './support';

let sinch: Sinch;
let receiver: Receiver;
beforeAll(async () => (sinch = await startSinch()));
afterAll(async () => await sinch.stop());
beforeEach(async () => {
	await sinch.control.reset();
	await sinch.control.settings({ answerDelayMs: 0, callbacksPerSecond: 1000, retryBaseMs: 20 });
	receiver = await startReceiver();
});
afterEach(async () => await receiver.close());

const secret = 'CactusKnight_SurfsWaves';
const phone = byIdentity('RCS', '46701740605');
const header = ({ headers }: Received, name = '') => headers[`x-sinch-webhook-signature${name}`];
const settled = async () =>
	await until(async () =>
		(await sinch.control.log()).deliveries.every(({ state }) => !/waiting|retrying/.test(state)),
	);

it('a callback is the documented envelope, signed with the secret of the webhook', async () => {
	await sinch.addWebhook({ target: receiver.url, secret });
	const before = Math.floor(Date.now() / 1000);
	const { request_id } = await sinch.query(phone);
	await until(() => receiver.received.length === 1);
	const callback = receiver.received[0]!;
	expect(callback.headers['content-type']).toBe('application/json');
	const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
	expect(JSON.parse(callback.body)).toEqual({
		app_id: sinch.appId,
		accepted_time: time,
		event_time: time,
		project_id: '',
		capability_notification: {
			request_id,
			contact_id: sinch.demo.contacts[0]!.contactId,
			channel: 'RCS',
			identity: '46701740605',
			capability_status: 'CAPABILITY_FULL',
		},
		message_metadata: '',
	});

	const timestamp = header(callback, '-timestamp');
	expect(Number(timestamp)).toBeGreaterThanOrEqual(before);
	expect(Number(timestamp)).toBeLessThanOrEqual(Date.now() / 1000);
	const nonce = header(callback, '-nonce');
	expect(nonce).toMatch(/^[0-9A-Z]{26}$/);
	expect(header(callback, '-algorithm')).toBe('HmacSHA256');
	const signed = `${callback.body}.${nonce}.${timestamp}`;
	expect(header(callback)).toBe(createHmac('sha256', secret).update(signed).digest('base64'));
});

it.each([
	[
		'of a contact',
		'foo_secret1234',
		'{"app_id":"","accepted_time":"2021-10-18T17:49:13.813615Z","project_id":"e2df3a34-a71b-4448-9db5-a8d2baad28e4","contact_create_notification":{"contact":{"id":"01FJA8B466Y0R2GNXD78MD9SM1","channel_identities":[{"channel":"SMS","identity":"48123456789","app_id":""}],"display_name":"New Test Contact","email":"new.contact@email.com","external_id":"","metadata":"","language":"EN_US"}},"message_metadata":""}',
		'6bpJoRmFoXVjfJIVglMoJzYXxnoxRujzR4k2GOXewOE=',
	],
	[
		'of a capability',
		secret,
		'{"app_id":"01W4FFL35P4NC4K35CONVAPP001","accepted_time":"2026-01-15T10:20:30.123456Z","project_id":"","capability_notification":{"request_id":"01W4FFL35P4NC4K35CAPABILITY","contact_id":"","channel":"RCS","identity":"46701234567","capability_status":"CAPABILITY_PARTIAL","channel_capabilities":["RICHCARD_STANDALONE","ACTION_DIAL"]},"message_metadata":""}',
		'H7n7rurtZ/dRq4dN1G4j2FYPvXV3fSBH0NMJ5bHLHeg=',
	],
])('a callback is signed like the known example %s', async (_what, key, body, signature) => {
	await sinch.addWebhook({ target: receiver.url, secret: key });
	const [nonce, timestamp] = ['01FJA8B4A7BM43YGWSG9GBV067', 1634579353];
	await sinch.control.callbacks({ appId: sinch.appId, body, nonce, timestamp });
	const callback = receiver.received[0]!;
	expect([callback.body, header(callback)]).toEqual([body, signature]);
	expect(header(callback, '-nonce')).toBe(nonce);
	expect(header(callback, '-timestamp')).toBe('1634579353');
});

it('a callback is not signed for a webhook without a secret', async () => {
	await sinch.addWebhook({ target: receiver.url });
	await sinch.query(phone);
	await until(() => receiver.received.length === 1);
	expect(Object.keys(receiver.received[0]!.headers).join()).not.toContain('signature');
});

it('a callback goes to every webhook of the app that wants it, and to no other', async () => {
	await sinch.addWebhook({ target: `${receiver.url}/1`, secret });
	await sinch.addWebhook({ target: `${receiver.url}/2`, triggers: ['OPT_IN', 'CAPABILITY'] });
	await sinch.addWebhook({ target: `${receiver.url}/3`, triggers: ['OPT_IN'] });
	await sinch.addWebhook({ target: `${receiver.url}/4`, target_type: 'DISMISS' });
	await sinch.addWebhook({ target: `${receiver.url}/5`, app_id: sinch.dispatchAppId });
	await sinch.query(phone);
	await settled();
	const { queries, deliveries } = await sinch.control.log();
	expect(queries[0]!.callbacks).toBe(2);
	const targets = deliveries.map(({ target }) => target.slice(-1));
	expect(targets.sort()).toEqual(['1', '2']);
	expect(receiver.received).toHaveLength(2);
});

it('a callback is delayed by the setting', async () => {
	await sinch.control.settings({ answerDelayMs: 300 });
	await sinch.addWebhook({ target: receiver.url });
	await sinch.query(phone);
	await settled();
	const [delivery] = (await sinch.control.log()).deliveries;
	const waited = Date.parse(delivery!.attempts[0]!.at) - Date.parse(delivery!.askedAt);
	expect(waited).toBeGreaterThanOrEqual(290);
	expect(delivery!.msFromQuery).toBeGreaterThanOrEqual(290);
});

it('answers arrive in a different order with a random delay', async () => {
	await sinch.control.settings({ answerJitterMs: 200 });
	await sinch.addWebhook({ target: receiver.url });
	const numbers = Array.from({ length: 20 }, (_, index) => String(46701740610 + index));
	await sinch.query({
		identified_by: {
			channel_identities: numbers.map((identity) => ({ channel: 'SMS', identity })),
		},
	});
	await settled();
	const arrived = receiver.notifications().map(({ identity }) => identity);
	expect(arrived).not.toEqual(numbers);
	expect(arrived.sort()).toEqual(numbers);
});

it('a delivery is repeated with back-off and the same signature until the answer is 2xx', async () => {
	await sinch.addWebhook({ target: receiver.url, secret });
	receiver.answers = [500, 401, 302, 204];
	await sinch.query(phone);
	await settled();
	const [delivery] = (await sinch.control.log()).deliveries;
	expect(delivery!.attempts.map(({ httpStatus }) => httpStatus)).toEqual([500, 401, 302, 204]);
	expect(delivery!.state).toBe('delivered');
	const times = delivery!.attempts.map(({ at }) => Date.parse(at));
	expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(17);
	expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(37);
	expect(times[3]! - times[2]!).toBeGreaterThanOrEqual(77);
	const [first, ...others] = receiver.received;
	for (const other of others) {
		expect(other.body).toBe(first!.body);
		expect([header(other), header(other, '-nonce'), header(other, '-timestamp')]).toEqual([
			header(first!),
			header(first!, '-nonce'),
			header(first!, '-timestamp'),
		]);
	}
});

it('a delivery is repeated after 5 seconds by default, and after twice as long each further time', async () => {
	await sinch.control.reset();
	expect(await sinch.control.settings()).toMatchObject({ retryBaseMs: 5000 });
	await sinch.control.settings({ answerDelayMs: 0, retryBaseMs: 60 });
	await sinch.addWebhook({ target: receiver.url });
	receiver.answers = [503, 503, 503];
	await sinch.query(phone);
	await settled();
	const { attempts } = (await sinch.control.log()).deliveries[0]!;
	const gaps = attempts
		.map(({ at, ms }) => ({ start: Date.parse(at), end: Date.parse(at) + ms }))
		.map(({ start }, index, all) => start - (all[index - 1]?.end ?? start))
		.slice(1);
	expect(gaps).toHaveLength(3);
	for (const [index, gap] of gaps.entries()) {
		expect(gap).toBeGreaterThanOrEqual(60 * 2 ** index - 5);
	}
});

it('a delivery is given up after a set number of attempts', async () => {
	await sinch.control.settings({ retryMaxAttempts: 3, retryBaseMs: 1 });
	await sinch.addWebhook({ target: receiver.url });
	receiver.answers = [500, 500, 500, 500];
	await sinch.query(phone);
	await settled();
	const [delivery] = (await sinch.control.log()).deliveries;
	expect([delivery!.state, delivery!.attempts.length]).toEqual(['given-up', 3]);
	expect(delivery!.msFromQuery).toBeNull();
});

it('a delivery is given up when it would be too old, and never waits longer than the setting', async () => {
	const limits = { retryBaseMs: 50, retryMaxDelayMs: 150, retryMaxAgeMs: 4000 };
	await sinch.control.settings({ ...limits, retryMaxAttempts: 100 });
	await sinch.addWebhook({ target: receiver.url });
	receiver.answers = Array.from({ length: 100 }, () => 500);
	await sinch.query(phone);
	await settled();
	const [delivery] = (await sinch.control.log()).deliveries;
	expect(delivery!.state).toBe('given-up');
	// Without the limit of 150 ms, there would be seven.
	expect(delivery!.attempts.length).toBeGreaterThan(8);
	expect(delivery!.attempts.length).toBeLessThan(40);
});

it('a delivery is repeated when the webhook does not answer in time, or is not there', async () => {
	await sinch.control.settings({ callbackTimeoutMs: 1000, retryMaxAttempts: 2 });
	await sinch.addWebhook({ target: receiver.url });
	const gone = await startReceiver();
	await gone.close();
	await sinch.addWebhook({ target: gone.url });
	receiver.answers = [0];
	await sinch.query(phone);
	await settled();
	const { deliveries } = await sinch.control.log();
	const [slow, closed] = deliveries;
	expect(slow!.attempts.map(({ httpStatus }) => httpStatus)).toEqual([null, 200]);
	expect(slow!.attempts[0]!.error).toBe('timed out');
	expect([closed!.state, closed!.attempts.length]).toEqual(['given-up', 2]);
	expect(closed!.attempts[0]!.error).toBe('ECONNREFUSED');
});

it('a delivery is cancelled when the webhook is gone', async () => {
	await sinch.control.settings({ retryBaseMs: 1000 });
	const { id } = await sinch.addWebhook({ target: receiver.url });
	receiver.answers = [500];
	await sinch.query(phone);
	await until(() => receiver.received.length === 1);
	await sinch.call('DELETE', `/webhooks/${id}`);
	await settled();
	expect((await sinch.control.log()).deliveries[0]!.state).toBe('cancelled');
	expect(receiver.received).toHaveLength(1);
});

it('deliveries keep to 25 a second for each app, and the rest is queued in order', async () => {
	await sinch.control.settings({ callbacksPerSecond: 25 });
	await sinch.addWebhook({ target: receiver.url });
	const numbers = Array.from({ length: 50 }, (_, index) => String(46701740610 + index));
	await sinch.query({
		identified_by: {
			channel_identities: numbers.map((identity) => ({ channel: 'SMS', identity })),
		},
	});
	await settled();
	// Not the order of their arrival: each has its own connection.
	const arrived = receiver.notifications().map(({ identity }) => identity!);
	expect(arrived.sort()).toEqual(numbers);
	const { deliveries } = await sinch.control.log();
	expect(deliveries.map(({ identity }) => identity)).toEqual(numbers);
	const times = deliveries.map(({ attempts }) => Date.parse(attempts[0]!.at));
	expect(times).toEqual(times.slice().sort((one, other) => one - other));
	const mean = (times.at(-1)! - times[0]!) / (times.length - 1);
	expect(mean).toBeGreaterThan(38);
	expect(mean).toBeLessThan(200);
	const inAnySecond = times.map((from) => times.filter((at) => at >= from && at < from + 1000));
	expect(Math.max(...inAnySecond.map(({ length }) => length))).toBeLessThanOrEqual(26);
});
