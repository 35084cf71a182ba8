import { Retries } from '../../../nodes/SinchCapability/transport/retry';

const NOW = 1_769_000_000_000;

describe('a retry', () => {
	const delay = (failure: { status?: number; retryAfterMs?: number }, tries = 1, now = NOW) =>
		new Retries().delayAfter({ message: '', ...failure }, tries, now, 0.5);

	/** The delays of the first attempts of a request, `outage` milliseconds after the first failure. */
	const delays = (status: number | undefined, outage: number): Array<number | undefined> => {
		const retries = new Retries();
		retries.delayAfter({ status, message: '' }, 1, NOW, 0);
		return Array.from({ length: 12 }, (_, index) =>
			retries.delayAfter({ status, message: '' }, index + 1, NOW + outage, 0.5),
		);
	};

	it('waits longer after 429 than after other failures', () => {
		expect(delay({ status: 429 })).toBe(500);
		expect(delays(429, 60_000).slice(0, 4)).toEqual([500, 1_000, 2_000, 4_000]);
	});

	it.each([undefined, 500, 502, 503, 504])('waits longer after each %s in an outage', (status) => {
		expect(delays(status, 60_000)).toEqual([
			...[50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 15_000, 15_000],
			undefined,
		]);
	});

	it('never waits longer than twice the outage', () => {
		expect(delays(503, 3_000).slice(6, 11)).toEqual([3_000, 3_000, 3_000, 3_000, 3_000]);
	});

	it.each([429, 503])('waits at most a second after %i while other requests succeed', (status) => {
		const retries = new Retries();
		retries.delayAfter({ status: 503, message: '' }, 1, NOW - 60_000, 0);
		retries.succeeded();
		expect(retries.delayAfter({ status, message: '' }, 11, NOW, 1)).toBe(1_000);
	});

	it('waits as long as Retry-After says', () => {
		expect(delay({ status: 503, retryAfterMs: 7_000 })).toBe(7_000);
	});

	it('gives up an item for which Sinch asks longer than a run can wait, and no other', () => {
		const retries = new Retries();
		const failure = { status: 429, message: '', retryAfterMs: 86_400_000 };
		expect(retries.delayAfter(failure, 1, NOW, 0.5)).toBeUndefined();
		expect(retries.shouldGiveUp(NOW)).toBe(false);
	});

	it('gives up after five attempts when the address has never responded', () => {
		const retries = new Retries();
		const refused = { message: 'connect ECONNREFUSED 127.0.0.1:9' };
		expect(retries.delayAfter(refused, 4, NOW, 0.5)).toBe(400);
		expect(retries.delayAfter(refused, 5, NOW, 0.5)).toBeUndefined();
		expect(retries.shouldGiveUp(NOW)).toBe(true);
	});

	it('gives up after two attempts when the address has never responded in time', () => {
		const retries = new Retries();
		const late = { message: 'timeout of 30000ms exceeded' };
		expect(retries.delayAfter(late, 1, NOW, 0.5)).toBe(50);
		expect(retries.delayAfter(late, 2, NOW, 0.5)).toBeUndefined();
		expect(retries.shouldGiveUp(NOW)).toBe(true);
	});

	it('ends nothing because of a page of a proxy, whatever its status', () => {
		const retries = new Retries();
		retries.delayAfter({ message: '', status: 403, isForeign: true }, 1, NOW, 0.5);
		expect(retries.shouldGiveUp(NOW)).toBe(false);
	});

	it('continues for longer when the address has responded before', () => {
		const retries = new Retries();
		retries.succeeded();
		const refused = { message: 'connect ECONNREFUSED 127.0.0.1:9' };
		expect(retries.delayAfter(refused, 5, NOW, 0.5)).toBe(500);
		expect(retries.shouldGiveUp(NOW)).toBe(false);
	});

	it('continues for longer when the address has responded with an error before', () => {
		const retries = new Retries();
		retries.delayAfter({ status: 503, message: '' }, 1, NOW, 0.5);
		const refused = { message: 'connect ECONNREFUSED 127.0.0.1:9' };
		expect(retries.delayAfter(refused, 5, NOW + 10_000, 0.5)).toBe(800);
		expect(retries.shouldGiveUp(NOW + 10_000)).toBe(false);
	});

	it('does not follow a response that did not come from Sinch', () => {
		expect(new Retries().delayAfter({ message: '', isForeign: true }, 1, NOW, 0.5)).toBeUndefined();
	});

	it.each([400, 401, 403, 404, 409, 422])('does not follow status %i', (status) => {
		expect(delay({ status })).toBeUndefined();
	});

	it('happens once after 501', () => {
		expect(delay({ status: 501 })).toBe(100);
		expect(delay({ status: 501 }, 2)).toBeUndefined();
	});

	it('ends two minutes after the last success', () => {
		const retries = new Retries();
		const fail = (seconds: number) =>
			retries.delayAfter({ status: 503, message: '' }, 1, NOW + seconds * 1000, 0);
		expect(fail(0)).toBe(0);
		expect(fail(119)).toBe(0);
		retries.succeeded();
		expect(fail(130)).toBe(0);
		expect(retries.shouldGiveUp(NOW + 249_000)).toBe(false);
		expect(fail(251)).toBeUndefined();
		expect(retries.shouldGiveUp(NOW + 251_000)).toBe(true);
	});

	it.each([401, 403])('ends all requests once the key is refused with %i', (status) => {
		const retries = new Retries();
		retries.delayAfter({ status, message: '' }, 1, NOW, 0);
		expect(retries.shouldGiveUp(NOW)).toBe(true);
	});
});
