/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { markToken } from '../../nodes/SinchCapability/transport/token';
import { listen } from '../support/listening';
import { storeWith } from '../support/package';
import { runAction, useSimulator } from '../support/simulated';
import { until } from '../support/until';

const simulated = useSimulator();

const itemsOf = (count: number): IDataObject[] =>
	Array.from({ length: count }, () => ({ contactId: simulated.demo.contacts[0].contactId }));

const query = async (count: number, requestsPerSecond: number, settings: object = {}) =>
	await runAction(
		simulated,
		{
			recipientType: 'contact',
			contactId: { __rl: true, mode: 'id', value: '={{ $json.contactId }}' },
			options: { requestsPerSecond },
		},
		itemsOf(count),
		settings,
	);

const queryRequests = async () =>
	(await simulated.control.log()).requests.filter(({ path }) => path.endsWith('capability:query'));

const stopped = async () => {
	const before = (await queryRequests()).length;
	await sleep(1_000);
	expect(await queryRequests()).toHaveLength(before);
	return before;
};

it('a project that Sinch refuses with 429 is left alone by every execution for as long as Retry-After says', async () => {
	await simulated.control.faults({
		target: 'query',
		kind: 'status',
		status: 429,
		retryAfter: 1,
	});
	const first = query(1, 100);
	await until(async () => (await queryRequests()).some(({ status }) => status === 429));
	await query(1, 100);
	expect(JSON.stringify((await first).runs[0].hints)).toContain(
		'Retries: 1; rate limit responses from Sinch: 1.',
	);
	const [refused, ...later] = (await queryRequests()).map(({ at }) => Date.parse(at));
	expect(later).toHaveLength(2);
	// Retry-After counts from the moment the answer arrives, just after the request was logged.
	expect(Math.min(...later) - refused).toBeGreaterThanOrEqual(950);
});

describe('a run of 200 items', () => {
	/** The number of requests that a run sends at once; the rest wait for their responses. */
	const AT_ONCE = 50;
	let received: Array<(status: number, body: object) => void>;
	let url: string;
	let sinch: Server;

	beforeAll(async () => {
		sinch = createServer((request, response) => {
			const respond = (status: number, body: object) => {
				response.writeHead(status, { 'content-type': 'application/json' });
				response.end(JSON.stringify(body));
			};
			request.resume().on('end', () => {
				// The check for a listening workflow comes before the first item.
				if (request.method === 'GET') respond(200, { webhooks: [] });
				else received.push(respond);
			});
		}).listen(0, '127.0.0.1');
		await once(sinch, 'listening');
		url = `http://127.0.0.1:${(sinch.address() as AddressInfo).port}`;
	});

	beforeEach(() => {
		received = [];
	});

	afterAll(() => {
		sinch.close();
		sinch.closeAllConnections();
	});

	/** A run of 200 items at Sinch's limit for a project, whose responses the test sends one by one. */
	const runOf200 = (parameters: INodeParameters, settings: object = {}) => {
		const data = {
			projectId: randomUUID(),
			appId: simulated.appId,
			keyId: 'key',
			keySecret: 'secret',
			region: 'custom',
			apiUrl: url,
			authUrl: url,
		};
		const credentials = storeWith({ ...data, accessToken: markToken('token', data) });
		const options = { requestsPerSecond: 800 };
		return runAction(simulated, { ...parameters, options }, itemsOf(200), {
			credentials,
			...settings,
		});
	};

	const contactId = { __rl: true, mode: 'id', value: '={{ $json.contactId }}' };
	const runs: Array<[string, INodeParameters, object]> = [
		['Check reachability', { recipientType: 'contact', contactId }, { request_id: 'R' }],
		[
			'Contact: Update',
			{
				resource: 'contact',
				operation: 'update',
				contactId: { __rl: true, mode: 'id', value: 'C' },
				updateFields: { email: 'a@b.c' },
			},
			{ id: 'C' },
		],
	];

	it.each(runs)(
		'a run with On Error: stop sends nothing more after the first refusal (%s)',
		async (_, parameters, done) => {
			const running = runOf200(parameters);
			await until(() => received.length === AT_ONCE);
			received[0](400, { error: { message: 'No such contact' } });
			// Only what the node does immediately: it runs in this process, which gets many turns.
			for (let turn = 0; turn < 200; turn++) await sleep(1);
			received.slice(1).forEach((respond) => respond(200, done));
			expect((await running).error?.message).toMatch(/Sinch did not accept the request/);
			await sleep(200);
			expect(received).toHaveLength(AT_ONCE);
		},
	);

	it.each(runs)(
		'a run with On Error: continue sends all the others after a refusal (%s)',
		async (_, parameters, done) => {
			const running = runOf200(parameters, { onError: 'continueRegularOutput' });
			let answered = 0;
			await until(() => {
				for (; answered < received.length; answered++) {
					if (answered === 0) received[0](400, { error: { message: 'No such contact' } });
					else received[answered](200, done);
				}
				return answered === 200;
			});
			const { outputs, error, runs: nodeRuns } = await running;
			expect(error).toBeUndefined();
			expect(outputs[0].filter(({ json }) => 'error' in json)).toHaveLength(1);
			expect(outputs[0]).toHaveLength(200);
			expect(JSON.stringify(nodeRuns[0].hints)).toContain('Retries: 0;');
		},
	);

	it.each(runs)(
		'a run that is cancelled on the way sends nothing more (%s)',
		async (_, parameters, done) => {
			const stop = new AbortController();
			const running = runOf200(parameters, { signal: stop.signal });
			await until(() => received.length === AT_ONCE);
			stop.abort();
			received.forEach((respond) => respond(200, done));
			expect((await running).status).toBe('canceled');
			await sleep(200);
			expect(received).toHaveLength(AT_ONCE);
		},
	);

	it.each([
		['sends more requests at a time when responses take long', 200, AT_ONCE + 1, 150],
		['does not send more requests at a time while Sinch refuses some of them', 429, 1, AT_ONCE],
	])('a run %s', async (_, everyTwentieth, least, most) => {
		const [, parameters, done] = runs[0];
		let answered = 0;
		let closed = 0;
		let open = 0;
		let hasEnded = false;
		const running = runOf200(parameters).finally(() => (hasEnded = true));
		await until(() => {
			open = Math.max(open, received.length - closed);
			for (; answered < received.length; answered++) {
				const respond = received[answered];
				const status = answered % 20 === 0 ? everyTwentieth : 200;
				void sleep(400).then(() => {
					closed++;
					respond(status, status === 200 ? done : {});
				});
			}
			return hasEnded;
		});
		expect((await running).error).toBeUndefined();
		expect(open).toBeGreaterThanOrEqual(least);
		expect(open).toBeLessThanOrEqual(most);
	});

	it('a run that is cancelled while queries wait for the answers of others sends none of them', async () => {
		const n8n = await listen(simulated);
		try {
			const stop = new AbortController();
			const settings = { signal: stop.signal, instanceUrl: n8n.instanceUrl };
			const running = query(100, 400, settings);
			await until(async () => (await queryRequests()).length >= 25);
			stop.abort();
			expect((await running).status).toBe('canceled');
			expect(await stopped()).toBeLessThan(100);
		} finally {
			await n8n.stop();
		}
	});

	it('a run that is cancelled while it waits for the token of another request sends nothing with it', async () => {
		await simulated.control.faults({ target: 'token', kind: 'delay', delayMs: 1_000, times: 1 });
		const stop = new AbortController();
		const running = query(5, 400, { signal: stop.signal });
		await until(async () =>
			(await simulated.control.log()).requests.some(({ path }) => path === '/oauth2/token'),
		);
		stop.abort();
		expect((await running).status).toBe('canceled');
		// The one that the token was fetched for may be sent.
		expect(await stopped()).toBeLessThanOrEqual(1);
	});
});
