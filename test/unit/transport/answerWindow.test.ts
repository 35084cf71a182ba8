import { AnswerWindow } from '../../../nodes/SinchCapability/transport/queries';
import { pass, useClock } from '../../support/clock';

const RATE = 25;
const PHONE = '46701740605';

const answerTo = (request_id: string, channel = 'RCS', identity = PHONE) => ({
	request_id,
	channel,
	identity,
	capability_status: 'NO_CAPABILITY',
});

let requests = 0;

/** Adds queries one after the other, without looking whether there is room. */
const send = (window: AnswerWindow, count: number, at: number, answers = 1) =>
	Array.from({ length: count }, () => {
		const id = `request-${++requests}`;
		window.add(id, answers, at);
		return id;
	});

it('the window of outstanding answers is full with 25 answers, and has room when one has arrived', () => {
	const window = new AnswerWindow();
	const sent = send(window, 24, 0);
	expect(window.isFull(RATE, 1)).toBe(false);
	sent.push(...send(window, 1, 0));
	expect(window.isFull(RATE, 1)).toBe(true);
	expect(window.note(answerTo(sent[7]), 1)).toBe(true);
	expect(window.isFull(RATE, 1)).toBe(false);
});

it('the window of outstanding answers counts a repeated answer once, and that of another request never', () => {
	const window = new AnswerWindow();
	const [first] = send(window, 14, 0, 2);
	window.note(answerTo(first), 1);
	expect(window.note(answerTo(first, 'rcs', `+${PHONE}`), 1)).toBe(false);
	expect(window.note(answerTo('another request'), 1)).toBe(false);
	expect(window.isFull(RATE, 1)).toBe(true);
	window.note(answerTo(first, 'SMS'), 1);
	expect(window.isFull(RATE, 1)).toBe(true);
	expect(window.note(answerTo(first, 'MMS'), 1)).toBe(false);
});

it('the window of outstanding answers counts the answers of all queries with the same request ID', () => {
	const window = new AnswerWindow();
	for (let count = 0; count < 25; count++) window.add('campaign', 1, 0);
	expect(window.isFull(RATE, 1)).toBe(true);
	window.note(answerTo('campaign'), 1);
	expect(window.isFull(RATE, 1)).toBe(false);
	window.add('campaign', 1, 1);
	window.note(answerTo('campaign', 'RCS', '46701740606'), 1);
	window.note(answerTo('campaign', 'RCS', '46701740606'), 1);
	window.add('campaign', 1, 1);
	expect(window.isFull(RATE, 1)).toBe(true);
});

it('the window of outstanding answers has room again when Sinch has refused a query', () => {
	const window = new AnswerWindow();
	const sent = send(window, 25, 0);
	window.remove(sent[20]);
	window.remove(sent[20]);
	expect(window.isFull(RATE, 1)).toBe(false);
	send(window, 1, 0);
	expect(window.isFull(RATE, 1)).toBe(true);
});

it('the window of outstanding answers counts the answers that a query still lacks', () => {
	const window = new AnswerWindow();
	const [first] = send(window, 12, 0, 2);
	send(window, 1, 0);
	expect(window.isFull(RATE, 1)).toBe(true);
	window.note(answerTo(first), 1);
	expect(window.isFull(RATE, 1)).toBe(false);
});

it('the window of outstanding answers recognizes an answer under the request ID that Sinch chose', () => {
	const window = new AnswerWindow();
	const sent = send(window, 25, 0);
	window.rename(sent[0], 'renamed');
	expect(window.note(answerTo(sent[0]), 1)).toBe(false);
	expect(window.note(answerTo('renamed'), 1)).toBe(true);
	send(window, 60, 1).forEach((id) => window.rename(id, 'the same for all'));
	window.note(answerTo('the same for all'), 1);
	expect(window.isFull(RATE, 10_001)).toBe(false);
});

it("the window of outstanding answers has more room for what Sinch's own delay takes, by the shortest delay seen", () => {
	const window = new AnswerWindow();
	const [first, second] = send(window, 2, 0);
	window.note(answerTo(first), 4_000);
	send(window, 123, 4_000);
	expect(window.isFull(RATE, 4_001)).toBe(false);
	send(window, 1, 4_000);
	expect(window.isFull(RATE, 4_001)).toBe(true);
	window.note(answerTo(second), 9_000);
	expect(window.isFull(RATE, 9_000)).toBe(false);
	send(window, 1, 9_000);
	expect(window.isFull(RATE, 9_000)).toBe(true);
});

it('an answer that may never come is no longer outstanding after ten seconds', () => {
	const window = new AnswerWindow();
	const [first] = send(window, 52, 0);
	window.note(answerTo(first), 1);
	expect(window.isFull(RATE, 9_999)).toBe(true);
	expect(window.isFull(RATE, 10_000)).toBe(false);
});

it('an answer is outstanding for longer where the latest answer took longer', () => {
	const window = new AnswerWindow();
	const [first] = send(window, 1, 0);
	window.note(answerTo(first), 5_000);
	send(window, 25, 5_000);
	expect(window.isFull(RATE, 24_999)).toBe(true);
	expect(window.isFull(RATE, 25_000)).toBe(false);
});

it('queries are not held back when no answer comes to this process', () => {
	const window = new AnswerWindow();
	send(window, 500, 0);
	expect(window.isFull(RATE, 9_999)).toBe(true);
	send(window, 500, 9_999);
	expect(window.isFull(RATE, 10_000)).toBe(false);
	expect(window.isFull(RATE, 60_000)).toBe(false);
	send(window, 500, 60_000);
	expect(window.isFull(RATE, 60_000)).toBe(false);
});

it('queries are not held back when no further answer comes to this process', () => {
	const window = new AnswerWindow();
	const [first] = send(window, 1, 0);
	window.note(answerTo(first), 1_000);
	send(window, 60, 60_000);
	expect(window.isFull(RATE, 69_999)).toBe(true);
	expect(window.isFull(RATE, 70_000)).toBe(false);
	send(window, 60, 70_000);
	expect(window.isFull(RATE, 79_999)).toBe(true);
	expect(window.isFull(RATE, 80_000)).toBe(false);
	send(window, 60, 80_000);
	expect(window.isFull(RATE, 80_000)).toBe(false);
});

it('queries are held back in a run long after one that lacked an answer at its end', () => {
	const window = new AnswerWindow();
	const [first] = send(window, 2, 0);
	window.note(answerTo(first), 1_000);
	send(window, 50, 3_600_000);
	expect(window.isFull(RATE, 3_600_001)).toBe(true);
});

it('queries are held back in a later run even when it looks for room before it sends', () => {
	const window = new AnswerWindow();
	const [first] = send(window, 2, 0);
	window.note(answerTo(first), 1_000);
	expect(window.isFull(RATE, 3_600_000)).toBe(false);
	send(window, 50, 3_600_000);
	expect(window.isFull(RATE, 3_600_001)).toBe(true);
});

it('the time without an answer is counted anew once nothing is outstanding', () => {
	const window = new AnswerWindow();
	const [refused] = send(window, 1, 0);
	window.remove(refused);
	send(window, 25, 60_000);
	expect(window.isFull(RATE, 69_999)).toBe(true);
});

it('queries are held back again as soon as an answer comes to this process', () => {
	const window = new AnswerWindow();
	send(window, 60, 0);
	const [late] = send(window, 90, 9_000);
	expect(window.isFull(RATE, 10_000)).toBe(false);
	window.note(answerTo(late), 10_001);
	expect(window.isFull(RATE, 10_001)).toBe(true);
});

it('at least one answer is expected for a contact whose identities are not known', () => {
	const window = new AnswerWindow();
	window.add('contact', 0, 0);
	send(window, 51, 0);
	expect(window.note(answerTo('contact'), 1)).toBe(true);
	expect(window.isFull(RATE, 1)).toBe(true);
});

it('the time without an answer is counted anew from each answer', () => {
	const window = new AnswerWindow();
	const [first] = send(window, 1, 0);
	window.note(answerTo(first), 1_000);
	const [, second] = send(window, 2, 1_000);
	window.note(answerTo(second), 10_000);
	const [third] = send(window, 60, 10_000);
	window.note(answerTo(third), 10_500);
	send(window, 60, 20_000);
	expect(window.isFull(RATE, 29_999)).toBe(true);
	expect(window.isFull(RATE, 30_500)).toBe(false);
});

it('the window of outstanding answers ignores another request ID of a query that it does not know', () => {
	const window = new AnswerWindow();
	window.rename('unknown', 'renamed');
	expect(window.find('renamed')).toBeUndefined();
	send(window, 25, 0);
	expect(window.isFull(RATE, 1)).toBe(true);
});

describe('a query that waits for room', () => {
	useClock();

	/** A full window with a query that waits; more than a hundred looks for room fail. */
	function startWait() {
		const window = new AnswerWindow();
		const sent = send(window, 25, performance.now());
		const over = new AbortController();
		const isFull = window.isFull.bind(window);
		const looks = jest.spyOn(window, 'isFull').mockImplementation((rate, now) => {
			if (looks.mock.calls.length > 100) throw new Error('The window is looked at without pause');
			return isFull(rate, now);
		});
		const wait = { window, sent, over, looks, isFree: false };
		void window.untilFree(RATE, over.signal).then(() => (wait.isFree = true));
		return wait;
	}

	it('a query that waits for room goes on as soon as an answer has come', async () => {
		const wait = startWait();
		await pass(50);
		expect(wait.isFree).toBe(false);
		wait.window.note(answerTo(wait.sent[0]), performance.now());
		await pass(0);
		expect(wait.isFree).toBe(true);
	});

	it('a query that waits for room waits on while others take what an answer has left', async () => {
		const wait = startWait();
		for (const id of wait.sent.slice(0, 3)) {
			send(wait.window, 5, performance.now());
			wait.window.note(answerTo(id), performance.now());
			await pass(0);
		}
		expect(wait.isFree).toBe(false);
		expect(wait.looks.mock.calls).toHaveLength(4);
		wait.over.abort();
	});

	it('a query that waits for room looks ten times a second whether an answer is too late', async () => {
		const wait = startWait();
		await pass(1_000);
		expect(wait.looks.mock.calls).toHaveLength(11);
		wait.over.abort();
	});

	it('a query that waits for room goes on when its run is over', async () => {
		const wait = startWait();
		wait.over.abort();
		await pass(0);
		expect(wait.isFree).toBe(true);
	});
});
