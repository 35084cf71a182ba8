import { ExpiringMap } from '../../../nodes/SinchCapability/shared/expiringMap';

const MAX_AGE_MS = 100;

function mapWith(...entries: Array<[key: string, value: number, now: number]>) {
	const map = new ExpiringMap<number>(MAX_AGE_MS, 3);
	for (const entry of entries) map.set(...entry);
	return map;
}

it('an entry of an expiring map is there until it is older than its age', () => {
	const map = mapWith(['a', 1, 1_000]);
	expect([map.get('a', 1_100), map.keys(1_100)]).toEqual([1, ['a']]);
	expect([map.get('a', 1_101), map.keys(1_101)]).toEqual([undefined, []]);
});

it('of more entries than an expiring map holds, the oldest is removed', () => {
	const map = mapWith(['a', 1, 0], ['b', 2, 0], ['c', 3, 0], ['d', 4, 0]);
	expect(map.keys(0)).toEqual(['b', 'c', 'd']);
});

it('an entry that is set again is the newest of an expiring map, and has its age from then on', () => {
	const map = mapWith(['a', 1, 0], ['b', 2, 0], ['c', 3, 0], ['a', 4, 50], ['d', 5, 50]);
	expect(map.keys(50)).toEqual(['c', 'a', 'd']);
	expect([map.get('a', 150), map.get('c', 150)]).toEqual([4, undefined]);
});

it('a new entry of an expiring map removes those that are too old, and only those', () => {
	const map = mapWith(['a', 1, 0], ['b', 2, 1], ['c', 3, 101]);
	// As if the time went back, which shows what is still stored.
	expect(map.keys(0)).toEqual(['b', 'c']);
});

it('an entry that was deleted is not in an expiring map', () => {
	const map = mapWith(['a', 1, 0], ['b', 2, 0]);
	map.delete('a');
	expect([map.get('a', 0), map.keys(0)]).toEqual([undefined, ['b']]);
});
