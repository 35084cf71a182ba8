import nock from 'nock';
import { CredentialStore, loadOptionsContext, runNode, useNock } from '../../support/engine';
import { API, Asker, SampleTokenApi } from './samples';

const storeWith = (data: Record<string, string>) =>
	new CredentialStore([{ type: new SampleTokenApi(), data }]);
const items = [{ id: 'a' }, { id: 'b' }];

function thing(id: string, token: string) {
	return nock(API, { reqheaders: { authorization: `Bearer ${token}` } }).get(`/things/${id}`);
}

describe('a credential with a token', () => {
	useNock();

	it('is read once per request, and asks for a token when it has none', async () => {
		nock(API).post('/token', { key: 'k' }).once().reply(200, { token: 't1' });
		thing('a', 't1').reply(200, { id: 'a' });
		thing('b', 't1').reply(200, { id: 'b' });
		const credentials = storeWith({ key: 'k' });

		const { outputs } = await runNode(new Asker(), {}, items, { credentials });

		expect(outputs[0].map(({ json }) => json)).toEqual(items);
		expect(credentials).toMatchObject({ decryptions: 2, reads: 4, updates: 1 });
		expect(credentials.stored('sampleTokenApi')).toEqual({ key: 'k', token: 't1' });
	});

	it('keeps its token', async () => {
		thing('a', 'old').reply(200, {});
		const credentials = storeWith({ key: 'k', token: 'old' });
		await runNode(new Asker(), {}, [{ id: 'a' }], { credentials });
		expect(credentials).toMatchObject({ reads: 1, updates: 0 });
	});

	it('renews its token after a 401, stores it and sends the request once more', async () => {
		thing('a', 'old').reply(401, {});
		nock(API).post('/token').reply(200, { token: 'new' });
		thing('a', 'new').reply(200, { id: 'a' });
		const credentials = storeWith({ key: 'k', token: 'old' });

		const { outputs } = await runNode(new Asker(), {}, [{ id: 'a' }], { credentials });

		expect(outputs[0][0].json).toEqual({ id: 'a' });
		expect(credentials.stored('sampleTokenApi').token).toBe('new');
	});

	it('gives up after a second 401', async () => {
		thing('a', 'old').reply(401, {});
		nock(API).post('/token').reply(200, { token: 'new' });
		thing('a', 'new').reply(401, {});
		const credentials = storeWith({ key: 'k', token: 'old' });
		const { error } = await runNode(new Asker(), {}, [{ id: 'a' }], { credentials });
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '401' });
	});

	it('does not renew after another error', async () => {
		thing('a', 'old').reply(403, {});
		const credentials = storeWith({ key: 'k', token: 'old' });
		const { error } = await runNode(new Asker(), {}, [{ id: 'a' }], { credentials });
		expect(error).toMatchObject({ httpCode: '403' });
	});

	it('keeps an expression in the store that the token call resolved', async () => {
		nock(API).post('/token', { key: 'K' }).reply(200, { token: 't1' });
		thing('a', 't1').reply(200, {});
		const credentials = storeWith({ key: "={{ 'k'.toUpperCase() }}" });
		await runNode(new Asker(), {}, [{ id: 'a' }], { credentials });
		expect(credentials.stored('sampleTokenApi').key).toBe("={{ 'k'.toUpperCase() }}");
	});
});

describe('the credential as a node sees it', () => {
	it('has defaults and no fields that are hidden', async () => {
		const credentials = storeWith({ key: 'k', address: 'left over' });
		const context = loadOptionsContext(new Asker(), { credentials });
		expect(await context.getCredentials('sampleTokenApi')).toEqual({
			key: 'k',
			region: 'us',
			token: '',
		});
		expect(credentials.reads).toBe(1);
	});

	it('is an error when none is chosen', async () => {
		const { error } = await runNode(new Asker(), {}, items);
		expect(error?.message).toContain('does not have any credentials set');
	});
});
