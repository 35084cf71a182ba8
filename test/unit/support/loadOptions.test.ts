import { CredentialStore, loadOptionsContext } from '../../support/engine';
import { Asker, SampleTokenApi } from './samples';

describe('loadOptionsContext', () => {
	const context = loadOptionsContext(new Asker(), {
		parameters: { channel: 'RCS', more: { appId: '={{ 1 }}' } },
		path: 'parameters.more.list',
		credentials: new CredentialStore([{ type: new SampleTokenApi(), data: { key: 'k' } }]),
	});

	it('sees the parameters as they are in the editor', () => {
		expect(context.getCurrentNodeParameter('channel')).toBe('RCS');
		expect(context.getCurrentNodeParameter('&appId')).toBe('={{ 1 }}');
		expect(context.getCurrentNodeParameters()).toMatchObject({ channel: 'RCS' });
	});

	it('has the credential, and helpers of n8n', async () => {
		expect(await context.getCredentials('sampleTokenApi')).toMatchObject({ key: 'k' });
		expect(context.helpers.httpRequestWithAuthentication).toBeInstanceOf(Function);
	});
});
