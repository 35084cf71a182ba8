import type { NodeOperationError } from 'n8n-workflow';

import { remoteAnswers } from '../../../../nodes/SinchCapability/waiting/queueMode/keptAnswers';
import { processName } from '../../../../nodes/SinchCapability/waiting/queueMode/protocol';
import { createRequestId } from '../../../../nodes/SinchCapability/waiting/queueMode/requestId';
import { pass, useClock } from '../../../support/clock';
import { failureOf, newTrigger } from '../../../support/execution';
import { answerTo, createWait, N8N, started, times, type Wait } from './support';

const startFailure = async (wait: Wait) => {
	const failure = failureOf(wait.collector.start());
	await pass(5_000);
	return await failure;
};

useClock();

// A process counts as present, and a wait as active, for a while.
afterEach(async () => await pass(120_000));

describe('before any query is sent', () => {
	it('an address that responds is asked once', async () => {
		const wait = createWait(() => ({}));
		expect(await startFailure(wait)).toBeUndefined();
		expect(wait.sent[0]).toMatchObject({ holdMs: 0, at: 0 });
		expect(wait.searching().filter(({ at }) => at < 50)).toHaveLength(1);
		wait.collector.end([]);
	});

	it('an address that does not respond is tried three more times in 0.6 seconds', async () => {
		const wait = createWait(() => 'refused');
		const error = await startFailure(wait);
		expect(times(wait.sent)).toEqual([0, 0, 300, 600]);
		expect(error?.message).toBe('This process of n8n cannot reach the address of its own webhooks');
		expect(error?.description).toMatch(/inside your network\. No query was sent\.$/);
	});

	it.each([1, 2, 3])('an address that responds at attempt %i of three is used', async (attempt) => {
		const wait = createWait((_, index) => (index < attempt ? 'refused' : {}));
		expect(await startFailure(wait)).toBeUndefined();
		wait.collector.end([]);
	});

	it('only the addresses that respond are used later', async () => {
		const targets = [newTrigger(), newTrigger(), newTrigger()];
		const wait = createWait(({ url }) => (url === targets[1] ? 404 : {}), { targets });
		expect(await startFailure(wait)).toBeUndefined();
		const later = wait.sent.filter(({ at }) => at > 600);
		expect(new Set(later.map(({ url }) => url))).toEqual(new Set([targets[0], targets[2]]));
		wait.collector.end([]);
	});

	it('the first of several failures is the one that is told', async () => {
		const targets = [newTrigger(), newTrigger()];
		const wait = createWait(({ url }) => (url === targets[0] ? 404 : 'refused'), { targets });
		expect((await startFailure(wait))?.message).toBe(
			'The workflow that receives the answers is not published (active)',
		);
	});

	it('a trigger is needed', async () => {
		const wait = createWait(() => ({}), { targets: [] });
		expect((await startFailure(wait))?.message).toBe(
			'No published workflow with a Sinch Capability Trigger receives the answers of this app',
		);
		expect(wait.sent).toEqual([]);
	});
});

describe('the search for processes', () => {
	it('comes ever more seldom while none is new', async () => {
		const wait = await started(() => ({}));
		await pass(10_000);
		const [, ...searching] = wait.searching();
		expect(times(searching)).toEqual([50, 100, 250, 700, 2_050, 4_050, 6_050, 8_050]);
		wait.collector.end([]);
	});

	it('comes soon again after a new one', async () => {
		const wait = await started(({ at }) => ({ process: at < 2_000 ? 'one' : 'two' }));
		await pass(2_500);
		expect(times(wait.searching()).filter((at) => at > 2_000)).toEqual([2_050, 2_100, 2_250]);
		wait.collector.end([]);
	});

	it('goes on after a failure', async () => {
		const wait = await started(({ at, holdMs }) => (at > 0 && holdMs === 0 ? 'refused' : {}));
		await pass(1_000);
		expect(times(wait.searching())).toEqual([0, 50, 200, 650]);
		wait.collector.end([]);
	});

	it('begins a second later where the answers may come to this process, and ends when they do', async () => {
		const wait = await started(() => ({ process: processName }), { place: 'unknown' });
		await pass(10_000);
		expect(times(wait.sent)).toEqual([1_000]);
		expect(wait.held()).toEqual([]);
		wait.collector.end([]);
	});

	it('has a request held where the answers come to another process', async () => {
		const wait = await started(() => ({}), { place: 'unknown' });
		await pass(999);
		expect(wait.held()).toHaveLength(1);
		wait.collector.end([]);
	});

	it('has no request held where no process responds', async () => {
		const wait = await started(() => 'refused', { place: 'unknown' });
		await pass(5_000);
		expect(wait.sent.length).toBeGreaterThan(1);
		expect(wait.held()).toEqual([]);
		wait.collector.end([]);
	});

	it('ends with the wait', async () => {
		const wait = await started(() => ({}), { place: 'unknown' });
		wait.collector.end([]);
		await pass(10_000);
		expect(wait.sent).toEqual([]);
	});

	it('goes to the addresses in turn', async () => {
		const targets = [newTrigger(), newTrigger()];
		const wait = await started(() => ({ notHeld: 'taken' }), { targets });
		await pass(5_000);
		const counts = targets.map((one) => wait.sent.filter(({ url }) => url === one).length);
		expect(Math.abs(counts[0] - counts[1])).toBeLessThanOrEqual(1);
		wait.collector.end([]);
	});
});

describe('a held request', () => {
	it('is repeated at once, and there is one for each process', async () => {
		const names = ['one', 'two', 'three'];
		const wait = await started((_, index) => ({ process: names[index % 3] }));
		await pass(9_000);
		expect(wait.held()).toHaveLength(3);
		await pass(9_000);
		expect(wait.held()).toHaveLength(6);
		expect(wait.held().every(({ holdMs }) => holdMs === 10_000)).toBe(true);
		wait.collector.end([]);
	});

	it.each([
		['refuses to hold it', { notHeld: 'busy' }],
		['does not respond', 'refused'],
	] as const)('is repeated ever more seldom while the process %s', async (_, reply) => {
		const wait = await started(({ holdMs }) => (holdMs > 0 ? reply : {}));
		await pass(5_000);
		expect(times(wait.held())).toEqual([0, 50, 200, 650, 2_000, 4_000]);
		wait.collector.end([]);
	});

	it('is repeated soon again after a success', async () => {
		const wait = await started(({ holdMs, at }) =>
			holdMs > 0 && at !== 200 ? { notHeld: 'taken' } : {},
		);
		await pass(11_000);
		expect(times(wait.held())).toEqual([0, 50, 200, 10_200, 10_250, 10_400, 10_850]);
		wait.collector.end([]);
	});

	it.each([
		[0, 0],
		[1, 0],
		[2, 20],
		[49, 490],
		[51, 500],
	])('with %i open queries waits %i ms for further answers', async (queries, lingerMs) => {
		const wait = createWait(() => ({}));
		wait.open.queries = queries;
		await wait.collector.start();
		await pass(1_000);
		expect(wait.held().map((request) => request.lingerMs)).toEqual([lingerMs]);
		expect(wait.searching().every((request) => request.lingerMs === 0)).toBe(true);
		wait.collector.end([]);
	});

	it('passes answers on, and confirms the latest of each process', async () => {
		const answers = [answerTo('A'), answerTo('B')];
		const wait = await started((_, index) => ({ number: index === 1 ? 7 : 5, answers }));
		await pass(110);
		expect(wait.accepted.slice(0, 2)).toEqual(['A', 'B']);
		expect(wait.sent.at(-1)?.received).toEqual({ another: 5 });
		await pass(14_000);
		expect(wait.sent.at(-1)?.received).toEqual({ another: 7 });
		wait.collector.end([]);
	});
});

describe('why answers cannot be collected', () => {
	it('is known after a request without success, until one succeeds', async () => {
		const wait = await started(({ at }) => (at > 100 && at < 1_000 ? 'refused' : {}));
		expect(wait.collector.problem).toBeUndefined();
		await pass(900);
		expect(wait.collector.problem?.message).toMatch(/^This process of n8n cannot reach/);
		await pass(2_000);
		expect(wait.collector.problem).toBeUndefined();
		wait.collector.end([]);
	});

	it.each([
		['an ID without a mark', () => createRequestId(0)],
		['one of another wait', () => createWait(() => ({})).collector.createRequestId(0)],
	])('is a registration under %s', async (_, foreign) => {
		const wait = await started(() => ({}));
		wait.collector.noteRegistered(wait.collector.createRequestId(0), 3);
		expect(wait.collector.problem).toBeUndefined();
		let error: NodeOperationError | undefined;
		try {
			wait.collector.noteRegistered(foreign(), 3);
		} catch (thrown) {
			error = thrown as NodeOperationError;
		}
		expect(error?.message).toMatch(/^Sinch has registered the query under a different request ID/);
		expect(error?.context.itemIndex).toBe(3);
		expect(wait.collector.problem?.message).toBe(error?.message);
		wait.collector.end([]);
	});

	it('is no such registration while the answers may come to this process', async () => {
		const wait = await started(() => ({}), { place: 'unknown' });
		wait.collector.noteRegistered(createRequestId(0), 0);
		expect(wait.collector.problem).toBeUndefined();
		await pass(2_000);
		expect(wait.collector.problem?.message).toMatch(/different request ID/);
		wait.collector.end([]);
	});
});

describe('the end of a wait', () => {
	it('is known in its own process: received answers are repeats, missing ones start the workflow', () => {
		const { collector } = createWait(() => 'refused');
		const [received, missing] = [1, 2].map(() => collector.createRequestId(Date.now()));
		collector.end([missing, createRequestId(0)]);
		const offers = [received, missing].map((id) =>
			remoteAnswers.offer(answerTo(id) as never, N8N, performance.now(), Date.now()),
		);
		expect(offers).toEqual(['received', 'notAwaited']);
	});

	it('is sent with the numbers of the open queries', async () => {
		const wait = await started(() => ({ notHeld: 'taken' }));
		const [, second, , fourth] = [0, 1, 2, 3].map(() => wait.collector.createRequestId(0));
		wait.collector.end([second, fourth]);
		await pass(1_000);
		expect(wait.leaving().map(({ leave }) => leave)).toEqual([{ unanswered: [1, 3] }]);
	});

	it('is sent until each known process has responded, and no more', async () => {
		const processes = ['one', 'one', 'two', 'two', 'one', 'one', 'two'];
		let next = 0;
		const wait = await started(({ leave }, index) => ({
			process: leave ? processes[next++] : ['one', 'two'][index % 2],
			notHeld: 'taken',
		}));
		await pass(500);
		wait.collector.end([]);
		await pass(5_000);
		expect(wait.leaving()).toHaveLength(3);
	});

	it('ends the held requests and sends no others', async () => {
		const wait = await started(() => ({}));
		await pass(500);
		wait.collector.end([]);
		const count = wait.sent.length;
		await pass(30_000);
		expect(wait.sent.slice(count).every(({ leave }) => leave)).toBe(true);
	});

	it('is not sent to its own process, and not where no request has arrived', async () => {
		const own = await started(() => ({ process: processName }), { place: 'unknown' });
		await pass(1_500);
		own.collector.end([]);
		const lonely = await started(() => ({}), { place: 'unknown' });
		lonely.collector.end([]);
		await pass(5_000);
		expect(own.leaving()).toEqual([]);
		expect(lonely.leaving()).toEqual([]);
	});

	it('is sent to a process that has responded to another wait', async () => {
		const other = await started(() => ({ notHeld: 'taken' }));
		other.collector.end([]);
		await pass(1_000);
		const wait = await started(() => ({}), { place: 'unknown' });
		wait.collector.end([]);
		await pass(1_000);
		expect(wait.leaving()).toHaveLength(1);
	});

	it.each([
		['one', 'one'],
		['one', 'two', 'one'],
		['one', 'two', 'three', 'two'],
		['1', '2', '3', '4', '5', '6'],
	])(
		'is sent until one process responds again while another may hold a request: %s',
		async (...names) => {
			let next = 0;
			const wait = await started(
				({ leave }) => (leave ? { process: names[next++] } : { afterMs: 60_000 }),
				{ place: 'unknown' },
			);
			await pass(1_500);
			wait.collector.end([]);
			await pass(5_000);
			expect(wait.leaving()).toHaveLength(names.length);
		},
	);

	it.each([
		[['one'], 6],
		[['one', 'two'], 10],
	])(
		'is tried four times for each of %j that do not respond, and twice more',
		async (names, count) => {
			const wait = await started(({ leave }, index) =>
				leave ? 'refused' : { process: names[index % names.length], notHeld: 'taken' },
			);
			await pass(500);
			wait.collector.end([]);
			await pass(30_000);
			const [first, ...later] = times(wait.leaving());
			expect(later.map((at) => at - first)).toEqual(
				Array.from({ length: count - 1 }, (_, index) => 300 * (index + 1)),
			);
		},
	);

	it.each([
		[10_000, true],
		[10_001, false],
	])('with %i open requests is sent: %s', async (count, isSent) => {
		const wait = await started(() => ({ notHeld: 'taken' }));
		await pass(10);
		wait.collector.end(
			Array.from({ length: count }, () => wait.collector.createRequestId(Date.now())),
		);
		await pass(10);
		expect(wait.leaving().length > 0).toBe(isSent);
	});
});
