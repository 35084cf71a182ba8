import nock from 'nock';
import type { IDataObject } from 'n8n-workflow';

import { APP_ID, storeWith } from '../../support/package';
import { identities, PATH, run, SINCH, useSinch } from './querySupport';

useSinch();

describe("Sinch's refusals", () => {
	const refuse = (status: number, body: object, times = 1) =>
		nock(SINCH).post(PATH).times(times).reply(status, body);
	const parameters = identities(['RCS', '46701234567']);

	it.each([
		[400, 'Sinch did not accept the request'],
		[403, 'The access key has no permission for this project'],
		[404, 'Sinch could not find the app, contact or webhook'],
		[422, 'Sinch did not accept the request'],
	])('a refusal by Sinch with the status %i is shown as: %s', async (status, message) => {
		refuse(status, { error: { code: status, message: 'Sinch says so.', status: 'NAME' } });
		const { error } = await run(parameters);
		expect(error).toMatchObject({
			message,
			httpCode: String(status),
			description: expect.stringContaining(`Sinch says (${status}): Sinch says so. – NAME`),
			context: { itemIndex: 0 },
		});
	});

	it('a refusal by Sinch goes to the error output with the input item when On Error is set to do so', async () => {
		nock(SINCH).post(PATH).reply(200, { request_id: 'a' });
		refuse(404, { error: { message: 'No such app.' } });
		const { outputs } = await run(parameters, [{ name: 'Anna' }, { name: 'Bo' }], {
			onError: 'continueErrorOutput',
		});
		expect(outputs[0]).toEqual([
			{ json: { name: 'Anna', request_id: 'a' }, pairedItem: { item: 0 } },
		]);
		expect(outputs[1]).toHaveLength(1);
		expect(outputs[1][0].json).toMatchObject({
			name: 'Bo',
			error: {
				message: 'Sinch could not find the app, contact or webhook',
				httpCode: '404',
				item: 1,
			},
		});
	});

	it('the refusal of the access key is reported for all items that follow', async () => {
		nock(SINCH)
			.post(PATH)
			.delay(100)
			.reply(403, { error: { message: 'No permission.' } });
		// These are sent before that response, and answered after it.
		nock(SINCH)
			.post(PATH)
			.times(79)
			.optionally()
			.delay(400)
			.reply(400, { error: { message: 'Bad request.' } });
		const items = Array.from({ length: 80 }, () => ({}));
		const { outputs } = await run(parameters, items, { onError: 'continueRegularOutput' });
		const messages = outputs[0].map(({ json }) => (json.error as IDataObject).message);
		expect(new Set(messages.slice(60))).toEqual(
			new Set(['The access key has no permission for this project']),
		);
	});

	it('the refusal of one item by a proxy does not end the run for the others', async () => {
		nock(SINCH).post(PATH).reply(403, '<html>Blocked</html>', { 'content-type': 'text/html' });
		nock(SINCH).post(PATH).times(79).optionally().delay(200).reply(200, { request_id: 'a' });
		const items = Array.from({ length: 80 }, () => ({}));
		const { outputs } = await run(parameters, items, { onError: 'continueRegularOutput' });
		expect(outputs[0].filter(({ json }) => 'error' in json)).toHaveLength(1);
	});

	it('a refusal by Sinch never shows a secret', async () => {
		refuse(400, { error: { message: 'Bad request.' } });
		const { error } = await run(parameters);
		const shown = JSON.stringify(error, Object.getOwnPropertyNames(error));
		expect(shown).not.toMatch(/stored-token|key-secret/);
	});
});

describe('the access token', () => {
	const token = (accessToken: string) => {
		nock('https://auth.sinch.com')
			.post('/oauth2/token', 'grant_type=client_credentials')
			.basicAuth({ user: 'key-id', pass: 'key-secret' })
			.reply(200, { access_token: accessToken, expires_in: 3600, scope: '', token_type: 'bearer' });
		// A new token is tried on the app of the credential.
		nock(SINCH, { reqheaders: { authorization: `Bearer ${accessToken}` } })
			.get(PATH.replace('capability:query', `apps/${APP_ID}`))
			.reply(200, { id: APP_ID });
	};
	const answer = (accessToken: string, status: number, times = 1) =>
		nock(SINCH, { reqheaders: { authorization: `Bearer ${accessToken}` } })
			.post(PATH)
			.times(times)
			.reply(status, { request_id: 'a' });

	it('the access token is fetched once for many items, and stored', async () => {
		token('fresh-token');
		answer('fresh-token', 200, 3);
		const credentials = storeWith({ accessToken: '' });
		const { error } = await run(identities(['RCS', '46701234567']), [{}, {}, {}], {
			credentials,
		});
		expect(error).toBeUndefined();
		answer('fresh-token', 200);
		expect(
			(await run(identities(['RCS', '46701234567']), [{}], { credentials })).error,
		).toBeUndefined();
	});

	it('the access token is renewed once when Sinch revokes it, and stored for the next run', async () => {
		answer('stored-token', 401);
		token('renewed-token');
		answer('renewed-token', 200, 3);
		const credentials = storeWith();
		const parameters = identities(['RCS', '46701234567']);
		expect((await run(parameters, [{}], { credentials })).error).toBeUndefined();
		const { error, outputs } = await run(parameters, [{}, {}], { credentials });
		expect(error).toBeUndefined();
		expect(outputs[0]).toHaveLength(2);
	});

	it('the access token is renewed once for all requests in flight when Sinch has revoked it', async () => {
		answer('stored-token', 401, 2);
		token('renewed-token');
		answer('renewed-token', 200, 2);
		const { error, outputs } = await run(identities(['RCS', '46701234567']), [{}, {}]);
		expect(error).toBeUndefined();
		expect(outputs[0]).toHaveLength(2);
	});
});
