import { createHmac } from 'node:crypto';

import { basic, byIdentity, startReceiver, startSinch, until } from './support';
import type { Received, Receiver, Sinch } from './support';

let sinch: Sinch;
beforeAll(async () => (sinch = await startSinch()));
afterAll(async () => await sinch.stop());
beforeEach(async () => {
	await sinch.control.reset();
	await sinch.control.settings({ answerDelayMs: 0, callbacksPerSecond: 1000, retryMaxAttempts: 1 });
});

const phone = byIdentity('RCS', '46701740605');
const ask = async (recipient: object = phone) =>
	await sinch.call('POST', '/capability:query', { app_id: sinch.appId, recipient });

it('a fault answers an API call with any status, with or without Retry-After', async () => {
	await sinch.control.faults([
		{ target: 'query', kind: 'status', status: 429, retryAfter: 3 },
		{ target: 'query', kind: 'status', status: 429 },
		{ target: 'query', kind: 'status', status: 503, body: 'out of order' },
		{ target: 'query', kind: 'status', status: 403, body: { code: 'BILLING' } },
	]);
	const answers = [await ask(), await ask(), await ask(), await ask(), await ask()];
	expect(answers.map(({ status }) => status)).toEqual([429, 429, 503, 403, 200]);
	expect(answers.map(({ headers }) => headers.get('retry-after')).slice(0, 2)).toEqual(['3', null]);
	expect(answers[0]!.body.error.status).toBe('RESOURCE_EXHAUSTED');
	expect([answers[2]!.body, answers[3]!.body]).toEqual(['out of order', { code: 'BILLING' }]);
	const { totals, requests } = await sinch.control.log();
	expect(totals.queries).toBe(1);
	expect(requests.map(({ fault }) => fault ?? null)).toEqual([
		...['status', 'status', 'status', 'status'],
		null,
	]);
});

it('a fault hits API calls by chance', async () => {
	await sinch.control.faults({ target: 'query', kind: 'status', times: 500, probability: 0.5 });
	const answers = await Promise.all(Array.from({ length: 200 }, async () => await ask()));
	const hits = answers.filter(({ status }) => status === 500).length;
	// Six standard deviations around 100.
	expect(hits).toBeGreaterThan(57);
	expect(hits).toBeLessThan(143);
});

it('a fault cuts the connection of an API call', async () => {
	await sinch.control.faults({ target: 'query', kind: 'reset' });
	await expect(ask()).rejects.toThrow('fetch failed');
	expect((await ask()).status).toBe(200);
	const { requests, totals } = await sinch.control.log();
	expect(requests.map(({ status }) => status)).toEqual([null, 200]);
	expect(totals.queries).toBe(1);
});

it('a fault loses only the answer of a request that is carried out', async () => {
	const kinds = ['reset', 'status', 'garbage'] as const;
	await sinch.control.faults(
		kinds.map((kind) => ({ target: 'query', kind, processed: true }) as const),
	);
	await expect(ask()).rejects.toThrow('fetch failed');
	expect((await ask()).status).toBe(500);
	expect(String((await ask()).body)).toContain('<html>');
	expect((await sinch.control.log()).totals.queries).toBe(3);
});

it('a fault holds the answer to an API call back, or never gives one', async () => {
	await sinch.control.faults([
		{ target: 'query', kind: 'delay', delayMs: 150 },
		{ target: 'query', kind: 'timeout' },
		{ target: 'query', kind: 'timeout', processed: true },
	]);
	expect((await ask()).status).toBe(200);
	const { requests } = await sinch.control.log();
	expect(requests[0]!.ms).toBeGreaterThanOrEqual(140);
	for (const queries of [1, 2]) {
		const signal = AbortSignal.timeout(300);
		const { projectId, keyId, keySecret } = sinch.demo.project;
		const authorization = basic(keyId, keySecret);
		const hanging = fetch(`${sinch.url}/v1/projects/${projectId}/capability:query`, {
			method: 'POST',
			headers: { authorization, 'content-type': 'application/json' },
			body: JSON.stringify({ app_id: sinch.appId, recipient: phone }),
			signal,
		});
		await expect(hanging).rejects.toThrow('timeout');
		await until(async () => {
			const { requests: received, totals } = await sinch.control.log();
			return received.length === 1 + queries && totals.queries >= queries;
		});
		expect((await sinch.control.log()).totals.queries).toBe(queries);
	}
});

it('a fault answers an API call with something that is not JSON', async () => {
	await sinch.control.faults({ target: 'apps', kind: 'garbage' });
	const { status, headers, body } = await sinch.call('GET', '/apps');
	expect([status, headers.get('content-type')]).toEqual([200, 'text/html']);
	expect(body).toContain('<html>');
});

it('faults hit the target, method and recipient they name, as often as they say', async () => {
	await sinch.control.faults([
		{ target: 'webhooks', method: 'DELETE', kind: 'status', status: 500 },
		{ target: 'contacts', kind: 'status', status: 502, times: 2, after: 1 },
		{ target: 'token', kind: 'status', status: 401 },
		{ target: 'query', kind: 'status', status: 418, recipient: '+46 70 174 06 06' },
	]);
	const webhooks = `/apps/${sinch.appId}/webhooks`;
	expect((await sinch.call('GET', webhooks)).status).toBe(200);
	expect((await sinch.call('DELETE', '/webhooks/unknown')).status).toBe(500);
	const contacts: number[] = [];
	for (let count = 0; count < 4; count += 1) {
		contacts.push((await sinch.call('GET', '/contacts')).status);
	}
	expect(contacts).toEqual([200, 502, 502, 200]);
	expect([(await sinch.askToken()).status, (await sinch.askToken()).status]).toEqual([401, 200]);
	expect((await ask()).status).toBe(200);
	expect((await ask(byIdentity('RCS', '46701740606'))).status).toBe(418);
});

it('faults are listed and removed', async () => {
	const rule = { target: 'query', kind: 'status', times: 5 } as const;
	await sinch.control.faults(rule);
	await ask();
	const response = await fetch(`${sinch.url}/_control/faults`);
	expect(await response.json()).toEqual({ faults: [{ ...rule, seen: 1, hits: 1 }] });
	await sinch.control.clearFaults();
	expect((await ask()).status).toBe(200);
});

it.each([
	{ target: 'query', kind: 'drop' },
	{ target: 'callback', kind: 'status' },
	{ target: 'nothing', kind: 'status' },
	{ target: 'query', kind: 'explosion' },
	{ target: 'query', kind: 'status', time: 3 },
])('a fault is refused when it makes no sense: %j', async (rule) => {
	await expect(sinch.control.faults(rule as never)).rejects.toThrow('400');
	await expect(sinch.control.faults([rule] as never)).rejects.toThrow('400');
});

describe('faults of callbacks', () => {
	let receiver: Receiver;
	const secret = 'CactusKnight_SurfsWaves';
	beforeEach(async () => {
		receiver = await startReceiver();
		await sinch.addWebhook({ target: receiver.url, secret });
	});
	afterEach(async () => await receiver.close());

	const header = ({ headers }: Received, name = '') =>
		headers[`x-sinch-webhook-signature${name}`] as string | undefined;
	const isSigned = (callback: Received, body = callback.body) => {
		const text = `${body}.${header(callback, '-nonce')}.${header(callback, '-timestamp')}`;
		return header(callback) === createHmac('sha256', secret).update(text).digest('base64');
	};
	const first = async (kind: Parameters<typeof sinch.control.callbacks>[0]['fault']) => {
		await sinch.control.faults({ target: 'callback', kind: kind! });
		await ask();
		await until(() => receiver.received.length > 0);
		return receiver.received[0]!;
	};
	const ageOf = (callback: Received) => Date.now() / 1000 - Number(header(callback, '-timestamp'));

	it('a fault leaves the signature of a callback out', async () => {
		expect(header(await first('unsigned'))).toBeUndefined();
	});

	it.each(['wrong-signature', 'signature-of-another-body', 'changed-body'] as const)(
		'a fault spoils the signature of a callback: %s',
		async (kind) => {
			const callback = await first(kind);
			expect(Buffer.from(header(callback)!, 'base64')).toHaveLength(32);
			expect(isSigned(callback)).toBe(false);
			expect(ageOf(callback)).toBeLessThan(300);
		},
	);

	it('a fault changes one byte of a callback after signing', async () => {
		const changed = await first('changed-body');
		expect(isSigned(changed, changed.body.replace(/x(?=\W*$)/, 'a'))).toBe(true);
	});

	it('a fault names another algorithm in a callback', async () => {
		const callback = await first('wrong-algorithm');
		expect(header(callback, '-algorithm')).toBe('HmacMD5');
	});

	it('a fault signs a callback well, but long ago', async () => {
		const callback = await first('old-timestamp');
		expect(isSigned(callback)).toBe(true);
		expect(ageOf(callback)).toBeGreaterThan(172_700);
		await sinch.control.faults({ target: 'callback', kind: 'old-timestamp', ageSeconds: 600 });
		await ask();
		await until(() => receiver.received.length === 2);
		expect(ageOf(receiver.received[1]!)).toBeGreaterThan(598);
		expect(ageOf(receiver.received[1]!)).toBeLessThan(900);
	});

	it('a fault sends a callback that is no JSON, well signed', async () => {
		const callback = await first('garbage');
		expect(() => JSON.parse(callback.body) as unknown).toThrow();
		expect(isSigned(callback)).toBe(true);
	});

	it('a fault sends copies of a callback with the same nonce', async () => {
		await sinch.control.faults({ target: 'callback', kind: 'duplicate', copies: 2 });
		await ask();
		await until(() => receiver.received.length === 3);
		const seen = receiver.received.map((callback) => [header(callback, '-nonce'), callback.body]);
		expect(new Set(seen.map(String)).size).toBe(1);
		expect(receiver.received.every((callback) => isSigned(callback))).toBe(true);
	});

	it('a fault loses one callback, or brings it late', async () => {
		await sinch.control.faults([
			{ target: 'callback', kind: 'drop', recipient: 'SMS 46701740605' },
			{ target: 'callback', kind: 'delay', delayMs: 1000, recipient: 'RCS 46701740605' },
		]);
		await ask({ contact_id: sinch.demo.contacts[0]!.contactId });
		await until(() => receiver.received.length === 2);
		expect(receiver.notifications().map(({ channel }) => channel)).toEqual(['WHATSAPP', 'RCS']);
		const { deliveries } = await sinch.control.log();
		expect(deliveries.map(({ channel, state }) => [channel, state])).toContainEqual([
			'SMS',
			'dropped',
		]);
	});

	it('a fault stays as it is when the callback is repeated', async () => {
		await sinch.control.settings({ retryMaxAttempts: 2, retryBaseMs: 5 });
		await sinch.control.faults({ target: 'callback', kind: 'wrong-signature' });
		receiver.answers = [401, 401];
		await ask();
		await until(() => receiver.received.length === 2);
		expect(receiver.received.map((callback) => isSigned(callback))).toEqual([false, false]);
	});
});
