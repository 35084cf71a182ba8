import { randomBytes } from 'node:crypto';
import { decodeTime, isValid } from 'ulid';

import { COLLECT_VERSION } from '../../../../nodes/SinchCapability/waiting/queueMode/protocol';
import {
	createMarkedRequestId,
	createRequestId,
	markOf,
	readMark,
} from '../../../../nodes/SinchCapability/waiting/queueMode/requestId';

const NOW = 1_769_000_000_123;
const N8N = 'this n8n';
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const key = randomBytes(32).toString('base64url');
const mark = markOf(key);

it('a request ID is a ULID of its moment, by the ULID library', () => {
	const id = createRequestId(NOW);
	expect(isValid(id)).toBe(true);
	expect(decodeTime(id)).toBe(NOW);
});

it('a request ID differs each time within one millisecond', () => {
	const ids = Array.from({ length: 10_000 }, () => createRequestId(NOW));
	expect(new Set(ids).size).toBe(10_000);
});

/** A marked ID keeps its time only to this many milliseconds. */
const TIME_STEP_MS = 2 ** 15;

it('a marked request ID is a ULID of its moment to half a minute, by the ULID library', () => {
	const id = createMarkedRequestId(mark, 7, N8N, NOW);
	expect(isValid(id)).toBe(true);
	expect(Math.floor(decodeTime(id) / TIME_STEP_MS)).toBe(Math.floor(NOW / TIME_STEP_MS));
});

it('a marked request ID shows its mark, its number and the latest moment that it can come from', () => {
	expect(readMark(createMarkedRequestId(mark, 7, N8N, NOW), N8N)).toEqual({
		mark,
		number: 7,
		createdAt: (Math.floor(NOW / TIME_STEP_MS) + 1) * TIME_STEP_MS - 1,
	});
});

it('a marked request ID is the same for the same version of the protocol: raise the version when this layout changes', () => {
	expect([COLLECT_VERSION, createMarkedRequestId(markOf('a key'), 7, N8N, NOW)]).toEqual([
		'2',
		'01KFG9VYP40A8WXBKA2KNE6007',
	]);
});

it('of 2^30 ULIDs with the same time, mark and number, only one is marked: all 6 characters of its check must be right', () => {
	const id = createMarkedRequestId(mark, 7, N8N, NOW);
	const others = [7, 8, 9, 10, 11, 12].flatMap((place) =>
		[...ALPHABET].map((character) => id.slice(0, place) + character + id.slice(place + 1)),
	);
	expect(new Set(others).size).toBe(6 * 31 + 1);
	expect(new Set(others.filter((one) => readMark(one, N8N)))).toEqual(new Set([id]));
	expect(ALPHABET.length ** 6).toBe(2 ** 30);
});

it('each character of a marked request ID counts for its check', () => {
	const id = createMarkedRequestId(mark, 7, N8N, NOW);
	const others = [...id].map((character, place) => {
		const other = character === '1' ? '2' : '1';
		return id.slice(0, place) + other + id.slice(place + 1);
	});
	expect(others.filter((one) => readMark(one, N8N))).toEqual([]);
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
