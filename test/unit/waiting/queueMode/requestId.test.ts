import { randomBytes } from 'node:crypto';
import { decodeTime, isValid, ulidToUUID } from 'ulid';

import {
	createMarkedRequestId,
	createRequestId,
	markOf,
	readMark,
} from '../../../../nodes/SinchCapability/waiting/queueMode/requestId';

const NOW = 1_769_000_000_123;
const N8N = 'this n8n';

const key = randomBytes(32).toString('base64url');
const mark = markOf(key);

/** The 80 bits of a ULID that follow its time. */
const randomPartOf = (id: string) => Buffer.from(ulidToUUID(id).replace(/-/g, '').slice(12), 'hex');

it('a request ID is a ULID of its moment, by the ULID library', () => {
	const id = createRequestId(N8N, NOW);
	expect(isValid(id)).toBe(true);
	expect(decodeTime(id)).toBe(NOW);
});

it('a request ID differs each time within one millisecond', () => {
	const ids = Array.from({ length: 10_000 }, () => createRequestId(N8N, NOW));
	expect(new Set(ids).size).toBe(10_000);
});

it('a request ID that would show a mark by chance is replaced', () => {
	const unlucky = randomPartOf(createMarkedRequestId(mark, 7, N8N, NOW));
	const crypto = jest.requireActual<{ randomBytes(size: number): Buffer }>('node:crypto');
	const spy = jest.spyOn(crypto, 'randomBytes').mockReturnValueOnce(unlucky);
	const created = createRequestId(N8N, NOW);
	expect(spy).toHaveBeenCalledTimes(2);
	spy.mockRestore();
	expect(readMark(created, N8N)).toBeUndefined();
});

it('a marked request ID is a ULID of its moment, by the ULID library', () => {
	const id = createMarkedRequestId(mark, 7, N8N, NOW);
	expect(isValid(id)).toBe(true);
	expect(decodeTime(id)).toBe(NOW);
});

it('a marked request ID shows its mark, its number and its moment', () => {
	expect(readMark(createMarkedRequestId(mark, 7, N8N, NOW), N8N)).toEqual({
		mark,
		number: 7,
		createdAt: NOW,
	});
});

it('a marked request ID differs for each item of a wait within one millisecond', () => {
	const ids = Array.from({ length: 10_000 }, (_, item) =>
		createMarkedRequestId(mark, item, N8N, NOW),
	);
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
	['in lower case', createMarkedRequestId(mark, 7, N8N, NOW).toLowerCase()],
	[
		'with a character changed',
		createMarkedRequestId(mark, 7, N8N, NOW).replace(mark, markOf('other')),
	],
	['that another n8n has marked', createMarkedRequestId(mark, 7, 'another n8n', NOW)],
	['beyond 48 bits of time', `8${createMarkedRequestId(mark, 7, N8N, NOW).slice(1)}`],
])('no mark is read %s', (_, id) => {
	expect(readMark(id, N8N)).toBeUndefined();
});
