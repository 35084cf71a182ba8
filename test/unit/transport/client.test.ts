import { sleep } from 'n8n-workflow';

import { deleteOne, SinchClient } from '../../../nodes/SinchCapability/transport/client';
import { markToken } from '../../../nodes/SinchCapability/transport/token';

const credentials = { projectId: ' p ', appId: ' a ', region: 'us', keyId: 'k', keySecret: 's' };

const clientFor = async (body: unknown) =>
	await SinchClient.create({
		getNode: () => ({ name: 'Sinch Capability' }),
		getCredentials: async () => credentials,
		helpers: {
			httpRequestWithAuthentication: async () => ({ statusCode: 200, headers: {}, body }),
		},
	} as never);

const request = (expectation: (body: unknown) => unknown) => ({
	method: 'GET' as const,
	path: '/webhooks',
	expect: expectation as never,
});

it('the Sinch client reads the IDs of the credential without blanks', async () => {
	const client = await clientFor({});
	expect([client.projectId, client.appId]).toEqual(['p', 'a']);
});

it('a request that waits for the token of another one ends as soon as its run is over', async () => {
	const client = await SinchClient.create({
		getCredentials: async () => credentials,
		helpers: { httpRequestWithAuthentication: async () => await new Promise(() => {}) },
	} as never);
	const over = new AbortController();
	const sent = request((body) => body);
	void client.send(sent);
	const ended: unknown[] = [];
	void client.send(sent, over.signal).then((result) => ended.push(result));
	await sleep(0);
	expect(ended).toEqual([]);
	over.abort();
	void client.send(sent, over.signal).then((result) => ended.push(result));
	await sleep(0);
	const hasEnded = { failure: { reason: 'unknown', message: 'The run has ended' } };
	expect(ended).toEqual([hasEnded, hasEnded]);
});

it('the Sinch client lets a mistake in the reader of a response through unchanged', async () => {
	const client = await clientFor({});
	const mistake = new TypeError('webhooks is not iterable');
	const reader = () => {
		throw mistake;
	};
	await expect(client.request(request(reader))).rejects.toBe(mistake);
});

it('the Sinch client asks what was achieved only after a response that did not come from Sinch', async () => {
	const client = await clientFor('<html>');
	const recover = jest.fn().mockResolvedValue('done');
	expect(await client.request({ ...request(() => undefined), recover })).toBe('done');
	expect(await client.request({ ...request(() => 'read'), recover })).toBe('read');
	expect(recover).toHaveBeenCalledTimes(1);
});

const node = { name: 'Sinch Capability', type: 'n', typeVersion: 1, position: [0, 0] };

interface Sent {
	method: string;
	url: string;
	/** The token that n8n finds, and renews if it is empty. */
	token: string;
}

/** A status, or the code of a connection error; a renewed token is stored before the response comes. */
interface Reply {
	status?: number;
	code?: string;
	body?: unknown;
	renewed?: string;
	afterMs?: number;
}

/** A client with a stored token, and what it sends. */
async function startClient(replies: Reply[], token = '') {
	const sent: Sent[] = [];
	const own = { ...credentials, accessToken: token && markToken(token, credentials) };
	type Options = Pick<Sent, 'method' | 'url'>;
	type Decrypted = { credentialsDecrypted: { data: { accessToken: string } } };
	const httpRequestWithAuthentication = async (
		_: string,
		{ method, url }: Options,
		{ credentialsDecrypted: { data } }: Decrypted,
	) => {
		const reply = replies[sent.push({ method, url, token: data.accessToken }) - 1];
		const { status: statusCode, code, body = {}, renewed, afterMs = 0 } = reply;
		await sleep(afterMs);
		if (renewed) data.accessToken = renewed;
		if (code) throw new Error(code);
		return { statusCode, headers: {}, body };
	};
	const client = await SinchClient.create({
		getNode: () => node,
		getCredentials: async () => await Promise.resolve(own),
		helpers: { httpRequestWithAuthentication },
	} as never);
	const tokens = () => sent.map((one) => one.token.split('#')[0]);
	return { client, sent, tokens };
}

const OK = { status: 200 };
const any = request((body) => body);
const jwt = (exp: number) => `e30.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.x`;

describe('the token of a client', () => {
	beforeAll(() => jest.useFakeTimers({ now: 1_769_000_000_000 }));
	afterAll(() => jest.useRealTimers());

	it.each([
		['in an hour', true, 3_600],
		['in a second', false, 1],
		['a second ago', false, -1],
	])('a stored token that expires %s is used: %s', async (_, isUsed, seconds) => {
		const token = jwt(Date.now() / 1000 + seconds);
		const { client, tokens } = await startClient([OK], token);
		const sending = client.send(any);
		await jest.runAllTimersAsync();
		await sending;
		expect(tokens()).toEqual([isUsed ? token : '']);
	});

	it('a token that Sinch does not accept is renewed once', async () => {
		const refused = { status: 401 };
		const { client, tokens } = await startClient([refused, { ...refused, renewed: 'new' }], 'old');
		const sending = client.send(any);
		await jest.runAllTimersAsync();
		expect(await sending).toMatchObject({ failure: { status: 401 } });
		expect(tokens()).toEqual(['old', '']);
	});

	it('a token that another request has renewed meanwhile is used instead of a further one', async () => {
		const replies = [
			{ status: 401, afterMs: 10 },
			{ status: 401, afterMs: 50 },
			{ ...OK, renewed: 'new', afterMs: 10 },
			OK,
		];
		const { client, tokens } = await startClient(replies, 'old');
		const sending = [any, any].map(async (one) => await client.send(one));
		await jest.runAllTimersAsync();
		expect(await Promise.all(sending)).toEqual([{ response: {} }, { response: {} }]);
		expect(tokens()).toEqual(['old', 'old', '', 'new']);
	});

	it.each([
		['has failed, but with a new token', true, { status: 404, renewed: 'new' }],
		['has succeeded', true, { ...OK, renewed: 'new' }],
		['was refused one', false, { status: 401 }],
	])('a request that waits for the token of one that %s is sent: %s', async (_, isSent, reply) => {
		const replies = [
			{ ...reply, afterMs: 10 },
			{ ...OK, body: { of: 'the second' } },
		];
		const { client, tokens } = await startClient(replies);
		const sending = [any, any].map(async (one) => await client.send(one));
		await jest.runAllTimersAsync();
		const [, second] = await Promise.all(sending);
		expect(tokens()).toEqual(isSent ? ['', 'new'] : ['']);
		expect(second).toMatchObject(
			isSent ? { response: { of: 'the second' } } : { failure: { status: 401 } },
		);
	});
});

it.each([
	['a lost connection', true, { code: 'ECONNRESET' }],
	['a refused connection', false, { code: 'ECONNREFUSED' }],
	['a refusal', false, { status: 404 }],
	['an outage', false, { status: 503 }],
])('what a single request has achieved is looked for after %s: %s', async (_, isLooked, reply) => {
	const { client } = await startClient([reply], 'token');
	const recover = jest.fn().mockResolvedValue('done');
	const result = client.request({ ...any, recover }).catch(() => 'failed');
	expect(await result).toBe(isLooked ? 'done' : 'failed');
	expect(recover).toHaveBeenCalledTimes(isLooked ? 1 : 0);
});

describe('a deletion', () => {
	const LOST = { code: 'ECONNRESET' };
	const EXISTS = { ...OK, body: { id: 'a/b' } };

	it.each([
		['Sinch confirms it', [OK], ['DELETE']],
		['no response comes, and Sinch has it no more', [LOST, { status: 404 }], ['DELETE', 'GET']],
	])('a deletion has succeeded when %s', async (_, replies, methods) => {
		const { client, sent } = await startClient(replies, 'token');
		expect(await deleteOne(client, '/contacts', 'a/b')).toEqual({ deleted: true });
		expect(sent.map(({ method }) => method)).toEqual(methods);
		expect(sent.every(({ url }) => url.endsWith('/v1/projects/p/contacts/a%2Fb'))).toBe(true);
	});

	it.each([
		['has it still', EXISTS, /the connection was lost$/],
		['does not say', { status: 503 }, /^Sinch is not available at the moment$/],
	])('a deletion without response has failed when Sinch %s', async (_, reply, message) => {
		const { client } = await startClient([LOST, reply], 'token');
		await expect(deleteOne(client, '/contacts', 'a/b')).rejects.toThrow(message);
	});

	it('a deletion has failed when something else than an empty object confirms it', async () => {
		const { client } = await startClient([EXISTS, EXISTS], 'token');
		await expect(deleteOne(client, '/contacts', 'a/b')).rejects.toThrow(
			'The response did not come from Sinch',
		);
	});
});
