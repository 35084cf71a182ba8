import { createSecret } from '../../../../nodes/SinchCapability/shared/webhookAddresses';
import { processName } from '../../../../nodes/SinchCapability/waiting/queueMode/protocol';
import { markOf } from '../../../../nodes/SinchCapability/waiting/queueMode/requestId';
import { readCollectRequest } from '../../../../nodes/SinchCapability/waiting/queueMode/collectServer';

const key = createSecret();
const bodyOf = (value: unknown) => Buffer.from(JSON.stringify(value));

it('a request for kept answers is read with all its fields', () => {
	const request = {
		key,
		holdMs: 9_000,
		lingerMs: 100,
		received: { [processName]: 3, another: 4 },
		leave: { unanswered: [1, 2] },
	};
	expect(readCollectRequest(bodyOf(request))).toEqual({
		mark: markOf(key),
		holdMs: 9_000,
		lingerMs: 100,
		confirmed: 3,
		unanswered: [1, 2],
	});
});

it('a request for kept answers needs no more than the key', () => {
	expect(readCollectRequest(bodyOf({ key }))).toEqual({
		mark: markOf(key),
		holdMs: 0,
		lingerMs: 0,
		confirmed: 0,
		unanswered: undefined,
	});
});

it.each([
	[
		{ holdMs: 86_400_000, lingerMs: 86_400_000 },
		{ holdMs: 10_000, lingerMs: 500 },
	],
	[
		{ holdMs: -1, lingerMs: -1 },
		{ holdMs: 0, lingerMs: 0 },
	],
	[
		{ holdMs: '9000', lingerMs: 1.5 },
		{ holdMs: 0, lingerMs: 0 },
	],
	[
		{ holdMs: null, received: 'all' },
		{ holdMs: 0, confirmed: 0 },
	],
	[{ leave: { unanswered: [1, '2', 3.5, null] } }, { unanswered: [1] }],
	[{ leave: true }, { unanswered: undefined }],
	[{ received: { [processName]: '4' } }, { confirmed: 0 }],
	[{ received: { [processName]: 1.5 } }, { confirmed: 0 }],
	[{ received: { [processName]: { valueOf: 1, toString: 1 } } }, { confirmed: 0 }],
])('a request for kept answers is limited to its bounds: %j', (given, read) => {
	expect(readCollectRequest(bodyOf({ key, ...given }))).toMatchObject(read);
});

it.each([
	['no body', undefined],
	['an empty body', Buffer.alloc(0)],
	['no JSON', Buffer.from('{"key":')],
	['a list', bodyOf([key])],
	['nothing', bodyOf(null)],
	['no key', bodyOf({ holdMs: 1 })],
	['a short key', bodyOf({ key: key.slice(1) })],
	['a long key', bodyOf({ key: `${key}A` })],
	['a key of other characters', bodyOf({ key: `${key.slice(1)}\n` })],
	['a key that is no text', bodyOf({ key: { length: 43 } })],
	['a body that is too large', bodyOf({ key, padding: 'x'.repeat(64 * 1024) })],
	[
		'a body that is nested too deeply',
		Buffer.from(`{"key":"${key}","a":${'['.repeat(99)}${']'.repeat(99)}}`),
	],
])('a request for kept answers is refused with %s', (_, rawBody) => {
	expect(readCollectRequest(rawBody)).toBeUndefined();
});
