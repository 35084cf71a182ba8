import type { Failure } from '../../../nodes/SinchCapability/transport/errors';
import { Retries } from '../../../nodes/SinchCapability/transport/pacedClient';

const NOW = 1_769_000_000_000;

const withStatus = (status: number): Failure => ({ reason: 'status', status, message: '' });
const without = (reason: Failure['reason']): Failure => ({ reason, message: '' });
const lost = without('lost');

/** Records a failure and returns the delay before the next attempt. */
const fail = (
	retries: Retries,
	failure: Failure,
	tries: number,
	now: number,
	random: number,
): number | undefined => {
	retries.recordFailure(failure, tries, now);
	return retries.delayAfter(failure, tries, now, random);
};

const delay = (failure: Failure, tries = 1, now = NOW) =>
	fail(new Retries(), failure, tries, now, 0.5);

/** The delays of the first attempts of a request, `outage` milliseconds after the last success. */
const delays = (failure: Failure, outage: number): Array<number | undefined> => {
	const retries = new Retries();
	retries.succeeded();
	fail(retries, failure, 1, NOW, 0);
	return Array.from({ length: 12 }, (_, index) =>
		fail(retries, failure, index + 1, NOW + outage, 0.5),
	);
};

it('a retry waits longer after 429 than after other failures', () => {
	expect(delay(withStatus(429))).toBe(500);
	expect(delays(withStatus(429), 60_000).slice(0, 4)).toEqual([500, 1_000, 2_000, 4_000]);
});

it.each([lost, ...[500, 502, 503, 504].map(withStatus)])(
	'a retry waits longer after each failure in an outage: %j',
	(failure) => {
		expect(delays(failure, 60_000)).toEqual([
			...[50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 15_000, 15_000],
			undefined,
		]);
	},
);

it('a retry never waits longer than twice the outage', () => {
	expect(delays(withStatus(503), 3_000).slice(6, 11)).toEqual([3_000, 3_000, 3_000, 3_000, 3_000]);
});

it.each([429, 503])(
	'a retry waits at most a second after %i while other requests succeed',
	(status) => {
		const retries = new Retries();
		fail(retries, withStatus(503), 1, NOW - 60_000, 0);
		retries.succeeded();
		expect(fail(retries, withStatus(status), 11, NOW, 1)).toBe(1_000);
	},
);

it('the refusal of another request counts as the end of an outage', () => {
	const retries = new Retries();
	fail(retries, withStatus(503), 1, NOW - 119_000, 0);
	fail(retries, withStatus(404), 1, NOW - 1_000, 0);
	expect(fail(retries, withStatus(503), 11, NOW + 60_000, 1)).toBe(1_000);
});

it('a retry waits as long as Retry-After says', () => {
	expect(delay({ ...withStatus(503), retryAfterMs: 7_000 })).toBe(7_000);
});

it('a run gives up an item, and no other, when Sinch asks to wait for longer than a run can', () => {
	const retries = new Retries();
	const failure = { ...withStatus(429), retryAfterMs: 86_400_000 };
	expect(fail(retries, failure, 1, NOW, 0.5)).toBeUndefined();
	expect(retries.shouldGiveUp(NOW)).toBe(false);
});

it.each(['noHost', 'unresolved', 'refused', 'lost', 'unknown'] as const)(
	'a run gives up after five attempts at an address that has never responded, with the reason %s',
	(reason) => {
		const retries = new Retries();
		expect(fail(retries, without(reason), 4, NOW, 0.5)).toBe(400);
		expect(fail(retries, without(reason), 5, NOW, 0.5)).toBeUndefined();
		expect(retries.shouldGiveUp(NOW)).toBe(true);
	},
);

it.each(['late', 'noTls'] as const)(
	'a run gives up after two attempts at an address that has never responded, with the reason %s',
	(reason) => {
		const retries = new Retries();
		expect(fail(retries, without(reason), 1, NOW, 0.5)).toBe(50);
		expect(fail(retries, without(reason), 2, NOW, 0.5)).toBeUndefined();
		expect(retries.shouldGiveUp(NOW)).toBe(true);
	},
);

it('a run does not end because of a page of a proxy, whatever its status', () => {
	const retries = new Retries();
	fail(retries, { ...withStatus(403), reason: 'foreign' }, 1, NOW, 0.5);
	expect(retries.shouldGiveUp(NOW)).toBe(false);
});

it('a run continues for longer when the address has responded before', () => {
	const retries = new Retries();
	retries.succeeded();
	const refused = without('refused');
	expect(fail(retries, refused, 5, NOW, 0.5)).toBe(500);
	expect(retries.shouldGiveUp(NOW)).toBe(false);
});

it('a run continues for longer when the address has responded with an error before', () => {
	const retries = new Retries();
	fail(retries, withStatus(503), 1, NOW, 0.5);
	const refused = without('refused');
	expect(fail(retries, refused, 5, NOW + 10_000, 0.5)).toBe(800);
	expect(retries.shouldGiveUp(NOW + 10_000)).toBe(false);
});

it('no retry follows a response that did not come from Sinch', () => {
	expect(delay(without('foreign'))).toBeUndefined();
});

it.each([400, 401, 403, 404, 409, 422])('no retry follows the status %i', (status) => {
	expect(delay(withStatus(status))).toBeUndefined();
});

it('a run gives up all requests when the address is invalid', () => {
	const retries = new Retries();
	expect(fail(retries, without('invalidAddress'), 1, NOW, 0.5)).toBeUndefined();
	expect(retries.shouldGiveUp(NOW)).toBe(true);
});

it('one retry follows the status 501', () => {
	expect(delay(withStatus(501))).toBe(100);
	expect(delay(withStatus(501), 2)).toBeUndefined();
});

it('retries end two minutes after the last success', () => {
	const retries = new Retries();
	const failAfter = (seconds: number) => fail(retries, withStatus(503), 1, NOW + seconds * 1000, 0);
	expect(failAfter(0)).toBe(0);
	expect(failAfter(119)).toBe(0);
	retries.succeeded();
	expect(failAfter(130)).toBe(0);
	expect(retries.shouldGiveUp(NOW + 249_000)).toBe(false);
	expect(failAfter(251)).toBeUndefined();
	expect(retries.shouldGiveUp(NOW + 251_000)).toBe(true);
});

it.each([401, 403])(
	'a run gives up all requests once the access key is refused with %i',
	(status) => {
		const retries = new Retries();
		fail(retries, withStatus(status), 1, NOW, 0);
		expect(retries.shouldGiveUp(NOW)).toBe(true);
	},
);

it('a page of a proxy does not count as the end of an outage', () => {
	const retries = new Retries();
	fail(retries, withStatus(503), 1, NOW, 0);
	fail(retries, without('foreign'), 1, NOW + 100_000, 0);
	expect(fail(retries, withStatus(503), 1, NOW + 121_000, 0)).toBeUndefined();
});

it('no retry follows a wait that would end more than two minutes after the last success', () => {
	const retries = new Retries();
	const asksToWait = { ...withStatus(503), retryAfterMs: 2_000 };
	expect(fail(retries, asksToWait, 1, NOW, 0)).toBe(2_000);
	expect(fail(retries, asksToWait, 2, NOW + 118_000, 0)).toBe(2_000);
	expect(fail(retries, asksToWait, 3, NOW + 118_001, 0)).toBeUndefined();
	expect(retries.shouldGiveUp(NOW + 118_001)).toBe(false);
});
