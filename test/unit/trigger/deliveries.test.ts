import { DeliveryLog } from '../../../nodes/SinchCapability/trigger/deliveries';

const NOW = 1_768_472_430_000;
const HOUR = 3_600_000;

const sizeOf = (repeats: DeliveryLog): number => repeats['byName']['entries'].size;

it('the memory of deliveries knows nothing at first', () => {
	expect(new DeliveryLog().find(['nonce 1'], NOW)).toBeUndefined();
});

it('the memory of deliveries finds a delivery by any of its names, in progress and accepted', () => {
	const repeats = new DeliveryLog();
	const delivery = repeats.begin(['nonce 1', 'answer 1'], NOW);
	expect(repeats.find(['nonce 2', 'answer 1'], NOW)).toBe(delivery);
	expect(repeats.find(['nonce 1', 'answer 2'], NOW)).toBe(delivery);
	expect(repeats.find(['nonce 2', 'answer 2'], NOW)).toBeUndefined();
	expect(delivery.accepted).toBeUndefined();
	delivery.settle(true);
	expect(delivery.accepted).toBe(true);
	expect(repeats.find(['answer 1'], NOW)).toBe(delivery);
});

it('the memory of deliveries forgets a delivery that was not accepted', () => {
	const repeats = new DeliveryLog();
	const delivery = repeats.begin(['nonce 1', 'answer 1'], NOW);
	delivery.settle(false);
	expect(repeats.find(['nonce 1', 'answer 1'], NOW)).toBeUndefined();
	const again = repeats.begin(['nonce 1', 'answer 1'], NOW);
	expect([repeats.find(['answer 1'], NOW), sizeOf(repeats)]).toEqual([again, 2]);
});

it('the memory of deliveries keeps the name that a later delivery has taken over', () => {
	const repeats = new DeliveryLog();
	const first = repeats.begin(['nonce 1', 'answer 1'], NOW);
	const second = repeats.begin(['nonce 2', 'answer 1'], NOW);
	first.settle(false);
	expect(repeats.find(['answer 1'], NOW)).toBe(second);
	expect(repeats.find(['nonce 1'], NOW)).toBeUndefined();
});

it('the memory of deliveries keeps a delivery that was accepted, whatever follows', () => {
	const repeats = new DeliveryLog();
	const delivery = repeats.begin(['nonce 1'], NOW);
	delivery.settle(true);
	delivery.settle(false);
	expect(repeats.find(['nonce 1'], NOW)).toBe(delivery);
});

it('the memory of deliveries forgets a delivery after 24 hours', () => {
	const repeats = new DeliveryLog();
	const delivery = repeats.begin(['nonce 1'], NOW);
	expect(repeats.find(['nonce 1'], NOW + 24 * HOUR)).toBe(delivery);
	expect(repeats.find(['nonce 1'], NOW + 24 * HOUR + 1)).toBeUndefined();
	repeats.begin(['nonce 2'], NOW + 25 * HOUR);
	expect(sizeOf(repeats)).toBe(1);
});

it('the memory of deliveries forgets the oldest ones when there are too many', () => {
	const repeats = new DeliveryLog();
	for (let n = 0; n <= 10_000; n++) repeats.begin([`nonce ${n}`, `answer ${n}`], NOW + n);
	const known = [0, 1, 10_000].map(
		(n) => repeats.find([`nonce ${n}`, `answer ${n}`], NOW) !== undefined,
	);
	expect(known).toEqual([false, true, true]);
});

it('the memory of deliveries has at most 20,000 names under any load', () => {
	const repeats = new DeliveryLog();
	for (let n = 0; n < 30_000; n++) repeats.begin([`nonce ${n}`, `answer ${n}`], NOW).settle(true);
	expect(sizeOf(repeats)).toBe(20_000);
	expect(repeats.find(['answer 29999'], NOW)).toBeDefined();
});
