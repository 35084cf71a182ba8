import { isUsable, markToken, tokenFor } from '../../../nodes/SinchCapability/transport/token';

const NOW = 1_769_000_000_000;

const jwt = (exp: unknown) =>
	`e30.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.signature`;

it.each([
	['missing', false, ''],
	['valid for another hour', true, jwt(NOW / 1000 + 3600)],
	['valid for only another second', false, jwt(NOW / 1000 + 1)],
	['no longer valid', false, jwt(NOW / 1000 - 1)],
	['valid without an end', true, jwt(undefined)],
	['no JWT', true, 'opaque'],
	['a broken JWT', true, 'a.b.c'],
])('a token that is %s is usable: %s', (_, expected, token) => {
	expect(isUsable(token, NOW)).toBe(expected);
});

const source = { keyId: 'k', keySecret: 's', region: 'custom', apiUrl: 'a', authUrl: 'b' };
const accessToken = markToken('token', source);

it('a marked token is given back to the same key and addresses', () => {
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
])('a token is not used unless its mark fits the credential: %j', (difference) => {
	expect(tokenFor({ ...source, accessToken, ...difference })).toBe('');
});

it("a token's mark does not show the secret", () => {
	expect(markToken('token', { ...source, keySecret: 'hidden' })).not.toContain('hidden');
});
