import { sleep } from 'n8n-workflow';

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

it('a request that waits for the token of another one ends as soon as its run is over', async () => {
	const client = await SinchClient.create({
		getCredentials: async () => credentials,
		helpers: { httpRequestWithAuthentication: async () => await new Promise(() => {}) },
	} as never);
	const over = new AbortController();
	const sent = request((body) => body);
	void client.send(sent);
	const ended: unknown[] = [];
	void client.send(sent, over.signal).then((result) => ended.push(result));
	await sleep(0);
	expect(ended).toEqual([]);
	over.abort();
	void client.send(sent, over.signal).then((result) => ended.push(result));
	await sleep(0);
	const hasEnded = { failure: { reason: 'unknown', message: 'The run has ended' } };
	expect(ended).toEqual([hasEnded, hasEnded]);
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
