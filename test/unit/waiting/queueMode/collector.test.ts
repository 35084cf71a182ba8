import { type NodeOperationError, sleep } from 'n8n-workflow';

import { Collector } from '../../../../nodes/SinchCapability/waiting/queueMode/collector';
import { remoteAnswers } from '../../../../nodes/SinchCapability/waiting/queueMode/keptAnswers';
import type { Place } from '../../../../nodes/SinchCapability/waiting/queueMode/place';
import type { CollectRequest } from '../../../../nodes/SinchCapability/waiting/queueMode/protocol';
import {
	COLLECT_HEADER,
	COLLECT_VERSION,
	processName,
} from '../../../../nodes/SinchCapability/waiting/queueMode/protocol';
import { createRequestId } from '../../../../nodes/SinchCapability/waiting/queueMode/requestId';

const N8N = 'this n8n';
const node = {
	id: '1',
	name: 'Reach',
	type: 'n',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** The result for an address is remembered. */
let addresses = 0;
const newAddress = () => `https://n8n.example.com/webhook/${addresses++}/capability`;

/** One request to a process; `at` is in milliseconds since the wait began. */
interface Sent extends CollectRequest {
	at: number;
	url: string;
}

interface HttpRequest {
	url: string;
	body: CollectRequest;
	abortSignal: AbortSignal;
}

/** What a process says to a request: its response, the status of another one, or nothing. */
interface Reply {
	process?: string;
	number?: number;
	answers?: unknown[];
	notHeld?: string;
	afterMs?: number;
}
type Say = (request: Sent, index: number) => Reply | number | 'refused';

const answerTo = (request_id: string) => ({
	app_id: '01KFG9VYP40A8WXBKA2KNE0003',
	capability_notification: { request_id, channel: 'RCS', identity: '46701740605' },
});

/** A wait, the requests that it sends, and processes that hold a request as long as it says. */
function startWait(
	say: Say,
	settings: { place?: Exclude<Place, 'here'>; targets?: string[] } = {},
) {
	const { place = 'elsewhere', targets = [newAddress()] } = settings;
	const began = performance.now();
	const sent: Sent[] = [];
	const accepted: unknown[] = [];
	const open = { queries: 0 };
	const httpRequest = async ({ url, body, abortSignal }: HttpRequest) => {
		const request = { ...body, url, at: performance.now() - began };
		const reply = say(request, sent.push(request) - 1);
		if (reply === 'refused') throw new Error('connect ECONNREFUSED');
		if (typeof reply === 'number') return { statusCode: reply, headers: {}, body: {} };
		const { afterMs = reply.notHeld ? 0 : request.holdMs, ...given } = reply;
		if (afterMs > 0) {
			await new Promise<void>((resolve, reject) => {
				void sleep(afterMs).then(resolve);
				abortSignal.addEventListener('abort', () => reject(new Error('canceled')));
			});
		}
		const whole = { process: 'another', number: 0, answers: [], ...given };
		return { statusCode: 200, headers: { [COLLECT_HEADER]: COLLECT_VERSION }, body: whole };
	};
	const context = { helpers: { httpRequest }, getInstanceId: () => N8N, getNode: () => node };
	const collector = new Collector(context as never, place, targets, {
		accept: (callback) => accepted.push(callback.capability_notification.request_id),
		outstanding: () => open.queries,
	});
	return {
		collector,
		targets,
		sent,
		accepted,
		open,
		/** Each request from now on. */
		later: (from = sent.length) => sent.slice(from),
		held: () => sent.filter(({ holdMs }) => holdMs > 0),
		/** The requests that look for further processes. */
		searching: () => sent.filter(({ holdMs, leave }) => holdMs === 0 && !leave),
		leaving: () => sent.filter(({ leave }) => leave),
	};
}

type Wait = ReturnType<typeof startWait>;

const times = (requests: Sent[]) => requests.map(({ at }) => at);
const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

/** Starts a wait, and leaves time for the requests that need none. */
async function started(...given: Parameters<typeof startWait>): Promise<Wait> {
	const wait = startWait(...given);
	await wait.collector.start();
	await pass(1);
	return wait;
}

const failureOf = async (wait: Wait) => {
	const failure = wait.collector.start().then(
		() => undefined,
		(error: NodeOperationError) => error,
	);
	await pass(5_000);
	return await failure;
};

beforeAll(() => jest.useFakeTimers());
afterAll(() => jest.useRealTimers());

// A process counts as present, and a wait as active, for a while.
afterEach(async () => await pass(120_000));

describe('before any query is sent', () => {
	it('an address that responds is asked once', async () => {
		const wait = startWait(() => ({}));
		expect(await failureOf(wait)).toBeUndefined();
		expect(wait.sent[0]).toMatchObject({ holdMs: 0, at: 0 });
		expect(wait.searching().filter(({ at }) => at < 50)).toHaveLength(1);
		wait.collector.end([]);
	});

	it('an address that does not respond is tried three more times in 0.6 seconds', async () => {
		const wait = startWait(() => 'refused');
		const error = await failureOf(wait);
		expect(times(wait.sent)).toEqual([0, 0, 300, 600]);
		expect(error?.message).toBe('This process of n8n cannot reach the address of its own webhooks');
		expect(error?.description).toMatch(/inside your network\. No query was sent\.$/);
	});

	it.each([1, 2, 3])('an address that responds at attempt %i of three is used', async (attempt) => {
		const wait = startWait((_, index) => (index < attempt ? 'refused' : {}));
		expect(await failureOf(wait)).toBeUndefined();
		wait.collector.end([]);
	});

	it('only the addresses that respond are used later', async () => {
		const targets = [newAddress(), newAddress(), newAddress()];
		const wait = startWait(({ url }) => (url === targets[1] ? 404 : {}), { targets });
		expect(await failureOf(wait)).toBeUndefined();
		const later = wait.sent.filter(({ at }) => at > 600);
		expect(new Set(later.map(({ url }) => url))).toEqual(new Set([targets[0], targets[2]]));
		wait.collector.end([]);
	});

	it('the first of several failures is the one that is told', async () => {
		const targets = [newAddress(), newAddress()];
		const wait = startWait(({ url }) => (url === targets[0] ? 404 : 'refused'), { targets });
		expect((await failureOf(wait))?.message).toBe(
			'The workflow that receives the answers is not published (active)',
		);
	});

	it('a trigger is needed', async () => {
		const wait = startWait(() => ({}), { targets: [] });
		expect((await failureOf(wait))?.message).toBe(
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

	it('ends with the wait', async () => {
		const wait = await started(() => ({}), { place: 'unknown' });
		wait.collector.end([]);
		await pass(10_000);
		expect(wait.sent).toEqual([]);
	});

	it('goes to the addresses in turn', async () => {
		const targets = [newAddress(), newAddress()];
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
		const wait = startWait(() => ({}));
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
		['one of another wait', () => startWait(() => ({})).collector.createRequestId(0)],
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
		const { collector } = startWait(() => 'refused');
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
		expect(wait.later(count).every(({ leave }) => leave)).toBe(true);
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

	it('is tried again where a process does not respond: four times for each and twice more', async () => {
		const wait = await started(({ leave }) => (leave ? 'refused' : { notHeld: 'taken' }));
		await pass(10);
		wait.collector.end([]);
		await pass(30_000);
		const [first, ...later] = times(wait.leaving());
		expect(later.map((at) => at - first)).toEqual([300, 600, 900, 1_200, 1_500]);
	});

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
