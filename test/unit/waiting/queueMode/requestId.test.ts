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

it('a request ID that would show a mark by chance is replaced', () => {
	// One in 32,768 random numbers makes an ID with a valid check; this is one of them.
	const unlucky = Buffer.from('de32485a364d5160074d', 'hex');
	const id = '01KFG9VPKVVRS4GPHP9N8P01TD';
	expect(readMark(id)).toBeDefined();
	const crypto = jest.requireActual<{ randomBytes(size: number): Buffer }>('node:crypto');
	const spy = jest.spyOn(crypto, 'randomBytes').mockReturnValueOnce(unlucky);
	const created = createRequestId(NOW);
	expect(spy).toHaveBeenCalledTimes(2);
	spy.mockRestore();
	expect(readMark(created)).toBeUndefined();
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
