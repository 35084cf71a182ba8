import { type IDataObject, sleep } from 'n8n-workflow';

import { eachItem } from '../../../nodes/SinchCapability/actions/operation';
import { actionContext, type Reply, type Settings } from './context';

const rows = (count: number) => Array.from({ length: count }, (_, row) => ({ row }));

/** The items that an operation has begun to send. */
const begun: number[] = [];

/** Asks Sinch for one thing for each item. */
const operation = eachItem({
	name: 'Look',
	value: 'look',
	fields: [],
	prepare: ({ input }) => Number(input.json.row),
	send: async (client, row) => {
		begun.push(row);
		const expectation = (body: unknown) => body as IDataObject;
		return await client.request({ method: 'GET', path: `/${row}`, expect: expectation });
	},
});

const rowOf = ({ url }: { url: string }) => Number(url.split('/').pop());

/** Runs the operation on a clock that moves on by itself. */
async function run(settings: Settings) {
	const { context, ...seen } = actionContext(settings);
	const run = operation.execute.call(context).then(
		([items]) => ({ items }),
		(error: Error) => ({ error }),
	);
	await jest.runAllTimersAsync();
	return { items: undefined, error: undefined, ...(await run), ...seen };
}

beforeEach(() => {
	jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
	jest.advanceTimersByTime(60_000);
	begun.length = 0;
});
afterEach(() => jest.useRealTimers());

const refusal: Reply = { status: 400, body: { error: { message: 'no', code: 400 } } };

it('a rate that cannot be used is the error of the first item only', async () => {
	const { items } = await run({
		items: rows(3),
		fields: (index) => ({ options: { requestsPerSecond: index < 2 ? 'fast' : 400 } }),
		onError: 'continueRegularOutput',
		respond: (request) => ({ body: { of: rowOf(request) } }),
	});
	expect(items?.map(({ json }) => json)).toEqual([
		{ error: expect.objectContaining({ item: 0 }) },
		{ of: 1 },
		{ of: 2 },
	]);
});

it('the items of an operation that replaces its input have neither fields nor files of the input', async () => {
	const { items } = await run({
		items: rows(2),
		binary: { data: { data: '', mimeType: 'text/plain' } },
		onError: 'continueRegularOutput',
		respond: (request) => (rowOf(request) === 0 ? { body: { id: 'a' } } : refusal),
	});
	const error = {
		message: 'Sinch did not accept the request',
		description: expect.any(String),
		httpCode: '400',
		item: 1,
	};
	expect(items).toEqual([
		{ json: { id: 'a' }, pairedItem: { item: 0 } },
		{ json: { error }, pairedItem: { item: 1 } },
	]);
});

it.each([
	['stopWorkflow', undefined],
	['continueRegularOutput', [0, 1]],
	['continueErrorOutput', [0, 1]],
] as const)(
	'what concerns a whole run is the error of the run or of each item with On Error set to %s',
	async (onError, failed) => {
		const problem = new Error('The credential is missing');
		const { items, error } = await run({ items: rows(2), onError, credentials: problem });
		expect(error).toBe(failed ? undefined : problem);
		expect(items).toEqual(
			failed?.map((item) => ({
				json: {
					error: expect.objectContaining({ message: problem.message, httpCode: null, item }),
				},
				pairedItem: { item },
			})),
		);
	},
);

describe('the summary of a run', () => {
	/** How long Sinch takes to respond, in milliseconds. */
	const LATENCY = 1450;

	const answer = async (reply: Reply): Promise<Reply> => {
		await sleep(LATENCY);
		return reply;
	};

	it.each<[string, number, (row: number, index: number) => Reply, string | undefined]>([
		['fewer than 100 items', 99, () => ({ body: {} }), undefined],
		[
			'100 items',
			100,
			() => ({ body: {} }),
			'info: Accepted by Sinch: 100; failed: 0. Retries: 0; rate limit responses from Sinch: 0.',
		],
		[
			'100 items, some of which fail,',
			100,
			(row) => (row < 3 ? refusal : { body: {} }),
			'warning: Accepted by Sinch: 97; failed: 3. Retries: 0; rate limit responses from Sinch: 0.',
		],
		[
			'one item after a response that Sinch is not available',
			1,
			(_, index) => (index === 0 ? { status: 503 } : { body: {} }),
			'info: Accepted by Sinch: 1; failed: 0. Retries: 1; rate limit responses from Sinch: 0.',
		],
		[
			'one item after two responses about the rate limit',
			1,
			(_, index) => (index < 2 ? { status: 429 } : { body: {} }),
			'info: Accepted by Sinch: 1; failed: 0. Retries: 2; rate limit responses from Sinch: 2.',
		],
	])('a run of %s shows its figures if they matter', async (_, count, reply, expected) => {
		const { hints } = await run({
			items: rows(count),
			onError: 'continueRegularOutput',
			respond: async (request, index) => await answer(reply(rowOf(request), index)),
		});
		const shown = hints.map(({ type, message }) =>
			`${type}: ${message}`.replace(/Requests sent in [\d.]+ seconds\. /, ''),
		);
		expect(shown).toEqual(expected ? [expected] : []);
	});

	it('the summary of a run says how many seconds it has taken', async () => {
		const { hints } = await run({
			items: rows(100),
			respond: async () => await answer({ body: {} }),
		});
		// The first 50 requests go out over 75 ms, and each of the others when one of them has ended.
		expect(hints[0].message).toMatch(/^Requests sent in 3\.0 seconds\. /);
	});
});

describe('the requests that a run has in progress', () => {
	it('more requests are in progress when responses take long, but never more than 150', async () => {
		let open = 0;
		const counts: number[] = [];
		await run({
			items: rows(700),
			fields: { options: { requestsPerSecond: 800 } },
			respond: async () => {
				counts.push(++open);
				await sleep(1000);
				open--;
				return { body: {} };
			},
		});
		expect(Math.max(...counts.slice(0, 50))).toBe(50);
		expect(Math.max(...counts)).toBe(150);
	});

	it('nothing more is begun after the failure of an item, and its error ends the run once all responses have come', async () => {
		const responses: number[] = [];
		const { error } = await run({
			items: rows(120),
			respond: async (request) => {
				await sleep(rowOf(request) === 4 ? 100 : 500);
				responses.push(rowOf(request));
				return rowOf(request) === 4 ? refusal : { body: {} };
			},
		});
		expect(error).toMatchObject({ context: { itemIndex: 4 } });
		expect([begun.length, responses.length]).toEqual([50, 50]);
	});

	it('requests that wait for their turn are not sent after the failure of an item', async () => {
		const { error, sent } = await run({
			items: rows(20),
			fields: { options: { requestsPerSecond: 10 } },
			respond: (request) => (rowOf(request) === 2 ? refusal : { body: {} }),
		});
		expect(error).toMatchObject({ context: { itemIndex: 2 } });
		expect(sent.map(rowOf)).toEqual([0, 1, 2]);
	});

	it('a cancelled run has no items and no error', async () => {
		const stop = new AbortController();
		const { items, error, sent, hints } = await run({
			items: rows(120),
			signal: stop.signal,
			fields: { options: { requestsPerSecond: 10 } },
			respond: (request) => {
				if (rowOf(request) === 2) stop.abort();
				return { body: {} };
			},
		});
		expect([items, error, hints]).toEqual([[], undefined, []]);
		expect(sent).toHaveLength(3);
	});
});
