import { SinchClient } from '../../../nodes/SinchCapability/transport/client';

const credentials = { projectId: ' p ', appId: ' a ', region: 'us', keyId: 'k', keySecret: 's' };

const clientFor = async (body: unknown) =>
	await SinchClient.create({
		getNode: () => ({ name: 'Sinch Capability' }),
		getCredentials: async () => credentials,
		helpers: {
			httpRequestWithAuthentication: async () => ({ statusCode: 200, headers: {}, body }),
		},
	} as never);

const request = (expectation: (body: unknown) => unknown) => ({
	method: 'GET' as const,
	path: '/webhooks',
	expect: expectation as never,
});

it('the Sinch client reads the IDs of the credential without blanks', async () => {
	const client = await clientFor({});
	expect([client.projectId, client.appId]).toEqual(['p', 'a']);
});

it('the Sinch client lets a mistake in the reader of a response through unchanged', async () => {
	const client = await clientFor({});
	const mistake = new TypeError('webhooks is not iterable');
	const reader = () => {
		throw mistake;
	};
	await expect(client.request(request(reader))).rejects.toBe(mistake);
});

it('the Sinch client asks what was achieved only after a response that did not come from Sinch', async () => {
	const client = await clientFor('<html>');
	const recover = jest.fn().mockResolvedValue('done');
	expect(await client.request({ ...request(() => undefined), recover })).toBe('done');
	expect(await client.request({ ...request(() => 'read'), recover })).toBe('read');
	expect(recover).toHaveBeenCalledTimes(1);
});
