import type { IDataObject, NodeOperationError } from 'n8n-workflow';

import { query } from '../../../nodes/SinchCapability/actions/capability/query.operation';
import { sinchWith } from './sinch';

beforeEach(() => {
	jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
	jest.advanceTimersByTime(60_000);
});
afterEach(() => jest.useRealTimers());

/** Runs Check Reachability on a clock that moves on by itself. */
async function run(count: number, given: Parameters<typeof sinchWith>[1]) {
	const { context, ...seen } = sinchWith(count, given);
	const run = query.execute.call(context).then(
		([items]) => ({ items: items.map(({ json }) => json), error: undefined }),
		(error: NodeOperationError) => ({ items: [], error }),
	);
	await jest.runAllTimersAsync();
	return { ...(await run), ...seen };
}

it('a request ID is sent without spaces around it', async () => {
	const { items } = await run(1, { fields: { options: { requestId: ' mine ' } } });
	expect(items).toMatchObject([{ request_id: 'mine' }]);
});

it('a run by hand says how many queries of each app no workflow will receive the answers of', async () => {
	const app = (index: number): IDataObject => ({ options: { appId: index < 2 ? 'one' : 'other' } });
	const { hints } = await run(3, { fields: app, mode: 'manual', receivers: [] });
	expect(hints.map(({ message, type }) => [type, message.split(',')[0]])).toEqual([
		['warning', 'Sinch registered 2 queries'],
		['warning', 'Sinch registered 1 query'],
	]);
	expect(hints.map(({ message }) => /app (\w+),/.exec(message)?.[1])).toEqual(['one', 'other']);
});

it('a run by hand counts only the queries that Sinch has registered', async () => {
	const { hints } = await run(3, {
		mode: 'manual',
		receivers: [],
		refused: [1],
		onError: 'continueRegularOutput',
	});
	expect(hints[0].message).toMatch(/^Sinch registered 2 queries, /);
});

it('a run by hand of queries by contact says that the app stores no contacts', async () => {
	const { hints } = await run(1, {
		mode: 'manual',
		isDispatch: true,
		fields: { recipientType: 'contact', contactId: 'C' },
	});
	expect(hints.map(({ message }) => message)).toContainEqual(
		expect.stringContaining('is in DISPATCH mode and stores no contacts'),
	);
});

it('a run in production shows no hints about apps and workflows', async () => {
	const { hints } = await run(1, { receivers: [], isDispatch: true });
	expect(hints).toEqual([]);
});

it.each<[string, string[] | undefined, number]>([
	[
		'no faster than Sinch delivers the answers when a workflow of this n8n receives them',
		undefined,
		25,
	],
	['at the rate of requests when no workflow of this n8n receives the answers', [], 40],
])('queries are sent %s', async (_, receivers, atOnce) => {
	const { sentAt } = await run(40, {
		receivers,
		answer: { capability_status: 'CAPABILITY_FULL' },
		fields: { options: { requestsPerSecond: 800 } },
	});
	expect(sentAt.filter((at) => at - sentAt[0] < 39)).toHaveLength(atOnce);
	expect(sentAt).toHaveLength(40);
});

it('the items after a refusal of all requests fail at once, and not at the rate of requests or answers', async () => {
	const began = performance.now();
	const { items, sentAt } = await run(200, {
		refused: 403,
		onError: 'continueRegularOutput',
		fields: { options: { requestsPerSecond: 10 } },
	});
	expect(items).toHaveLength(200);
	expect(sentAt.length).toBeLessThanOrEqual(25);
	expect(performance.now() - began).toBeLessThan(3_000);
});
