/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports */
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import nock from 'nock';
import { useNock } from '../../support/engine/useNock';

const status = async (url: string) =>
	await new Promise<number | undefined>((resolve, reject) => {
		get(url, (response) => resolve(response.resume().statusCode)).on('error', reject);
	});

const server = createServer((_request, response) => response.end());
beforeAll(async () => {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());
const local = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

it('useNock does not change http before a describe calls it', () => {
	expect(nock.isActive()).toBe(false);
});

describe('useNock', () => {
	useNock();

	it('nock answers from interceptors and refuses every other request', async () => {
		nock('http://api.example.com').get('/').reply(204);
		expect(await status('http://api.example.com/')).toBe(204);
		await expect(status('http://api.example.com/')).rejects.toThrow(/net connect|No match/);
		await expect(status(local())).rejects.toThrow(/net connect/);
	});
});

describe('afterwards', () => {
	it('useNock restores http afterwards', async () => {
		expect(nock.isActive()).toBe(false);
		expect(await status(local())).toBe(200);
	});

	it('useNock fails a test whose interceptor was not used', () => {
		const afterEachOf = jest.spyOn(globalThis, 'afterEach').mockImplementation();
		const others = [jest.spyOn(globalThis, 'beforeAll'), jest.spyOn(globalThis, 'afterAll')];
		others.forEach((spy) => spy.mockImplementation());
		useNock();
		const [check] = afterEachOf.mock.calls[0] as unknown as [() => void];
		[afterEachOf, ...others].forEach((spy) => spy.mockRestore());

		check();
		nock('http://api.example.com').get('/').reply(204);
		expect(check).toThrow('api.example.com');
		expect(nock.pendingMocks()).toEqual([]);
	});
});
