import {
	fetchToken,
	isUsable,
	markToken,
	tokenFor,
} from '../../../nodes/SinchCapability/transport/token';

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

describe('a new token', () => {
	const credential = { ...source, projectId: 'p/q', appId: ' app ' };

	/** n8n's helper, which gets a token and then this response about the app. */
	const helperWith = (app: object, requests: object[] = []) => ({
		helpers: {
			httpRequest: async (request: object) => {
				const isFirst = requests.push(request) === 1;
				const first = { statusCode: 200, body: { access_token: 'new' } };
				return await Promise.resolve({ headers: {}, ...(isFirst ? first : app) });
			},
		},
	});

	it.each([
		['Sinch has the app', { statusCode: 200, body: { id: 'app' } }],
		['Sinch refuses to show the app', { statusCode: 403, body: {} }],
		['Sinch has no such app', { statusCode: 404, body: '' }],
	])('a new token is marked and used when %s', async (_, app) => {
		const requests: object[] = [];
		const token = await fetchToken(helperWith(app, requests) as never, credential);
		expect(token).toBe(markToken('new', credential));
		expect(requests).toMatchObject([
			{ method: 'POST', url: 'b/oauth2/token', auth: { username: 'k', password: 's' } },
			{ url: 'a/v1/projects/p%2Fq/apps/app', headers: { Authorization: 'Bearer new' } },
		]);
	});

	it.each([
		['another app', { statusCode: 200, body: { id: 'other' } }],
		['a page', { statusCode: 200, body: '<html>' }],
		['nothing', { statusCode: 204, body: undefined }],
	])('a new token is not used when the address of the app responds with %s', async (_, app) => {
		await expect(fetchToken(helperWith(app) as never, credential)).rejects.toThrow(
			'The response did not come from Sinch',
		);
	});

	it('a new token is used without an app in the credential, whatever the address responds', async () => {
		const helper = helperWith({ statusCode: 200, body: '' });
		const token = await fetchToken(helper as never, { ...credential, appId: ' ' });
		expect(tokenFor({ ...credential, accessToken: token })).toBe('new');
	});
});
