import { SinchConversationApi } from '../../credentials/SinchConversationApi.credentials';
import { testCredential } from '../support/engine';
import { isN8n1 } from '../support/generation';
import type { Respond } from './responses/support';
import {
	byId,
	credential,
	json,
	load,
	loadOptions,
	operations,
	proxy,
	run,
	send,
	useProxy,
} from './responses/support';

useProxy();

const responses: Array<[string, Respond]> = [
	['a page', send(200, '<html>Sign in</html>', { 'content-type': 'text/html' })],
	['a page that says it is JSON', send(200, '<html>Sign in</html>', json)],
	['nothing', send(200)],
	['204', send(204)],
	['truncated JSON', send(200, '{"id":"01W4","apps":[', json)],
	['[]', send(200, '[]', json)],
	['"ok"', send(200, '"ok"', json)],
	['null', send(200, 'null', json)],
	['true', send(200, 'true', json)],
	['another object', send(200, '{"status":"ok"}', json)],
	['things without ids', send(200, '{"apps":[{}],"contacts":[null],"webhooks":[{}]}', json)],
	['a page with 404', send(404, '<html>Not here</html>')],
	['a page with 403', send(403, '<html>Blocked</html>')],
	['304', send(304)],
	['511', send(511, '<html>Sign in</html>')],
	// Sinch confirms a deletion with it, so this one cannot be detected.
	['{}', send(200, '{}', json)],
];

const FOREIGN = /The response did not come from Sinch/;

describe.each(responses)('when the response %s did not come from Sinch', (name, response) => {
	beforeEach(() => {
		proxy.respond = response;
	});

	const believable = (operation: string) =>
		name === '{}' && /Delete$|^deactivation$|deletes|removes/.test(operation);

	it.each(operations.filter(([operation]) => !believable(operation)))(
		`%s says that the response ${name} did not come from Sinch`,
		async (_, operate) => {
			await expect(operate(true)).rejects.toThrow(FOREIGN);
		},
	);

	it(`the token call says that the response ${name} did not come from Sinch, and does not blame the key`, async () => {
		const operate = run('contact', 'get', byId);
		await expect(operate(false)).rejects.toThrow(FOREIGN);
		expect(proxy.methods).toEqual(['POST']);
	});

	it(`the credential test fails with the response ${name}`, async () => {
		const result = await testCredential(new SinchConversationApi(), credential(false));
		expect(result).toMatchObject({ status: 'Error', message: expect.stringMatching(FOREIGN) });
	});

	it(`the list of channels stays as it is with the response ${name}`, async () => {
		const list = load(async (context) => await loadOptions.getChannels.call(context));
		expect(await list(true)).toContainEqual({ name: 'RCS', value: 'RCS' });
	});
});

it.each([5, null, true, [], {}, '', ' ', 'two words', 'two\nlines', 'a#b', 'ä', '\u0000'])(
	'a token that is %j counts as none, and the key is not blamed',
	async (access_token) => {
		proxy.respond = send(200, JSON.stringify({ access_token }), json);
		await expect(run('contact', 'get', byId)(false)).rejects.toThrow(FOREIGN);
		expect(proxy.methods).toEqual(['POST']);
	},
);

describe('a proxy that wants a password (407)', () => {
	const PROXY = /The proxy requires authentication/;

	beforeEach(() => {
		proxy.respond = send(407, '<html>Proxy Authentication Required</html>');
	});

	it.each(operations)('a proxy that wants a password (407) is named by %s', async (_, operate) => {
		await expect(operate(true)).rejects.toThrow(PROXY);
	});

	it('a proxy that wants a password (407) is named by the token call and by the credential test', async () => {
		await expect(run('contact', 'get', byId)(false)).rejects.toThrow(PROXY);
		expect(proxy.methods).toEqual(['POST']);
		const result = await testCredential(new SinchConversationApi(), credential(false));
		expect(result).toMatchObject({ status: 'Error', message: expect.stringMatching(PROXY) });
	});
});

describe.each([301, 302, 303, 307, 308])('a redirect with %i', (status) => {
	beforeEach(() => {
		proxy.respond = (response) => send(status, '', { location: proxy.elsewhere })(response);
	});

	it.each(operations)(
		`a redirect with ${status} is not followed by %s, which names a proxy`,
		async (_, operate) => {
			await expect(operate(true)).rejects.toThrow(/Unexpected redirect/);
			expect(proxy.redirected).toBe(0);
		},
	);

	it(`a redirect with ${status} is not followed by the token call`, async () => {
		await expect(run('contact', 'get', byId)(false)).rejects.toThrow(/Unexpected redirect/);
		expect(proxy.redirected).toBe(0);
	});

	it(`a redirect with ${status} is not followed by the credential test`, async () => {
		const result = await testCredential(new SinchConversationApi(), credential(false));
		expect(result).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/Unexpected redirect/),
		});
		expect(proxy.redirected).toBe(0);
	});
});

it('a credential test with a token is not redirected either', async () => {
	let requests = 0;
	proxy.respond = (response) =>
		requests++ === 0
			? send(200, '{"access_token":"token"}', json)(response)
			: send(302, '', { location: proxy.elsewhere })(response);
	const result = await testCredential(new SinchConversationApi(), credential(false));
	expect(result.status).toBe('Error');
	if (!isN8n1) expect(result.message).toMatch(/Unexpected redirect/);
	expect(proxy.redirected).toBe(0);
});

it('the credential test does not accept a page in place of the app', async () => {
	for (const [, response] of responses) {
		let requests = 0;
		proxy.respond = (to) =>
			requests++ === 0 ? send(200, '{"access_token":"token"}', json)(to) : response(to);
		const result = await testCredential(new SinchConversationApi(), credential(false)).catch(
			() => ({ status: 'Error' }),
		);
		expect(result.status).toBe('Error');
	}
});
