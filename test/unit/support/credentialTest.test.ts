import nock from 'nock';
import { testCredential, useNock } from '../../support/engine';
import { API, SampleTokenApi } from './samples';

describe('testCredential', () => {
	useNock();
	const run = async () => await testCredential(new SampleTokenApi(), { key: 'k', token: 'old' });
	const token = () => nock(API).post('/token', { key: 'k' }).reply(200, { token: 'new' });
	const request = () => nock(API, { reqheaders: { authorization: 'Bearer new' } }).get('/keys/k');

	it('asks for a new token and sends the test request', async () => {
		token();
		request().reply(200, {});
		expect(await run()).toEqual({ status: 'OK', message: 'Connection successful!' });
	});

	it('shows the message of the rule for a status', async () => {
		token();
		request().reply(404, {});
		expect(await run()).toEqual({ status: 'Error', message: 'No such key' });
	});

	it('shows the message of the rule for a body', async () => {
		token();
		request().reply(200, { key: { state: 'closed' } });
		const type = new SampleTokenApi();
		const closed = { key: 'key.state', value: 'closed', message: 'The key is closed' };
		type.test.rules = [{ type: 'responseSuccessBody', properties: closed }];
		expect(await testCredential(type, { key: 'k' })).toEqual({
			status: 'Error',
			message: 'The key is closed',
		});
	});

	it('shows the reason phrase when no rule speaks of the status', async () => {
		token();
		request().reply(403, {});
		expect(await run()).toEqual({ status: 'Error', message: 'Forbidden' });
	});

	it('shows the code of a network error', async () => {
		const error = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
		nock(API).post('/token').replyWithError(error);
		expect(await run()).toEqual({ status: 'Error', message: 'ECONNREFUSED' });
	});

	it('asks for the token a second time when the token call itself is answered 401', async () => {
		nock(API).post('/token').twice().reply(401, {});
		expect(await run()).toEqual({ status: 'Error', message: 'Unauthorized' });
	});

	it('applies the rules to the token call too', async () => {
		nock(API).post('/token').reply(404, {});
		expect(await run()).toEqual({ status: 'Error', message: 'No such key' });
	});
});
