import { Pace } from '../../../nodes/SinchCapability/transport/pacedClient';

const NOW = 1_769_000_000_000;

/** When each of many requests may go that all ask at once, in milliseconds from now. */
const slots = (pace: Pace, count: number, perSecond: number) =>
	Array.from({ length: count }, () => pace.reserve(NOW, perSecond));

it('the pace of requests lets through what the rate allows, evenly', () => {
	const waits = slots(new Pace(), 401, 400);
	expect(waits[0]).toBe(0);
	expect(waits[400]).toBeGreaterThan(900);
	expect(waits[400]).toBeLessThanOrEqual(1000);
	expect(waits[300] - waits[200]).toBeCloseTo(250);
});

it('the pace of requests never goes beyond the limit of a project', () => {
	expect(slots(new Pace(), 1001, 5000)[1000]).toBeGreaterThan(1000_000 / 800 - 51);
});

it('the pace of requests is shared by those who ask at different rates', () => {
	const pace = new Pace();
	slots(pace, 400, 400);
	expect(pace.reserve(NOW, 800)).toBeGreaterThan(900);
});

it('the pace of requests halves when Sinch says 429, once for a burst of them, and recovers with success', () => {
	const pace = new Pace();
	for (let n = 0; n < 20; n++) pace.slowDown(NOW, 400);
	const slow = slots(pace, 101, 400);
	expect(slow[100] - slow[0]).toBeCloseTo(500);
	for (let n = 0; n < 200; n++) pace.recover();
	const fast = slots(pace, 101, 400);
	expect(fast[100] - fast[0]).toBeCloseTo(250);
});

it('the pace of requests halves again only when as many are refused again', () => {
	const pace = new Pace();
	for (let n = 0; n < 9; n++) pace.slowDown(NOW, 400);
	const before = slots(pace, 101, 400);
	expect(before[100] - before[0]).toBeCloseTo(500);
	pace.slowDown(NOW + 1_000, 400);
	const after = slots(pace, 101, 400);
	expect(after[100] - after[0]).toBeCloseTo(500);
	for (let n = 0; n < 9; n++) pace.slowDown(NOW + 1_000, 400);
	const slower = slots(pace, 101, 400);
	expect(slower[100] - slower[0]).toBeCloseTo(1_000);
});

it('the pace of requests stays as it is when few requests among many are refused', () => {
	const pace = new Pace();
	for (let n = 0; n < 2000; n++) {
		if (n % 20 === 0) pace.slowDown(NOW - 10_000 + n, 400);
		else pace.recover();
	}
	const waits = slots(pace, 101, 400);
	expect(waits[100] - waits[60]).toBeCloseTo(100);
});

it('the pace of requests waits as long as Sinch wants', () => {
	const pace = new Pace();
	pace.slowDown(NOW, 400, 2_000);
	expect(pace.reserve(NOW, 400)).toBe(2_000);
});

it('the pace of requests counts as refused after a refusal until some requests have succeeded', () => {
	const pace = new Pace();
	expect(pace.isRefused).toBe(false);
	pace.slowDown(NOW, 400);
	expect(pace.isRefused).toBe(true);
	for (let request = 0; request < 20; request++) pace.recover();
	expect(pace.isRefused).toBe(true);
	for (let request = 0; request < 20; request++) pace.recover();
	expect(pace.isRefused).toBe(false);
});

it.each([
	[8, 250],
	[9, 500],
])(
	'the pace of requests after %i refusals in a row takes %i ms for 100 requests at 400 a second',
	(refusals, ms) => {
		const pace = new Pace();
		for (let n = 0; n < refusals; n++) pace.slowDown(NOW, 400);
		const waits = slots(pace, 121, 400);
		expect(waits[120] - waits[20]).toBeCloseTo(ms);
	},
);

it.each([
	[499, 500],
	[500, 1_000],
])(
	'the pace of requests, when as many are refused again after %i ms, takes %i ms for 100 requests',
	(later, ms) => {
		const pace = new Pace();
		for (let n = 0; n < 9; n++) pace.slowDown(NOW, 400);
		for (let n = 0; n < 9; n++) pace.slowDown(NOW + later, 400);
		const waits = slots(pace, 121, 400);
		expect(waits[120] - waits[20]).toBeCloseTo(ms);
	},
);
