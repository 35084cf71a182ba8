import { isUsable, markToken, tokenFor } from '../../../nodes/SinchCapability/transport/token';

const NOW = 1_769_000_000_000;

describe('a token', () => {
	const jwt = (exp: unknown) =>
		`e30.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.signature`;

	it.each([
		['none', '', false],
		['one for another hour', jwt(NOW / 1000 + 3600), true],
		['one that ends in a second', jwt(NOW / 1000 + 1), false],
		['one that has ended', jwt(NOW / 1000 - 1), false],
		['one without an end', jwt(undefined), true],
		['one that is no JWT', 'opaque', true],
		['one that is broken', 'a.b.c', true],
	])('%s: usable %s', (_, token, expected) => {
		expect(isUsable(token, NOW)).toBe(expected);
	});
});

describe("a token's mark", () => {
	const source = { keyId: 'k', keySecret: 's', region: 'custom', apiUrl: 'a', authUrl: 'b' };
	const accessToken = markToken('token', source);

	it('gives the token back to the same key and addresses', () => {
		expect(tokenFor({ ...source, accessToken })).toBe('token');
		expect(tokenFor({ ...source, keySecret: ' s ', apiUrl: 'a/', accessToken })).toBe('token');
	});

	it.each([
		{ keyId: 'other' },
		{ keySecret: 'other' },
		{ apiUrl: 'other' },
		{ authUrl: 'other' },
		{ region: 'us' },
		{ accessToken: 'token' },
		{ accessToken: '' },
		{ accessToken: undefined },
	])('keeps it from another one: %j', (difference) => {
		expect(tokenFor({ ...source, accessToken, ...difference })).toBe('');
	});

	it('does not show the secret', () => {
		expect(markToken('token', { ...source, keySecret: 'hidden' })).not.toContain('hidden');
	});
});
