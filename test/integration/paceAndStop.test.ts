import type { IDataObject } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { isN8n1 } from '../support/generation';
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

describe('a project that Sinch refuses with 429', () => {
	it('is asked at half the pace after many refusals in a row, and gets every item through', async () => {
		await simulated.control.faults({ target: 'query', kind: 'status', status: 429, times: 15 });
		const { outputs, error } = await query(200, 100);
		expect(error).toBeUndefined();
		expect(outputs[0]).toHaveLength(200);
		const { queriesSpan } = (await simulated.control.log()).totals;
		// 200 queries and 15 repeats take 2.15 s at the full pace, and never less.
		expect(queriesSpan).toBeGreaterThan(2_250);
	});

	// n8n 1 keeps no headers in its errors, so nobody can know there what Sinch asked for.
	const onlyN8n2 = isN8n1 ? it.skip : it;

	onlyN8n2('is left in peace by every execution for as long as Retry-After says', async () => {
		await simulated.control.faults({
			target: 'query',
			kind: 'status',
			status: 429,
			retryAfter: 3,
		});
		const first = query(1, 100);
		await until(async () => (await queryRequests()).some(({ status }) => status === 429));
		await query(1, 100);
		await first;
		const [refused, ...later] = (await queryRequests()).map(({ at }) => Date.parse(at));
		expect(later).toHaveLength(2);
		// Retry-After counts from the moment the answer arrives, just after the request was logged.
		expect(Math.min(...later) - refused).toBeGreaterThanOrEqual(2_950);
	});
});

describe('a run that has ended', () => {
	it('after the first failure with On Error: stop, sends nothing more', async () => {
		await simulated.control.faults({
			target: 'query',
			kind: 'status',
			status: 400,
			after: 3,
			times: 1,
		});
		const { error } = await query(300, 40);
		expect(error?.message).toMatch(/Sinch did not accept the request/);
		expect(await stopped()).toBeLessThan(100);
	});

	it('cancelled between two requests, sends nothing more', async () => {
		const stop = new AbortController();
		const running = query(300, 40, { signal: stop.signal });
		await until(async () => (await queryRequests()).length >= 3);
		stop.abort();
		expect((await running).status).toBe('canceled');
		expect(await stopped()).toBeLessThan(150);
	});

	it('cancelled while it waits to try again, ends without the wait and without another try', async () => {
		await simulated.control.faults({
			target: 'query',
			kind: 'status',
			status: 503,
			retryAfter: 90,
		});
		const stop = new AbortController();
		const running = query(1, 40, { signal: stop.signal });
		await until(async () => (await queryRequests()).length === 1);
		stop.abort();
		expect((await running).status).toBe('canceled');
		expect(await stopped()).toBe(1);
	});
});
