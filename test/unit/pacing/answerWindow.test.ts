import { AnswerWindow } from '../../../nodes/SinchCapability/pacing/answerWindow';
import { PendingQuery } from '../../../nodes/SinchCapability/waiting/pendingQuery';
import type { CapabilityCallback } from '../../../nodes/SinchCapability/sinch/types';

const RATE = 25;

const query = (channels = ['RCS']) =>
	new PendingQuery(
		'01W4FFL35P4NC4K35CAPABILIT',
		channels.map((channel) => ({ channel, identity: '46701740605' })),
		'all',
	);

const answer = (pending: PendingQuery, count = pending.identities.length) => {
	for (const { channel, identity } of pending.identities.slice(0, count)) {
		pending.accept({
			capability_notification: { channel, identity, capability_status: 'NO_CAPABILITY' },
		} as CapabilityCallback);
	}
};

/** Adds queries one after the other, without looking whether there is room. */
const send = (window: AnswerWindow, count: number, at: number, channels?: string[]) =>
	Array.from({ length: count }, () => {
		const one = query(channels);
		window.add(one, at);
		return one;
	});

describe('the window of outstanding answers', () => {
	it('is full with 50 answers, and has room when one has arrived', () => {
		const window = new AnswerWindow();
		const sent = send(window, 49, 0);
		expect(window.isFull(RATE, 1)).toBe(false);
		sent.push(...send(window, 1, 0));
		expect(window.isFull(RATE, 1)).toBe(true);
		answer(sent[7]);
		expect(window.isFull(RATE, 1)).toBe(false);
	});

	it('has room again when Sinch has refused a query', () => {
		const window = new AnswerWindow();
		const sent = send(window, 50, 0);
		window.remove(sent[20]);
		expect(window.isFull(RATE, 1)).toBe(false);
	});

	it('counts the answers that a query still lacks', () => {
		const window = new AnswerWindow();
		const sent = send(window, 25, 0, ['RCS', 'SMS']);
		expect(window.isFull(RATE, 1)).toBe(true);
		answer(sent[0], 1);
		expect(window.isFull(RATE, 1)).toBe(false);
	});

	it("has more room for what Sinch's own delay takes, by the shortest one seen", () => {
		const window = new AnswerWindow();
		const [first, second] = send(window, 2, 0);
		answer(first);
		expect(window.isFull(RATE, 4_000)).toBe(false);
		send(window, 148, 4_000);
		expect(window.isFull(RATE, 4_001)).toBe(false);
		send(window, 1, 4_000);
		expect(window.isFull(RATE, 4_001)).toBe(true);
		answer(second);
		expect(window.isFull(RATE, 9_000)).toBe(false);
		send(window, 1, 9_000);
		expect(window.isFull(RATE, 9_000)).toBe(true);
	});

	it('forgets after ten seconds what may never come', () => {
		const window = new AnswerWindow();
		send(window, 50, 0);
		expect(window.isFull(RATE, 9_999)).toBe(true);
		expect(window.isFull(RATE, 10_000)).toBe(false);
	});

	it('waits for longer where Sinch takes longer', () => {
		const window = new AnswerWindow();
		const [first] = send(window, 1, 0);
		answer(first);
		expect(window.isFull(RATE, 5_000)).toBe(false);
		send(window, 175, 5_000);
		expect(window.isFull(RATE, 24_999)).toBe(true);
		expect(window.isFull(RATE, 25_000)).toBe(false);
	});
});
