import { randomBytes } from 'node:crypto';
import { decodeTime, isValid } from 'ulid';

import {
	createMarkedRequestId,
	createRequestId,
	markOf,
	readMark,
} from '../../../../nodes/SinchCapability/waiting/queueMode/requestId';

const NOW = 1_769_000_000_123;

it('a request ID is a ULID of its moment, by the ULID library', () => {
	const id = createRequestId(NOW);
	expect(isValid(id)).toBe(true);
	expect(decodeTime(id)).toBe(NOW);
});

it('a request ID differs each time within one millisecond', () => {
	const ids = Array.from({ length: 10_000 }, () => createRequestId(NOW));
	expect(new Set(ids).size).toBe(10_000);
});

it('a request ID without a mark shows none', () => {
	// One in 32,768 random ids passes the check by chance, so six of these would.
	const marks = Array.from({ length: 200_000 }, () => readMark(createRequestId(NOW)));
	expect(marks.filter(Boolean)).toEqual([]);
});

const key = randomBytes(32).toString('base64url');
const mark = markOf(key);

it('a marked request ID is a ULID of its moment, by the ULID library', () => {
	const id = createMarkedRequestId(mark, 7, NOW);
	expect(isValid(id)).toBe(true);
	expect(decodeTime(id)).toBe(NOW);
});

it('a marked request ID shows its mark, its number and its moment', () => {
	expect(readMark(createMarkedRequestId(mark, 7, NOW))).toEqual({
		mark,
		number: 7,
		createdAt: NOW,
	});
});

it('a marked request ID differs for each item of a wait within one millisecond', () => {
	const ids = Array.from({ length: 10_000 }, (_, item) => createMarkedRequestId(mark, item, NOW));
	expect(new Set(ids).size).toBe(10_000);
});

it('a marked request ID has another mark for another key, and none of the key in it', () => {
	const marks = Array.from({ length: 10_000 }, () => markOf(randomBytes(32).toString('hex')));
	expect(new Set(marks).size).toBe(10_000);
	expect(key.toUpperCase()).not.toContain(mark);
});

it.each([
	['from a ULID of someone else', '01ARZ3NDEKTSV4RRFFQ69G5FAV'],
	['from an empty text', ''],
	['from a UUID', '3f0c3f5e-6f0e-4c50-9a3e-1d5f6c7b8a90'],
	['in lower case', createMarkedRequestId(mark, 7, NOW).toLowerCase()],
	['with a character changed', createMarkedRequestId(mark, 7, NOW).replace(mark, markOf('other'))],
	['beyond 48 bits of time', `8${createMarkedRequestId(mark, 7, NOW).slice(1)}`],
])('no mark is read %s', (_, id) => {
	expect(readMark(id)).toBeUndefined();
});
