import { PendingQuery, Mailbox } from '../../../nodes/SinchCapability/waiting/mailbox';
import { contactResult } from '../../../nodes/SinchCapability/waiting/contactResult';
import type { CapabilityCallback } from '../../../nodes/SinchCapability/sinch/types';

const NOW = 1_769_000_000_000;

const answer = (
	channel: string,
	capability_status = 'CAPABILITY_FULL',
	request_id = 'request-1',
): CapabilityCallback => ({
	capability_notification: { request_id, channel, identity: '+46701234567', capability_status },
});

const question = (waitFor: 'all' | 'firstUsable' = 'all', ...channels: string[]) =>
	new PendingQuery(
		'request-1',
		(channels.length ? channels : ['RCS', 'SMS']).map((channel) => ({
			channel,
			identity: '46701234567',
		})),
		waitFor,
	);

it('the mailbox gives an answer to the query it belongs to', () => {
	const box = new Mailbox();
	const pending = question();
	box.register(pending, NOW);
	expect(box.deliver(answer('RCS'), NOW)).toBe(true);
	expect(pending.isComplete).toBe(false);
	expect(box.deliver(answer('SMS'), NOW)).toBe(true);
	expect(pending.isComplete).toBe(true);
	expect([...pending.answers.values()]).toEqual([answer('RCS'), answer('SMS')]);
});

it('the mailbox does not accept an answer that no one waits for', () => {
	const box = new Mailbox();
	box.register(question(), NOW);
	expect(box.deliver(answer('RCS', 'CAPABILITY_FULL', 'request-2'), NOW)).toBe(false);
	expect(box.deliver({ capability_notification: { channel: 'RCS' } }, NOW)).toBe(false);
});

it('the mailbox wakes those who wait for an answer', async () => {
	const box = new Mailbox();
	const pending = question();
	box.register(pending, NOW);
	// No time passes, so only an answer can end the wait.
	jest.useFakeTimers();
	const settled = box.settle([pending]);
	box.deliver(answer('RCS'), NOW);
	box.deliver(answer('SMS'), NOW);
	await expect(settled).resolves.toBeUndefined();
	jest.useRealTimers();
});

it('the mailbox keeps nothing of its looks at the time while no answer comes', async () => {
	const box = new Mailbox();
	const pending = question();
	box.register(pending, NOW);
	jest.useFakeTimers();
	const then = jest.spyOn(Promise.prototype, 'then');
	const settled = box.settle([pending]);
	await jest.advanceTimersByTimeAsync(10_000);
	const { contexts } = then.mock;
	then.mockRestore();
	box.deliver(answer('RCS'), NOW);
	box.deliver(answer('SMS'), NOW);
	await settled;
	jest.useRealTimers();
	// A promise keeps each reaction until it is settled, so none may get one with every look.
	expect(contexts.length).toBeGreaterThan(100);
	expect(new Set(contexts).size).toBe(contexts.length);
});

it('the mailbox gives a query none of the answers of another one whose ID Sinch gives it too', () => {
	const box = new Mailbox();
	const [one, other] = [question(), question()];
	other.requestId = 'request-2';
	box.register(one, NOW);
	box.register(other, NOW);
	box.rename(other, 'request-1', NOW);
	box.deliver(answer('RCS'), NOW);
	expect([one.answers.size, other.answers.size]).toEqual([1, 0]);
});

it('the mailbox keeps two queries about the same contact apart', () => {
	const box = new Mailbox();
	const [one, other] = [question(), question()];
	other.requestId = 'request-2';
	box.register(one, NOW);
	box.register(other, NOW);
	box.deliver(answer('RCS', 'CAPABILITY_FULL', 'request-2'), NOW);
	expect([one.answers.size, other.answers.size]).toEqual([0, 1]);
});

it('the mailbox keeps an early answer for some seconds', () => {
	const box = new Mailbox();
	box.deliver(answer('RCS'), NOW);
	const soon = question();
	box.register(soon, NOW + 4_000);
	expect(soon.answers.size).toBe(1);

	box.deliver(answer('RCS', 'CAPABILITY_FULL', 'request-2'), NOW);
	const late = question();
	late.requestId = 'request-2';
	box.register(late, NOW + 6_000);
	expect(late.answers.size).toBe(0);
});

it('a query continues under a request ID that Sinch chose', () => {
	const box = new Mailbox();
	const pending = question();
	box.register(pending, NOW);
	box.deliver(answer('RCS', 'CAPABILITY_FULL', 'sinch-1'), NOW);
	box.rename(pending, 'sinch-1', NOW);
	box.deliver(answer('SMS', 'CAPABILITY_FULL', 'sinch-1'), NOW);
	expect(pending.isComplete).toBe(true);
	expect(box.deliver(answer('SMS'), NOW)).toBe(false);
	expect(box['open'].size).toBe(1);
});

it('the mailbox recognizes a repeat after the end of a wait, and lets a late first answer pass', () => {
	const box = new Mailbox();
	const pending = question();
	box.register(pending, NOW);
	box.deliver(answer('RCS'), NOW);
	box.close(pending, NOW);
	expect(box['open'].size).toBe(0);
	expect(box.deliver(answer('RCS'), NOW + 1_000)).toBe(true);
	expect(box.deliver(answer('SMS'), NOW + 1_000)).toBe(false);
	expect(box.deliver(answer('RCS'), NOW + 11 * 60_000)).toBe(false);
});

it('the mailbox keeps the answers that the first usable channel made superfluous', () => {
	const box = new Mailbox();
	const pending = question('firstUsable');
	box.register(pending, NOW);
	box.deliver(answer('SMS', 'NO_CAPABILITY'), NOW);
	expect(pending.isComplete).toBe(false);
	box.deliver(answer('RCS', 'CAPABILITY_PARTIAL'), NOW);
	expect(pending.isComplete).toBe(true);
	box.close(pending, NOW);
	expect(box.deliver(answer('WHATSAPP'), NOW)).toBe(true);
});

it('after the end, an answer on a further channel belongs only to a query that was complete with a usable channel', () => {
	const box = new Mailbox();
	const [noneUsable, all] = [question('firstUsable'), question('all', 'RCS')];
	all.requestId = 'request-2';
	[noneUsable, all].forEach((pending) => box.register(pending, NOW));
	box.deliver(answer('SMS', 'NO_CAPABILITY'), NOW);
	box.deliver(answer('RCS', 'CAPABILITY_FULL', 'request-2'), NOW);
	expect([noneUsable.isComplete, all.isComplete]).toEqual([false, true]);
	[noneUsable, all].forEach((pending) => box.close(pending, NOW));
	expect(box.deliver(answer('RCS'), NOW)).toBe(false);
	expect(box.deliver(answer('SMS', 'CAPABILITY_FULL', 'request-2'), NOW)).toBe(false);
});

it('an early answer is given to the first query with its ID only', () => {
	const box = new Mailbox();
	box.deliver(answer('RCS'), NOW);
	const [one, next] = [question(), question()];
	box.register(one, NOW);
	box.close(one, NOW);
	box.register(next, NOW);
	expect([one.answers.size, next.answers.size]).toEqual([1, 0]);
});

describe('while the mailbox waits', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	/** A wait for queries that end after so many milliseconds. */
	function waitFor(...timeouts: number[]) {
		const box = new Mailbox();
		const began = performance.now();
		const queries = timeouts.map((ms, index) => {
			const pending = question();
			pending.requestId = `request-${index + 1}`;
			pending.deadline = began + ms;
			box.register(pending, began);
			return pending;
		});
		return { box, queries, passed: () => performance.now() - began };
	}

	it('a query ends at its deadline', async () => {
		const { box, queries, passed } = waitFor(100);
		const ended = box.settle(queries).then(passed);
		await jest.advanceTimersByTimeAsync(1_000);
		expect(await ended).toBe(100);
	});

	it('an answer to a query whose deadline has passed starts the workflow although others still wait', async () => {
		const { box, queries } = waitFor(100, 1_000);
		const settled = box.settle(queries);
		await jest.advanceTimersByTimeAsync(500);
		expect(box.deliver(answer('RCS'), performance.now())).toBe(false);
		expect(box.deliver(answer('RCS', '', 'request-2'), performance.now())).toBe(true);
		expect(queries.map(({ answers }) => answers.size)).toEqual([0, 1]);
		await jest.advanceTimersByTimeAsync(1_000);
		await settled;
	});

	it('the mailbox looks at the time as seldom after an answer as before it', async () => {
		const { box, queries } = waitFor(1_000);
		let looks = 0;
		// Ends a wait that would look without a pause.
		const signal = {
			get aborted() {
				return ++looks > 100;
			},
		};
		const settled = box.settle(queries, signal as AbortSignal);
		box.deliver(answer('RCS'), performance.now());
		await jest.advanceTimersByTimeAsync(1_000);
		await settled;
		expect(looks).toBeLessThan(30);
	});
});

it('the mailbox stays bounded in size', () => {
	const box = new Mailbox();
	for (let n = 0; n < 30_000; n++) box.deliver(answer('RCS', '', `request-${n}`), NOW);
	const [oldest, newest] = [question(), question()];
	oldest.requestId = 'request-0';
	newest.requestId = 'request-29999';
	box.register(oldest, NOW);
	box.register(newest, NOW);
	expect([oldest.answers.size, newest.answers.size]).toEqual([0, 1]);
});

const result = (asked: string[], ...answers: CapabilityCallback[]) => {
	const pending = question('all', ...asked);
	for (const one of answers) pending.accept(one);
	return contactResult(pending);
};

it.each([
	[['NO_CAPABILITY', 'CAPABILITY_FULL'], 'Full', 'SMS'],
	[['CAPABILITY_PARTIAL', 'NO_CAPABILITY'], 'Partial', 'RCS'],
	[['CAPABILITY_FULL', 'CAPABILITY_FULL'], 'Full', 'RCS'],
	[['NO_CAPABILITY', 'NO_CAPABILITY'], 'None', null],
	[['CAPABILITY_UNKNOWN', 'CAPABILITY_UNKNOWN'], 'Unknown', null],
	[['CAPABILITY_UNKNOWN', 'NO_CAPABILITY'], 'Unknown', null],
])(
	'the result for a contact with the statuses %j is %s, with the best channel %s',
	([rcs, sms], outcome, best_channel) => {
		// The answers arrive in a different order than the queries.
		expect(result(['RCS', 'SMS'], answer('SMS', sms), answer('RCS', rcs))).toMatchObject({
			request_id: 'request-1',
			outcome,
			best_channel,
			best_identity: best_channel && '+46701234567',
		});
	},
);

it('the result for a contact lists every channel in the order asked, even those without an answer', () => {
	const { outcome, channels } = result(['RCS', 'WHATSAPP', 'SMS'], answer('SMS'));
	expect(outcome).toBe('Full');
	expect(channels.map((channel) => [channel.channel, channel.outcome])).toEqual([
		['RCS', 'No Answer'],
		['WHATSAPP', 'No Answer'],
		['SMS', 'Full'],
	]);
});

it('the result for a contact is No Answer when nothing came', () => {
	expect(result(['RCS'])).toMatchObject({ outcome: 'No Answer', best_channel: null });
});
