import { parseBody } from '../../../nodes/SinchCapability/notification/callback';

const parse = (text: string) => parseBody(Buffer.from(text));
const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;

it.each([
	['an object', '{"a":[1,null]}', { a: [1, null] }],
	['an object after a byte order mark', '\uFEFF{"a":1}', { a: 1 }],
	['text', '"a"', 'a'],
	['a lone surrogate', '{"a":"\\ud800"}', { a: '\ud800' }],
	['NUL in a text', '{"a":"\\u0000"}', { a: '\0' }],
])('a body that is %s is parsed', (_, text, expected) => {
	expect(parse(text)).toEqual(expected);
});

it.each([
	['nothing', ''],
	['half an object', '{"a":'],
	['HTML', '<html>'],
	['NUL outside a text', '{"a":1}\0'],
	['deeper than 64 levels', nested(66)],
	['deeper than any stack', nested(2_000_000)],
])('a body that is %s is not parsed', (_, text) => {
	expect(parse(text)).toBeUndefined();
});

it('a body can have 64 levels', () => {
	expect(parse(nested(64))).toBeDefined();
});

it('a body changes no prototype at any level', () => {
	const body = parse('{"__proto__":{"evil":1},"a":[{"__proto__":{"evil":1},"b":2}]}');
	expect(body).toEqual({ a: [{ b: 2 }] });
	expect(JSON.stringify(body)).toBe('{"a":[{"b":2}]}');
	const copy = Object.assign({}, body as { evil?: number });
	expect([copy.evil, ({} as { evil?: number }).evil]).toEqual([undefined, undefined]);
});

it('a body of bytes that are not UTF-8 is parsed without a crash', () => {
	expect(parseBody(Buffer.from([0x22, 0xff, 0xc0, 0x22]))).toBe('\ufffd\ufffd');
});
