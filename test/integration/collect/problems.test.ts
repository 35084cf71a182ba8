/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import type { ServerResponse } from 'node:http';
import { sleep } from 'n8n-workflow';

import { actAs } from '../../support/processes';
import { until } from '../../support/until';
import { LIMIT_MS, phones, useWorker } from './support';

const COLLECT_HEADER = 'x-sinch-capability-collect';

const { simulated, start, run, executions, asked } = useWorker();

describe('problems before the first query', () => {
	it.each([
		[
			'a redirect',
			(_: unknown, response: ServerResponse) =>
				response.writeHead(302, { location: '/elsewhere' }).end(),
			/responds with 302/,
			/proxy/,
		],
		[
			'a lost connection',
			(_: unknown, response: ServerResponse) => response.destroy(),
			/cannot reach/,
			/: the connection was lost\. .*DNS/,
		],
		[
			'a response that never ends',
			async (_: unknown, response: ServerResponse) => {
				response.writeHead(200, { 'content-type': 'application/json' });
				for (; !response.destroyed; await sleep(20)) response.write(' ');
			},
			/cannot reach/,
			/: it did not respond in time\. .*DNS/,
		],
	])(
		'a wait in a worker reports %s before it sends a query',
		async (_, respond, message, description) => {
			const { timeout } = AbortSignal;
			// Only for the response that never ends, so that a busy computer is not too late for the others.
			const limitMs = description.source.includes('in time') ? 500 : 5_000;
			jest
				.spyOn(AbortSignal, 'timeout')
				.mockImplementation((ms) => timeout.call(AbortSignal, ms === 5_000 ? limitMs : ms));
			const n8n = await start(1);
			n8n.interfere(respond);
			const { error } = await run(phones(3));
			expect(error?.message).toMatch(message);
			expect(error?.description).toMatch(description);
			expect(error?.description).toMatch(/No query was sent\.$/);
			expect(await asked()).toBe(0);
		},
		LIMIT_MS,
	);

	it('a wait in a worker reports a different instance ID of the process that receives its answers before it sends a query', async () => {
		await start(1, {}, 'another N8N_INSTANCE_ID');
		const { error } = await run(phones(3));
		expect(error?.message).toBe(
			'The n8n process that receives the answers has a different instance ID',
		);
		expect(error?.description).toMatch(/the same N8N_INSTANCE_ID, or none.* No query was sent\.$/);
		expect(await asked()).toBe(0);
	});

	it('a wait in a worker tries several times before it reports a problem, because a failure can be temporary', async () => {
		const n8n = await start(1);
		let count = 0;
		n8n.interfere((_, response) => {
			count += 1;
			if (count === 1) n8n.interfere();
			response.writeHead(502).end();
		});
		const { error, outputs } = await run(phones(1));
		expect(error).toBeUndefined();
		expect(outputs.flat()).toHaveLength(1);
	});
});

it(
	'a wait in a worker ends on time, and says why, when a load balancer never leads it to the process of its answers',
	async () => {
		const n8n = await start(2);
		n8n.lead(({ headers }) => (COLLECT_HEADER in headers ? 0 : 1));
		const started = Date.now();
		const { outputs, runs } = await run(phones(3), { timeout: 1 });
		expect(outputs[5]).toHaveLength(3);
		expect(Date.now() - started).toBeLessThan(40_000);
		expect(JSON.stringify(runs[0].hints)).toContain(
			'sends the requests of Sinch and of the workers to the same processes',
		);
	},
	LIMIT_MS,
);

it(
	'a wait in a worker ends on time, and says why, when answers cannot be collected any more',
	async () => {
		const n8n = await start(1);
		await simulated.control.settings({ answerDelayMs: 60_000 });
		const started = Date.now();
		const running = run(phones(2), { timeout: 3 });
		await until(async () => (await asked()) === 2);
		n8n.interfere((_, response) => response.writeHead(503).end());
		const { outputs, runs } = await running;
		expect(outputs[5]).toHaveLength(2);
		expect(Date.now() - started).toBeLessThan(40_000);
		expect(JSON.stringify(runs[0].hints)).toContain('responds with 503');
	},
	LIMIT_MS,
);

it(
	'a wait in a worker says at once that it cannot collect the answer when Sinch has changed the request ID',
	async () => {
		await simulated.control.settings({ ownRequestIds: true });
		await start(1);
		const started = Date.now();
		const { error } = await run(phones(1));
		expect(error?.message).toBe(
			'Sinch has registered the query under a different request ID from the one that was sent',
		);
		expect(error?.description).toMatch(/They start the workflow of the trigger/);
		// Long before the time-out.
		expect(Date.now() - started).toBeLessThan(20_000);
		await until(() => executions() === 1);
	},
	LIMIT_MS,
);

describe('in the main process', () => {
	beforeAll(() => actAs('main'));
	afterAll(() => actAs('worker'));

	it(
		'a manual wait in the main process says when no answer has come to the process that receives them',
		async () => {
			await start(1);
			await simulated.control.settings({ answerDelayMs: 60_000 });
			const { outputs, runs } = await run(phones(1), { timeout: 1 }, { mode: 'manual' });
			expect(outputs[5]).toHaveLength(1);
			expect(JSON.stringify(runs[0].hints)).toContain(
				'The process of n8n that receives the requests of Sinch has no answer. Either Sinch cannot reach',
			);
		},
		LIMIT_MS,
	);
});
