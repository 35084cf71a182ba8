import { RemoteAnswers } from '../../../../nodes/SinchCapability/waiting/across/keptAnswers';
import type {
	KeptAnswer,
	RemoteWait,
} from '../../../../nodes/SinchCapability/waiting/across/keptAnswers';
import {
	createMarkedRequestId,
	createRequestId,
	markOf,
} from '../../../../nodes/SinchCapability/waiting/across/requestId';
import type { CapabilityCallback } from '../../../../nodes/SinchCapability/sinch/types';

const START = 1_769_000_000_000;
const NOW = START + 10 * 60_000;
const MARK = markOf('a key');

const answerTo = (request_id: string): CapabilityCallback => ({
	capability_notification: {
		request_id,
		channel: 'RCS',
		identity: '46701740605',
		capability_status: 'CAPABILITY_FULL',
	},
});

const answer = (number = 0, askedAt = NOW, mark = MARK) =>
	answerTo(createMarkedRequestId(mark, number, askedAt));

const store = () => new RemoteAnswers(START);

function keep(answers: RemoteAnswers, callback: CapabilityCallback, now: number) {
	const offer = answers.offer(callback, now);
	if (typeof offer === 'string') throw new Error(`Not kept: ${offer}`);
	return offer;
}

const collected = ({ answer: { collected: end } }: { answer: KeptAnswer }) => end;

const callbacksOf = (wait: RemoteWait) => wait.take().answers.map(({ callback }) => callback);

describe('answers for waits in other processes', () => {
	it('are kept for the owner of their mark and for nobody else', () => {
		const answers = store();
		const callback = answer();
		keep(answers, callback, NOW);
		expect(callbacksOf(answers.contact(markOf('another key'), NOW))).toEqual([]);
		expect(callbacksOf(answers.contact(MARK, NOW))).toEqual([callback]);
		expect(callbacksOf(answers.contact(MARK, NOW))).toEqual([]);
	});

	it.each([
		['has an id of Sinch', answerTo('01ARZ3NDEKTSV4RRFFQ69G5FAV')],
		['has an unmarked id', answerTo(createRequestId(NOW))],
		['has no id', { capability_notification: { channel: 'RCS' } }],
	])('are not awaited when the notification %s', (_, callback) => {
		const answers = store();
		expect(answers.offer(callback, NOW)).toBe('notAwaited');
		expect(answers.size).toBe(0);
	});

	it('wake a held request', async () => {
		const answers = store();
		const wait = answers.contact(MARK, NOW);
		const news = wait.nextNews;
		keep(answers, answer(), NOW);
		await expect(news).resolves.toBeUndefined();
	});

	it('are sent again until a later request confirms them', () => {
		const answers = store();
		keep(answers, answer(1), NOW);
		const first = answers.contact(MARK, NOW).take();
		keep(answers, answer(2), NOW);
		const wait = answers.contact(MARK, NOW);
		wait.confirm(0);
		const second = wait.take();
		expect(second.answers.map(({ number }) => number).sort()).toEqual([1, 2]);
		expect(second.number).toBeGreaterThan(first.number);
		wait.confirm(second.number);
		expect([wait.size, wait.take().answers]).toEqual([0, []]);
	});

	it('are not sent a second time while the response with them is in transit', () => {
		const answers = store();
		const wait = answers.contact(MARK, NOW);
		answers.hold(wait);
		keep(answers, answer(), NOW);
		wait.take();
		wait.confirm(0);
		expect(wait.hasAnswers).toBe(false);
		expect([wait.size, answers.keptAnswers]).toEqual([1, 1]);
		answers.release(wait);
		wait.confirm(0);
		expect(wait.hasAnswers).toBe(true);
	});

	it('are kept when the response with them could not be sent', () => {
		const answers = store();
		keep(answers, answer(), NOW);
		const wait = answers.contact(MARK, NOW);
		wait.putBack(wait.take());
		expect(wait.take().answers).toHaveLength(1);
	});

	it('can be removed again unless they are in transit', () => {
		const answers = store();
		const { wait, answer: kept } = keep(answers, answer(), NOW);
		expect(wait.withdraw(kept)).toBe(true);
		expect(wait.withdraw(kept)).toBe(false);
		const { answer: other } = keep(answers, answer(), NOW);
		wait.take();
		expect(wait.withdraw(other)).toBe(false);
	});

	it('count as repeats after the end of the wait, unless they had not arrived by then', () => {
		const answers = store();
		answers.contact(MARK, NOW);
		answers.end(MARK, [2], NOW);
		expect(answers.offer(answer(1), NOW)).toBe('repeat');
		expect(answers.offer(answer(2), NOW)).toBe('notAwaited');
	});

	it('are released when their wait ends: received, or for the workflow', async () => {
		const answers = store();
		const [had, open] = [1, 2].map((number) => keep(answers, answer(number), NOW));
		answers.end(MARK, [2], NOW);
		expect(await collected(had)).toBe(true);
		expect(await collected(open)).toBe(false);
		expect(had.wait.size).toBe(0);
	});

	it('go to the workflow when nobody has collected for the wait for a while', () => {
		const answers = store();
		const first = keep(answers, answer(), NOW);
		first.wait.withdraw(first.answer);
		expect(typeof answers.offer(answer(), NOW + 5_000)).toBe('object');
		expect(answers.offer(answer(), NOW + 20_000)).toBe('notAwaited');
	});

	it('are kept for longer while the owner of the wait still collects', () => {
		const answers = store();
		keep(answers, answer(), NOW);
		answers.contact(MARK, NOW + 19_000);
		expect(typeof answers.offer(answer(1), NOW + 20_000)).toBe('object');
	});

	it('go to the workflow when they belong to an old request that this process does not know', () => {
		expect(store().offer(answer(0, NOW - 61_000), NOW)).toBe('notAwaited');
	});

	it('to an old request are kept in a process that has just started', () => {
		const answers = new RemoteAnswers(NOW - 1_000);
		expect(typeof answers.offer(answer(0, NOW - 61_000), NOW)).toBe('object');
	});

	it('are kept up to a limit', () => {
		const answers = store();
		const offers = Array.from({ length: 1_100 }, (_, number) => answers.offer(answer(number), NOW));
		expect(offers.filter((offer) => offer === 'full')).toHaveLength(100);
		expect(answers.contact(MARK, NOW).size).toBe(1_000);
	});

	it('of an inactive wait make room after a minute', () => {
		const answers = store();
		Array.from({ length: 1_000 }, (_, number) => keep(answers, answer(number), NOW));
		const later = NOW + 61_000;
		expect(typeof answers.offer(answer(0, later, markOf('other')), later)).toBe('object');
		expect(answers.size).toBe(1);
	});

	it('survive ten thousand requests with guessed keys, in bounded memory', () => {
		const answers = store();
		const callback = answer();
		keep(answers, callback, NOW);
		for (let guess = 0; guess < 10_000; guess++) {
			expect(answers.contact(markOf(`guess ${guess}`), NOW).hasAnswers).toBe(false);
		}
		expect(answers.size).toBeLessThanOrEqual(5_001);
		expect(callbacksOf(answers.contact(MARK, NOW))).toEqual([callback]);
	});

	it('survive thousands of ended waits with all the numbers that fit in, in bounded memory', () => {
		const answers = store();
		const callback = answer();
		keep(answers, callback, NOW);
		const numbers = Array.from({ length: 11_000 }, (_, number) => number);
		for (let guess = 0; guess < 200; guess++) {
			answers.end(markOf(`guess ${guess}`), numbers, NOW);
			expect(answers.unansweredRequests).toBeLessThanOrEqual(200_000);
		}
		expect(answers.unansweredRequests).toBeGreaterThan(100_000);
		expect(callbacksOf(answers.contact(MARK, NOW))).toEqual([callback]);
	});

	it('are forgotten first of the wait that has been inactive for longest', () => {
		const answers = store();
		const [again, inactive] = ['again', 'inactive'].map(markOf);
		answers.end(again, [], NOW);
		answers.end(inactive, [], NOW);
		answers.contact(again, NOW);
		for (let guess = 0; guess < 4_999; guess++) answers.contact(markOf(`guess ${guess}`), NOW);
		expect(answers.offer(answer(0, NOW, again), NOW)).toBe('repeat');
		expect(answers.offer(answer(0, NOW, inactive), NOW)).not.toBe('repeat');
	});

	it('are counted once for a wait that ends more than once', () => {
		const answers = store();
		answers.end(MARK, [1, 2, 3], NOW);
		answers.end(MARK, [2], NOW);
		expect(answers.unansweredRequests).toBe(1);
	});

	it('are recognised for ten minutes after the end of their wait', () => {
		const answers = store();
		answers.end(MARK, [], NOW);
		answers.contact(markOf('other'), NOW + 9 * 60_000);
		expect(answers.offer(answer(), NOW + 9 * 60_000)).toBe('repeat');
		answers.contact(markOf('other'), NOW + 11 * 60_000);
		expect(answers.offer(answer(), NOW + 11 * 60_000)).toBe('notAwaited');
	});
});
