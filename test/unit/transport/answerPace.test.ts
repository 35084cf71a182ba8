import { sleep } from 'n8n-workflow';

import {
	type Turn,
	AnswerPace,
	answerPaceOf,
	MAX_BURST,
	noteAnswer,
} from '../../../nodes/SinchCapability/transport/queries';

const turn = (changes: Partial<Turn> = {}): Turn => ({
	requestId: 'request',
	answers: 1,
	answersPerSecond: 100,
	arriveElsewhere: false,
	hasListener: async () => await Promise.resolve(true),
	signal: new AbortController().signal,
	...changes,
});

/** Milliseconds until all turns of a new pace have passed. */
async function timeOf(turns: Turn[]): Promise<number> {
	const pace = new AnswerPace();
	const begin = Date.now();
	await Promise.all(turns.map(async (one) => await pace.wait(one)));
	return Date.now() - begin;
}

const times = (count: number, one: Turn) => Array.from({ length: count }, () => one);

/** How much earlier than expected n8n's timer may fire, in milliseconds. */
const EARLY_MS = 30;

it('a small run passes without asking who listens', async () => {
	const hasListener = jest.fn();
	await timeOf(times(MAX_BURST, turn({ hasListener, answersPerSecond: 1 })));
	expect(hasListener).not.toHaveBeenCalled();
});

it('queries after the first ones keep the pace of the answers', async () => {
	const ms = await timeOf(times(MAX_BURST + 41, turn()));
	expect(ms).toBeGreaterThan(400 - EARLY_MS);
});

it('the pace of the answers counts every answer that a query will have', async () => {
	const ms = await timeOf(times(MAX_BURST, turn({ answers: 3 })));
	expect(ms).toBeGreaterThan((MAX_BURST * 2 - 3) * 10 - EARLY_MS);
});

it('the pace of the answers does not delay queries whose answers go elsewhere', async () => {
	const elsewhere = turn({
		answersPerSecond: 1,
		hasListener: async () => await Promise.resolve(false),
	});
	// At one a second these would take more than a minute.
	expect(await timeOf(times(100, elsewhere))).toBeLessThan(10_000);
});

it('queries are held back while too many answers are outstanding, unless another process gets the answers', async () => {
	const fast = turn({ answersPerSecond: 10_000 });
	const pace = new AnswerPace();
	const over = new AbortController();
	const one = { ...fast, signal: over.signal };
	let passed = 0;
	const all = times(80, one).map(async (next, index) => {
		await pace.wait({ ...next, requestId: `request ${index}` });
		passed += over.signal.aborted ? 0 : 1;
	});
	await sleep(1_000);
	expect(passed).toBe(25);
	over.abort();
	await Promise.all(all);
	const unseen = await timeOf(times(80, { ...fast, arriveElsewhere: true }));
	// Long before the window would forget the first ones.
	expect(unseen).toBeLessThan(8_000);
});

it('the wait of a run behind another one ends immediately when the run is over', async () => {
	const pace = new AnswerPace();
	const other = new AbortController();
	const slow = turn({ answersPerSecond: 0.1, signal: other.signal });
	const others = Promise.all(times(MAX_BURST + 2, slow).map(async (one) => await pace.wait(one)));
	const over = new AbortController();
	const waiting = pace.wait(turn({ signal: over.signal }));
	const begin = Date.now();
	over.abort();
	await waiting;
	// The turn before it takes ten seconds.
	expect(Date.now() - begin).toBeLessThan(5_000);
	other.abort();
	await others;
});

it('a query whose run ended before it was sent leaves no answer outstanding', async () => {
	const pace = new AnswerPace();
	const over = new AbortController();
	let listens: (isListening: boolean) => void = () => {};
	const hasListener = async () => await new Promise<boolean>((resolve) => (listens = resolve));
	await pace.wait(turn({ answers: MAX_BURST + 1, answersPerSecond: 1 }));
	pace.window.remove('request');
	const waiting = pace.wait(turn({ requestId: 'unsent', hasListener, signal: over.signal }));
	await sleep(0);
	over.abort();
	await waiting;
	// What a query does that Sinch has not registered.
	pace.window.remove('unsent');
	listens(true);
	// Passes at once, but after the turn that was left.
	await pace.wait(turn({ hasListener: async () => await Promise.resolve(false) }));
	expect(pace.window.find('unsent')).toBeUndefined();
});

it('all queries of a run stop waiting immediately when the run is over', async () => {
	const over = new AbortController();
	const slow = turn({ answersPerSecond: 1, signal: over.signal });
	const all = timeOf(times(MAX_BURST + 50, slow));
	await sleep(50);
	over.abort();
	expect(await all).toBeLessThan(10_000);
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
