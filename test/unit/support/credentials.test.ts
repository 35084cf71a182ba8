import nock from 'nock';
import { CredentialStore, loadOptionsContext, runNode, useNock } from '../../support/engine';
import { API, Fetcher, SampleTokenApi } from './samples';

const storeWith = (data: Record<string, string>) =>
	new CredentialStore([{ type: new SampleTokenApi(), data }]);
const items = [{ id: 'a' }, { id: 'b' }];

function thing(id: string, token: string) {
	return nock(API, { reqheaders: { authorization: `Bearer ${token}` } }).get(`/things/${id}`);
}

describe('the credential store', () => {
	useNock();

	it('the credential store reads a credential once per request, and fetches a token when there is none', async () => {
		nock(API).post('/token', { key: 'k' }).once().reply(200, { token: 't1' });
		thing('a', 't1').reply(200, { id: 'a' });
		thing('b', 't1').reply(200, { id: 'b' });
		const credentials = storeWith({ key: 'k' });

		const { outputs } = await runNode(new Fetcher(), {}, items, { credentials });

		expect(outputs[0].map(({ json }) => json)).toEqual(items);
		expect(credentials).toMatchObject({ decryptions: 2, reads: 4, updates: 1 });
		expect(credentials.stored('sampleTokenApi')).toEqual({ key: 'k', token: 't1' });
	});

	it('the stored token is sent and not renewed', async () => {
		thing('a', 'old').reply(200, {});
		const credentials = storeWith({ key: 'k', token: 'old' });
		await runNode(new Fetcher(), {}, [{ id: 'a' }], { credentials });
		expect(credentials).toMatchObject({ reads: 1, updates: 0 });
	});

	it('the token is renewed and stored after a 401, and the request is repeated', async () => {
		thing('a', 'old').reply(401, {});
		nock(API).post('/token').reply(200, { token: 'new' });
		thing('a', 'new').reply(200, { id: 'a' });
		const credentials = storeWith({ key: 'k', token: 'old' });

		const { outputs } = await runNode(new Fetcher(), {}, [{ id: 'a' }], { credentials });

		expect(outputs[0][0].json).toEqual({ id: 'a' });
		expect(credentials.stored('sampleTokenApi').token).toBe('new');
	});

	it('a request fails after its second 401', async () => {
		thing('a', 'old').reply(401, {});
		nock(API).post('/token').reply(200, { token: 'new' });
		thing('a', 'new').reply(401, {});
		const credentials = storeWith({ key: 'k', token: 'old' });
		const { error } = await runNode(new Fetcher(), {}, [{ id: 'a' }], { credentials });
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '401' });
	});

	it('the token is not renewed after an error other than 401', async () => {
		thing('a', 'old').reply(403, {});
		const credentials = storeWith({ key: 'k', token: 'old' });
		const { error } = await runNode(new Fetcher(), {}, [{ id: 'a' }], { credentials });
		expect(error).toMatchObject({ httpCode: '403' });
	});

	it('an expression in a credential is resolved for the token request and kept in the store', async () => {
		nock(API).post('/token', { key: 'K' }).reply(200, { token: 't1' });
		thing('a', 't1').reply(200, {});
		const credentials = storeWith({ key: "={{ 'k'.toUpperCase() }}" });
		await runNode(new Fetcher(), {}, [{ id: 'a' }], { credentials });
		expect(credentials.stored('sampleTokenApi').key).toBe("={{ 'k'.toUpperCase() }}");
	});
});

it('a node gets the defaults of a credential and no hidden fields', async () => {
	const credentials = storeWith({ key: 'k', address: 'left over' });
	const context = loadOptionsContext(new Fetcher(), { credentials });
	expect(await context.getCredentials('sampleTokenApi')).toEqual({
		key: 'k',
		region: 'us',
		token: '',
	});
	expect(credentials.reads).toBe(1);
});

it('a node for which no credential is chosen fails', async () => {
	const { error } = await runNode(new Fetcher(), {}, items);
	expect(error?.message).toContain('does not have any credentials set');
});
