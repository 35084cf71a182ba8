import type {
	KeptAnswer,
	RemoteWait,
} from '../../../../nodes/SinchCapability/waiting/queueMode/keptAnswers';
import { RemoteAnswers } from '../../../../nodes/SinchCapability/waiting/queueMode/keptAnswers';
import {
	createMarkedRequestId,
	createRequestId,
	markOf,
} from '../../../../nodes/SinchCapability/waiting/queueMode/requestId';
import type { CapabilityCallback } from '../../../../nodes/SinchCapability/sinch/types';

const START = 1_769_000_000_000;
const NOW = START + 10 * 60_000;
const MARK = markOf('a key');
const N8N = 'this n8n';

const answerTo = (request_id: string): CapabilityCallback => ({
	capability_notification: {
		request_id,
		channel: 'RCS',
		identity: '46701740605',
		capability_status: 'CAPABILITY_FULL',
	},
});

const answer = (number = 0, askedAt = NOW, mark = MARK) =>
	answerTo(createMarkedRequestId(mark, number, N8N, askedAt));

const store = () => new RemoteAnswers(START);

const offer = (answers: RemoteAnswers, callback: CapabilityCallback, now = NOW) =>
	answers.offer(callback, N8N, now, now);

function keep(answers: RemoteAnswers, callback: CapabilityCallback, now: number) {
	const kept = offer(answers, callback, now);
	if (typeof kept === 'string') throw new Error(`Not kept: ${kept}`);
	return kept;
}

const collected = (answer: KeptAnswer) => answer.collected.promise;

const callbacksOf = ({ answers }: RemoteWait) => answers.map(({ callback }) => callback);

const numbersOf = ({ answers }: RemoteWait) => answers.map(({ number }) => number);

it('an answer for a wait in another process is kept for the owner of its mark and for no one else', () => {
	const answers = store();
	const callback = answer();
	keep(answers, callback, NOW);
	expect(callbacksOf(answers.contact(markOf('another key'), NOW))).toEqual([]);
	expect(callbacksOf(answers.contact(MARK, NOW))).toEqual([callback]);
});

it('whoever holds a request for answers hears of the end of the wait at once', async () => {
	const answers = store();
	const { change } = answers.contact(MARK, NOW);
	answers.end(MARK, [], NOW);
	await expect(change.promise).resolves.toBeUndefined();
});

it.each([
	['has a request ID of Sinch', answerTo('01ARZ3NDEKTSV4RRFFQ69G5FAV')],
	['has an unmarked request ID', answerTo(createRequestId(NOW))],
	[
		'has a request ID of a wait in another n8n',
		answerTo(createMarkedRequestId(MARK, 0, 'another n8n', NOW)),
	],
	['has no request ID', { capability_notification: { channel: 'RCS' } }],
])('no other process awaits an answer when the notification %s', (_, callback) => {
	const answers = store();
	expect(offer(answers, callback)).toBe('notAwaited');
	expect(answers['waits'].size).toBe(0);
});

it('an answer for a wait in another process wakes a held request', async () => {
	const answers = store();
	const { change } = answers.contact(MARK, NOW);
	keep(answers, answer(), NOW);
	await expect(change.promise).resolves.toBeUndefined();
});

it('a kept answer does not join those of a response that is being sent', () => {
	const answers = store();
	const wait = answers.contact(MARK, NOW);
	keep(answers, answer(1), NOW);
	const { answers: sent } = wait;
	keep(answers, answer(2), NOW);
	expect(sent.map(({ number }) => number)).toEqual([1]);
	expect(numbersOf(wait)).toEqual([1, 2]);
});

it('a kept answer is sent again until a later request confirms it', () => {
	const answers = store();
	const wait = answers.contact(MARK, NOW);
	keep(answers, answer(7), NOW);
	const first = wait.latest;
	keep(answers, answer(8), NOW);
	wait.confirm(0);
	expect(numbersOf(wait)).toEqual([7, 8]);
	wait.confirm(first);
	expect(numbersOf(wait)).toEqual([8]);
	// A request that was sent before the response arrived confirms less.
	wait.confirm(0);
	expect(numbersOf(wait)).toEqual([8]);
	wait.confirm(wait.latest);
	expect([wait.answers, answers.keptAnswers]).toEqual([[], 0]);
});

it('a kept answer keeps its position when an earlier one is removed', () => {
	const answers = store();
	const removed = keep(answers, answer(1), NOW);
	keep(answers, answer(2), NOW);
	removed.wait.remove(removed);
	removed.wait.confirm(1);
	expect(numbersOf(removed.wait)).toEqual([2]);
});

it.each(['before', 'after'])(
	'an answer that arrives %s the first request of a wait that this process had forgotten is kept until it is confirmed',
	(arrival) => {
		const answers = store();
		[1, 2, 3].forEach((number) => keep(answers, answer(number), NOW));
		const { latest: received } = answers.contact(MARK, NOW);
		answers.contact(markOf('other'), NOW + 61_000);
		expect(answers['waits'].has(MARK)).toBe(false);
		// The waiting side still confirms what it has received before.
		const late = () => keep(answers, answer(4), NOW + 61_000);
		if (arrival === 'before') late();
		answers.contact(MARK, NOW + 61_000).confirm(received);
		if (arrival === 'after') late();
		const wait = answers.contact(MARK, NOW + 61_000);
		wait.confirm(received);
		expect(numbersOf(wait)).toEqual([4]);
		wait.confirm(wait.latest);
		expect(wait.answers).toEqual([]);
	},
);

it('an answer for a wait in another process is a repeat after the end of that wait, unless it had not arrived by then', () => {
	const answers = store();
	answers.contact(MARK, NOW);
	answers.end(MARK, [2], NOW);
	expect(offer(answers, answer(1))).toBe('received');
	expect(offer(answers, answer(2))).toBe('notAwaited');
});

it('a request of a wait that arrives after its end, late, is held like the first of a new one', () => {
	const answers = store();
	const first = answers.contact(MARK, NOW);
	first.isHeld = true;
	answers.end(MARK, [], NOW);
	expect(answers.heldRequests).toBe(0);
	expect(answers.contact(MARK, NOW)).not.toBe(first);
});

it('a kept answer is released when its wait ends: received, or for the workflow', async () => {
	const answers = store();
	const [had, open] = [1, 2].map((number) => keep(answers, answer(number), NOW));
	answers.end(MARK, [2], NOW);
	expect(await collected(had)).toBe(true);
	expect(await collected(open)).toBe(false);
	expect(had.wait.answers).toEqual([]);
});

it('an answer for a wait in another process goes to the workflow when no one has collected for that wait for a while', () => {
	const answers = store();
	const first = keep(answers, answer(), NOW);
	first.wait.remove(first);
	expect(typeof offer(answers, answer(), NOW + 5_000)).toBe('object');
	expect(offer(answers, answer(), NOW + 20_000)).toBe('notAwaited');
});

it('an answer for a wait in another process is kept for longer while the owner of that wait still collects', () => {
	const answers = store();
	keep(answers, answer(), NOW);
	answers.contact(MARK, NOW + 19_000);
	expect(typeof offer(answers, answer(1), NOW + 20_000)).toBe('object');
});

it.each([
	[25_000, 'object'],
	[25_001, 'string'],
])(
	'a wait counts as active for 15 seconds after its latest request: after %i ms, its answer is of type %s',
	(ms, type) => {
		const answers = store();
		answers.contact(MARK, NOW);
		answers.contact(MARK, NOW + 10_000);
		expect(typeof offer(answers, answer(), NOW + ms)).toBe(type);
	},
);

it('an answer goes to the workflow when it belongs to an old request that this process does not know', () => {
	expect(offer(store(), answer(0, NOW - 94_000))).toBe('notAwaited');
	// Its ID shows its time only to half a minute.
	expect(typeof offer(store(), answer(0, NOW - 60_000))).toBe('object');
});

it('a process that has just started keeps an answer even for an old request', () => {
	const answers = new RemoteAnswers(NOW - 1_000);
	expect(typeof offer(answers, answer(0, NOW - 94_000))).toBe('object');
});

it('answers for a wait in another process are kept up to a limit', () => {
	const answers = store();
	const offers = Array.from({ length: 1_100 }, (_, number) => offer(answers, answer(number)));
	expect(offers.filter((offer) => offer === 'full')).toHaveLength(100);
	expect(answers.contact(MARK, NOW).answers).toHaveLength(1_000);
});

it('kept answers make room a minute after their wait was last active', () => {
	const answers = store();
	Array.from({ length: 1_000 }, (_, number) => keep(answers, answer(number), NOW));
	const later = NOW + 61_000;
	expect(typeof offer(answers, answer(0, later, markOf('other')), later)).toBe('object');
	expect(answers['waits'].size).toBe(1);
});

it('a kept answer survives ten thousand requests with guessed keys, in bounded memory', () => {
	const answers = store();
	const callback = answer();
	keep(answers, callback, NOW);
	for (let guess = 0; guess < 10_000; guess++) {
		expect(answers.contact(markOf(`guess ${guess}`), NOW).answers).toEqual([]);
	}
	expect(answers['waits'].size).toBeLessThanOrEqual(5_001);
	expect(callbacksOf(answers.contact(MARK, NOW))).toEqual([callback]);
});

it('a kept answer survives a thousand ended waits with as many numbers as fit in, in bounded memory', () => {
	const answers = store();
	const callback = answer();
	keep(answers, callback, NOW);
	const numbers = Array.from({ length: 11_000 }, (_, number) => number);
	for (let guess = 0; guess < 1_000; guess++) {
		answers.end(markOf(`guess ${guess}`), numbers, NOW);
	}
	expect(answers['ended']['entries'].size).toBe(200);
	expect(callbacksOf(answers.contact(MARK, NOW))).toEqual([callback]);
});

it('a wait in another process is not forgotten while its request is held', () => {
	const answers = store();
	const wait = answers.contact(MARK, NOW);
	wait.isHeld = true;
	for (let guess = 0; guess < 6_000; guess++) answers.contact(markOf(`guess ${guess}`), NOW);
	expect([answers.contact(MARK, NOW), answers.heldRequests]).toEqual([wait, 1]);
});

it('the wait that has been inactive for longest is forgotten first', () => {
	const answers = store();
	const [again, inactive] = ['again', 'inactive'].map((name) => {
		const wait = answers.contact(markOf(name), NOW);
		return { wait, name };
	});
	answers.contact(markOf('again'), NOW);
	for (let guess = 0; guess < 4_999; guess++) answers.contact(markOf(`guess ${guess}`), NOW);
	expect(answers.contact(markOf(again.name), NOW)).toBe(again.wait);
	expect(answers.contact(markOf(inactive.name), NOW)).not.toBe(inactive.wait);
});

it('the latest end of a wait in another process decides which of its answers are repeats', () => {
	const answers = store();
	answers.end(MARK, [1, 2, 3], NOW);
	answers.end(MARK, [2], NOW);
	expect([1, 2].map((number) => offer(answers, answer(number)))).toEqual([
		'received',
		'notAwaited',
	]);
});

it('the answers for a wait in another process are recognized for ten minutes after its end', () => {
	const answers = store();
	answers.end(MARK, [], NOW);
	answers.contact(markOf('other'), NOW + 9 * 60_000);
	expect(offer(answers, answer(), NOW + 9 * 60_000)).toBe('received');
	answers.contact(markOf('other'), NOW + 11 * 60_000);
	expect(offer(answers, answer(), NOW + 11 * 60_000)).toBe('notAwaited');
});
