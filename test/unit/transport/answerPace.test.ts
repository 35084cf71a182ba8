import { sleep } from 'n8n-workflow';

import {
	type Turn,
	AnswerPace,
	answerPaceOf,
	MAX_BURST,
	noteAnswer,
} from '../../../nodes/SinchCapability/transport/queries';
import { pass, useClock } from '../../support/clock';

const turn = (changes: Partial<Turn> = {}): Turn => ({
	requestId: 'request',
	answers: 1,
	answersPerSecond: 100,
	arriveElsewhere: false,
	hasListener: async () => await Promise.resolve(true),
	signal: new AbortController().signal,
	...changes,
});

/** No answer is outstanding in this process, so that only the rate counts. */
const uncounted = (changes: Partial<Turn> = {}) => turn({ arriveElsewhere: true, ...changes });

const isSilent = async () => await Promise.resolve(false);

/** So many pass at once after a pause: one more than the burst, because the rate begins after it. */
const AT_ONCE = MAX_BURST + 1;

/** Lets turns wait one behind the other. @returns when each has passed, in milliseconds from now */
function timesOf(turns: Turn[], pace = new AnswerPace()): number[] {
	const began = performance.now();
	const times: number[] = [];
	for (const one of turns) {
		void pace.wait(one).then(() => times.push(performance.now() - began));
	}
	return times;
}

const times = (count: number, one: Turn) => Array.from({ length: count }, () => one);

useClock();

it('a small run passes without asking who listens', async () => {
	const hasListener = jest.fn();
	const passed = timesOf(times(MAX_BURST, turn({ hasListener, answersPerSecond: 1 })));
	await pass(0);
	expect(passed).toHaveLength(MAX_BURST);
	expect(hasListener).not.toHaveBeenCalled();
});

it('queries after the first ones keep the pace of the answers', async () => {
	const passed = timesOf(times(AT_ONCE + 4, uncounted()));
	await pass(1_000);
	expect(passed.slice(0, AT_ONCE)).toEqual(times(AT_ONCE, turn()).map(() => 0));
	expect(passed.slice(AT_ONCE)).toEqual([10, 20, 30, 40]);
});

it('the pace of the answers counts every answer that a query will have', async () => {
	const passed = timesOf(times(12, uncounted({ answers: 3 })));
	await pass(1_000);
	expect(passed.slice(8)).toEqual([0, 20, 50, 80]);
});

it('a pause in the queries is caught up with as many as pass at the beginning', async () => {
	const pace = new AnswerPace();
	timesOf(times(AT_ONCE, uncounted()), pace);
	await pass(60_000);
	const passed = timesOf(times(AT_ONCE + 1, uncounted()), pace);
	await pass(1_000);
	expect(passed.slice(-2)).toEqual([0, 10]);
});

it('the time that a turn takes too long is caught up for 50 ms', async () => {
	let isFirst = true;
	const hasListener = async () => {
		if (isFirst) await sleep(1_000);
		isFirst = false;
		return true;
	};
	const passed = timesOf(times(AT_ONCE + 8, uncounted({ hasListener })));
	await pass(5_000);
	expect(passed.slice(AT_ONCE)).toEqual([1_010, 1_010, 1_010, 1_010, 1_010, 1_010, 1_020, 1_030]);
});

it('the pace of the answers does not delay queries whose answers go elsewhere', async () => {
	const passed = timesOf(times(100, turn({ answersPerSecond: 1, hasListener: isSilent })));
	await pass(0);
	expect(passed).toHaveLength(100);
});

it('the turn after one that failed keeps the pace of the answers', async () => {
	const pace = new AnswerPace();
	timesOf(times(AT_ONCE, uncounted()), pace);
	const problem = new Error('no response');
	const hasListener = async () => await Promise.reject<boolean>(problem);
	const failed = expect(pace.wait(uncounted({ hasListener }))).rejects.toBe(problem);
	const passed = timesOf([uncounted()], pace);
	await pass(1_000);
	await failed;
	expect(passed).toEqual([10]);
});

describe('while too many answers are outstanding', () => {
	const manyOf = (count: number, changes: Partial<Turn> = {}) =>
		Array.from({ length: count }, (_, index) =>
			turn({ answersPerSecond: 1_000, requestId: `request ${index}`, ...changes }),
		);

	it('queries are held back until an outstanding answer has come', async () => {
		const pace = new AnswerPace();
		const passed = timesOf(manyOf(80), pace);
		const answer = async (number: number) => {
			const notification = { request_id: `request ${number}`, channel: 'RCS', identity: '1' };
			pace.window.note(notification, performance.now());
			await pass(0);
		};
		await pass(0);
		expect(passed).toHaveLength(25);
		await answer(0);
		expect(passed).toHaveLength(26);
		await pass(1_000);
		expect(passed).toHaveLength(26);
		await answer(1);
		expect(passed.slice(25)).toEqual([0, 1_000]);
	});

	it('queries whose answers another process gets are not held back by those outstanding', async () => {
		const passed = timesOf(manyOf(80, { arriveElsewhere: true }));
		await pass(100);
		expect(passed).toHaveLength(80);
	});

	it('queries to which nobody listens are not held back by answers outstanding', async () => {
		const passed = timesOf(manyOf(80, { hasListener: isSilent }));
		await pass(10);
		expect(passed).toHaveLength(80);
	});
});

describe('when a run is over', () => {
	it('the wait of a run behind another one ends immediately when the run is over', async () => {
		const pace = new AnswerPace();
		const slow = uncounted({ answersPerSecond: 0.1 });
		timesOf(times(AT_ONCE + 1, slow), pace);
		const over = new AbortController();
		const passed = timesOf([turn({ signal: over.signal })], pace);
		await pass(5_000);
		expect(passed).toEqual([]);
		over.abort();
		await pass(0);
		expect(passed).toEqual([5_000]);
	});

	it('all queries of a run stop waiting immediately when it is over, and take nothing off the rate', async () => {
		const pace = new AnswerPace();
		const over = new AbortController();
		const slow = uncounted({ answersPerSecond: 1, signal: over.signal });
		const stopped = timesOf(times(AT_ONCE + 50, slow), pace);
		await pass(2_500);
		over.abort();
		await pass(0);
		expect(stopped.slice(AT_ONCE)).toEqual([1_000, 2_000, ...times(48, slow).map(() => 2_500)]);
		const next = timesOf(times(2, uncounted({ answersPerSecond: 1 })), pace);
		await pass(10_000);
		// The turn that was left half a second before its end counts.
		expect(next).toEqual([1_500, 2_500]);
	});

	it('a query whose run ended before it was sent leaves no answer outstanding', async () => {
		const pace = new AnswerPace();
		const over = new AbortController();
		let listens: (isListening: boolean) => void = () => {};
		const hasListener = async () => await new Promise<boolean>((resolve) => (listens = resolve));
		await pace.wait(turn({ answers: AT_ONCE, answersPerSecond: 1 }));
		pace.window.remove('request');
		const waiting = pace.wait(turn({ requestId: 'unsent', hasListener, signal: over.signal }));
		await pass(0);
		over.abort();
		await waiting;
		// What a query does that Sinch has not registered.
		pace.window.remove('unsent');
		listens(true);
		// Passes at once, but after the turn that was left.
		await pace.wait(turn({ hasListener: isSilent }));
		expect(pace.window.find('unsent')).toBeUndefined();
	});
});

it('a process remembers the rate of an app in use, but of 1,000 apps at most', () => {
	const used = answerPaceOf('used');
	const unused = answerPaceOf('app 0');
	used.window.add('request', 2, performance.now());
	for (let n = 1; n <= 1_500; n++) {
		answerPaceOf(`app ${n}`);
		if (n % 500 === 0) expect(answerPaceOf('used')).toBe(used);
	}
	expect(answerPaceOf('app 0')).not.toBe(unused);
	noteAnswer({ capability_notification: { request_id: 'request', channel: 'RCS', identity: '1' } });
	expect(used.window.find('request')?.missing).toBe(1);
});
