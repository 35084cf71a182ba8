import type { NodeApiError } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { SinchClient } from '../../../nodes/SinchCapability/transport/client';
import { PacedClient } from '../../../nodes/SinchCapability/transport/pacedClient';
import { markToken } from '../../../nodes/SinchCapability/transport/token';
import { pass, useClock } from '../../support/clock';
import { NODE } from '../../support/execution';

/** A status or the code of a connection error, and how long it takes to come. */
interface Reply {
	status?: number;
	code?: string;
	body?: unknown;
	retryAfter?: string;
	afterMs?: number;
}

const OK = { status: 200 };
const PAGE = { status: 200, body: '<html>' };

/** The rate is that of a project in this process. */
let projects = 0;

/** A run, and the time and the item of each request that it sends. The last reply is that to all further ones. */
async function startRun(
	replies: Reply[],
	{ requestsPerSecond = 800, cancelSignal = undefined as AbortSignal | undefined } = {},
) {
	const began = performance.now();
	const times: number[] = [];
	const items: number[] = [];
	const fields = { projectId: `project ${projects++}`, appId: 'app', region: 'us' };
	const credentials = { ...fields, accessToken: markToken('token', fields) };
	const httpRequestWithAuthentication = async (_: string, { body }: { body: { item: number } }) => {
		times.push(performance.now() - began);
		const reply = replies[Math.min(items.push(body.item), replies.length) - 1];
		const { status: statusCode, code, retryAfter, afterMs = 0, body: responseBody = {} } = reply;
		if (afterMs > 0) await sleep(afterMs);
		if (code) throw new Error(`connect ${code}`);
		return { statusCode, headers: { 'retry-after': retryAfter }, body: responseBody };
	};
	const context = {
		getNode: () => NODE,
		getCredentials: async () => await Promise.resolve(credentials),
		getExecutionCancelSignal: () => cancelSignal,
		helpers: { httpRequestWithAuthentication },
	};
	const sinch = await SinchClient.create(context as never);
	const client = new PacedClient(context as never, sinch, requestsPerSecond);
	return { client, times, items };
}

type Run = Awaited<ReturnType<typeof startRun>>;

/** Sends the request of an item; its result or error comes in time. */
function request({ client }: Run, item: number, recover?: () => Promise<object | undefined>) {
	const sent: { result?: unknown; error?: NodeApiError } = {};
	const expectation = (body: unknown) => (typeof body === 'object' ? (body as object) : undefined);
	void client
		.forItem(item)
		.request({ method: 'POST', path: '/test', body: { item }, expect: expectation, recover })
		.then(
			(result) => (sent.result = result),
			(error: NodeApiError) => (sent.error = error),
		);
	return sent;
}

useClock();
beforeAll(() => jest.spyOn(Math, 'random').mockReturnValue(1));
afterAll(() => jest.restoreAllMocks());

describe('the pace of the requests of a run', () => {
	it('a run sends requests at its rate, except for those of the last 50 ms', async () => {
		const run = await startRun([OK], { requestsPerSecond: 10 });
		[0, 1, 2, 3].forEach((item) => request(run, item));
		await pass(1_000);
		expect(run.times).toEqual([0, 50, 150, 250]);
		expect(run.items).toEqual([0, 1, 2, 3]);
	});

	it('the pace limits the rate of a run before the first request and after one that had to wait', async () => {
		const run = await startRun([OK], { requestsPerSecond: 10 });
		expect(run.client.isBehind).toBe(false);
		request(run, 0);
		await pass(1);
		expect(run.client.isBehind).toBe(true);
		request(run, 1);
		await pass(100);
		expect(run.client.isBehind).toBe(false);
	});

	it('the pace limits the rate of a run after 429, until some requests have succeeded', async () => {
		const run = await startRun([{ status: 429 }, OK]);
		request(run, 0);
		await pass(500);
		expect(run.client.isBehind).toBe(false);
		for (let item = 1; item <= 40; item++) {
			request(run, item);
			await pass(10);
		}
		expect(run.client.isBehind).toBe(true);
	});

	it('a run holds all requests for as long as Sinch asks with 429', async () => {
		const run = await startRun([{ status: 429, retryAfter: '2' }, OK]);
		request(run, 0);
		await pass(1);
		request(run, 1);
		await pass(5_000);
		expect(run.times[0]).toBe(0);
		expect(run.times.slice(1).every((at) => at >= 2_000 && at < 2_010)).toBe(true);
		expect(run.items).toHaveLength(3);
		expect(run.client.tally).toEqual({ retried: 1, slowedDown: 1 });
	});

	it.each([
		['another status asks for a wait', { status: 503, retryAfter: '2' }],
		['Sinch asks for a wait of a day', { status: 429, retryAfter: '86400' }],
	])('a run holds no other request when %s', async (_, reply) => {
		const run = await startRun([reply, OK]);
		const first = request(run, 0);
		await pass(1);
		const second = request(run, 1);
		await pass(10);
		expect(second.result).toEqual({});
		expect(first.error !== undefined).toBe(reply.status === 429);
		expect(run.client.tally.slowedDown).toBe(reply.status === 429 ? 1 : 0);
	});
});

describe('a request of a run', () => {
	it.each([{ status: 503 }, { code: 'ECONNRESET' }])(
		'a request is repeated after ever longer delays when it gets %j',
		async (reply) => {
			const run = await startRun([reply, reply, reply, OK]);
			const sent = request(run, 0);
			await pass(10_000);
			expect(run.times).toEqual([0, 100, 300, 700]);
			expect(sent.result).toEqual({});
			expect(run.client.tally).toEqual({ retried: 3, slowedDown: 0 });
		},
	);

	it('a request is repeated more than five times without a response where another one has succeeded', async () => {
		const refused = { code: 'ECONNREFUSED' };
		const run = await startRun([OK, ...Array.from({ length: 6 }, () => refused), OK]);
		request(run, 0);
		await pass(10);
		const sent = request(run, 1);
		await pass(30_000);
		expect(sent.result).toEqual({});
		expect(run.items).toHaveLength(8);
	});

	it('a request fails for its item alone when Sinch rejects its values', async () => {
		const run = await startRun([{ status: 400 }, OK]);
		const first = request(run, 4);
		await pass(10);
		const second = request(run, 5);
		await pass(10);
		expect(first.error?.message).toBe('Sinch did not accept the request');
		expect(first.error?.context.itemIndex).toBe(4);
		expect(second.result).toEqual({});
	});

	it('a request fails like the one before it, and is not sent, once the access key is refused', async () => {
		const run = await startRun([{ status: 403 }, OK]);
		const first = request(run, 0);
		await pass(10);
		const second = request(run, 1);
		await pass(10);
		expect(second.error?.message).toBe('The access key has no permission for this project');
		expect([first, second].map(({ error }) => error?.context.itemIndex)).toEqual([0, 1]);
		expect(run.items).toEqual([0]);
	});

	it('a request fails with what ended its run, and not with what came of others after that', async () => {
		const run = await startRun([
			{ status: 404, afterMs: 5 },
			{ status: 403, afterMs: 10 },
			{ status: 503, afterMs: 20 },
		]);
		const inFlight = [0, 1, 2].map((item) => request(run, item));
		await pass(50);
		const later = request(run, 3);
		await pass(50);
		expect(inFlight.map(({ error }) => error?.httpCode)).toEqual(['404', '403', '503']);
		expect(later.error?.httpCode).toBe('403');
		expect(run.items).toHaveLength(3);
	});
});

describe('a request that may have been carried out', () => {
	const FOUND = { found: true };

	it.each<[string, boolean, Reply]>([
		['before a repeat after 503', true, { status: 503 }],
		['before a repeat without a response', true, { code: 'ECONNRESET' }],
		['before a repeat after 429', false, { status: 429 }],
		['after a page that is not from Sinch', true, PAGE],
		['after a refusal', false, { status: 404 }],
	])('what a request has achieved is looked for %s: %s', async (_, isLookedFor, reply) => {
		const run = await startRun([reply]);
		const recover = jest.fn().mockResolvedValue(FOUND);
		const sent = request(run, 0, recover);
		await pass(500);
		expect(recover).toHaveBeenCalledTimes(isLookedFor ? 1 : 0);
		expect(sent.result).toEqual(isLookedFor ? FOUND : undefined);
		await pass(1_000);
		expect(run.items.length > 1).toBe(reply.status === 429);
		run.client.stop();
	});

	it('a request that has achieved nothing is repeated', async () => {
		const run = await startRun([{ status: 503 }, OK]);
		const sent = request(run, 0, async () => await Promise.resolve(undefined));
		await pass(1_000);
		expect(sent.result).toEqual({});
		expect(run.times).toEqual([0, 100]);
	});

	it('what a request has achieved is looked for after the delay of its repeat', async () => {
		const run = await startRun([{ status: 503 }]);
		const recover = jest.fn().mockResolvedValue(FOUND);
		request(run, 0, recover);
		await pass(99);
		expect(recover).not.toHaveBeenCalled();
		await pass(1);
		expect(recover).toHaveBeenCalled();
	});
});

describe.each(['stopped', 'canceled'])('a run that is %s', (how) => {
	async function startRunToEnd(replies: Reply[], requestsPerSecond?: number) {
		const over = new AbortController();
		const run = await startRun(replies, { requestsPerSecond, cancelSignal: over.signal });
		const end = () => (how === 'stopped' ? run.client.stop() : over.abort());
		return { run, end };
	}

	it('a run that is over sends none of the requests that wait for their turn', async () => {
		const { run, end } = await startRunToEnd([OK], 1);
		const [first, ...others] = [0, 1, 2].map((item) => request(run, item));
		await pass(10);
		end();
		await pass(1);
		expect(first.result).toEqual({});
		expect(others.map(({ error }) => error?.message)).toEqual(Array(2).fill('The run has ended'));
		expect(others.map(({ error }) => error?.context.itemIndex)).toEqual([1, 2]);
		await pass(10_000);
		expect(run.items).toEqual([0]);
		expect(run.client.signal.aborted).toBe(true);
	});

	it('a run that is over waits for no repeat and sends none, and does not look for what the request has achieved', async () => {
		const { run, end } = await startRunToEnd([{ status: 503, retryAfter: '40' }]);
		const recover = jest.fn().mockResolvedValue({});
		const sent = request(run, 0, recover);
		await pass(10);
		end();
		await pass(1);
		expect(sent.error?.message).toBe('The run has ended');
		await pass(60_000);
		expect(run.items).toEqual([0]);
		expect(recover).not.toHaveBeenCalled();
	});

	it.each([
		['Sinch is not available at the moment', { status: 503 }],
		['The response did not come from Sinch', PAGE],
	])(
		'a run that is over keeps the failure of a request that it had sent: %s',
		async (message, reply) => {
			const { run, end } = await startRunToEnd([{ ...reply, afterMs: 50 }]);
			const recover = jest.fn().mockResolvedValue({});
			const sent = request(run, 0, recover);
			await pass(10);
			end();
			await pass(40);
			expect(sent.error?.message).toBe(message);
			expect(run.client.tally.retried).toBe(0);
			expect(recover).not.toHaveBeenCalled();
		},
	);
});
