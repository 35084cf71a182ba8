/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import type { ServerResponse } from 'node:http';
import type { IDataObject } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { answerPaceOf } from '../../nodes/SinchCapability/transport/queries';
import { mailbox } from '../../nodes/SinchCapability/waiting/mailbox';
import type { RunNodeOptions } from '../support/engine';
import { type ReceivingProcesses, actAs, startProcesses } from '../support/processes';
import { deliverDropped, runAction, useSimulator } from '../support/simulated';
import { until } from '../support/until';

const LIMIT_MS = 300_000;
const COLLECT_HEADER = 'x-sinch-capability-collect';

const simulated = useSimulator();
let n8n: ReceivingProcesses;

beforeAll(() => actAs('worker'));

beforeEach(async () => {
	await simulated.control.settings({
		callbacksPerSecond: 500,
		answerDelayMs: 100,
		retryBaseMs: 300,
	});
});

afterEach(async () => {
	jest.restoreAllMocks();
	await n8n.stop();
	expect(mailbox['open'].size).toBe(0);
});

afterAll(() => actAs('main'));

const phones = (count: number): IDataObject[] =>
	Array.from({ length: count }, (_, index) => ({ phone: `4670${1_000_000 + index}` }));

const run = async (
	items: IDataObject[],
	parameters: IDataObject = {},
	settings: RunNodeOptions = {},
) =>
	await runAction(
		simulated,
		{
			operation: 'queryAndWait',
			recipientType: 'channelIdentities',
			channelIdentities: { identity: [{ channel: 'SMS', identity: '={{ $json.phone }}' }] },
			...parameters,
		} as never,
		items,
		{ instanceUrl: n8n.instanceUrl, ...settings },
	);

const executions = () => n8n.received.filter(({ call }) => call?.executes).length;
const collecting = () => n8n.received.filter(({ isCollecting }) => isCollecting).length;
const asked = async () => (await simulated.control.log()).queries.length;

/** The numbers whose answers have started an execution. */
const emitted = () =>
	n8n.received.flatMap(({ call }) =>
		(call?.workflowData ?? []).flat().map(({ json }) => json.identity),
	);

/** No process holds or keeps anything. */
const isQuiet = () =>
	n8n.stores.every(({ heldRequests, keptAnswers }) => heldRequests + keptAnswers === 0);

describe('Check reachability and wait in a worker', () => {
	it.each([1, 3])(
		'has every answer that comes to %i other processes, and none starts a workflow',
		async (count) => {
			n8n = await startProcesses(simulated, count);
			const { outputs, error } = await run(phones(60));
			expect(error).toBeUndefined();
			expect(outputs.flat()).toHaveLength(60);
			expect(outputs[5] ?? []).toEqual([]);
			await until(isQuiet);
			expect(executions()).toBe(0);
		},
		LIMIT_MS,
	);

	it('sends few requests for a single answer', async () => {
		n8n = await startProcesses(simulated, 3);
		await simulated.control.settings({ answerDelayMs: 1_000 });
		const { outputs } = await run(phones(1));
		expect(outputs.flat()).toHaveLength(1);
		expect(collecting()).toBeLessThan(15);
	});

	it('searches for further processes less and less often during a long wait', async () => {
		n8n = await startProcesses(simulated, 1);
		await simulated.control.settings({ answerDelayMs: 3_500 });
		const running = run(phones(1));
		await until(() => collecting() > 4);
		const early = collecting();
		await sleep(1_500);
		const late = collecting() - early;
		expect((await running).outputs.flat()).toHaveLength(1);
		expect(late).toBeLessThan(6);
	});

	it(
		'has its requests held for as long after an answer as before',
		async () => {
			n8n = await startProcesses(simulated, 1);
			const items = phones(2);
			await simulated.control.settings({ answerDelayMs: 1_000 });
			await simulated.control.faults({
				target: 'callback',
				kind: 'delay',
				recipient: items[1].phone as string,
				delayMs: 6_000,
			});
			const running = run(items);
			await until(() => n8n.received.some(({ call }) => call && !call.executes));
			await sleep(2_000);
			const early = collecting();
			await sleep(2_000);
			const late = collecting() - early;
			expect((await running).outputs.flat()).toHaveLength(2);
			expect(late).toBeLessThan(4);
		},
		LIMIT_MS,
	);

	it(
		'leaves late answers to the workflow of the trigger',
		async () => {
			n8n = await startProcesses(simulated, 3);
			await simulated.control.settings({ answerDelayMs: 15_000 });
			const { outputs } = await run(phones(3), { timeout: 1 });
			expect(outputs[5]).toHaveLength(3);
			await until(() => new Set(emitted()).size === 3);
		},
		LIMIT_MS,
	);

	it.each([1, 3])(
		'starts nothing with the answers that First Usable Channel did not wait for, with %i processes',
		async (count) => {
			n8n = await startProcesses(simulated, count);
			await simulated.control.faults({
				target: 'callback',
				kind: 'delay',
				recipient: '716253440',
				delayMs: 1_500,
			});
			const identity = [
				{ channel: 'TELEGRAM', identity: '716253440' },
				{ channel: 'RCS', identity: '46701740605' },
			];
			const { outputs } = await run([{}], {
				waitFor: 'firstUsable',
				recipientType: 'channelIdentities',
				channelIdentities: { identity },
			});
			expect(outputs[0]).toHaveLength(1);
			await until(
				() => n8n.received.filter(({ isCollecting, call }) => !isCollecting && call).length === 2,
			);
			expect(executions()).toBe(0);
		},
		LIMIT_MS,
	);

	it(
		'has every answer, and each starts the workflow once, where the trigger also runs for it',
		async () => {
			n8n = await startProcesses(simulated, 3, { options: { emitAwaited: true } });
			const { outputs, error } = await run(phones(20));
			expect(error).toBeUndefined();
			expect(outputs.flat()).toHaveLength(20);
			expect(outputs[5] ?? []).toEqual([]);
			await until(isQuiet);
			await until(() => emitted().length === 20);
			expect(new Set(emitted()).size).toBe(20);
		},
		LIMIT_MS,
	);

	it(
		'ends on time, and says why, where a load balancer never leads it to the process of its answers',
		async () => {
			n8n = await startProcesses(simulated, 2);
			n8n.lead(({ headers }) => (COLLECT_HEADER in headers ? 0 : 1));
			const started = Date.now();
			const { outputs, runs } = await run(phones(3), { timeout: 3 });
			expect(outputs[5]).toHaveLength(3);
			expect(Date.now() - started).toBeLessThan(40_000);
			expect(JSON.stringify(runs[0].hints)).toContain(
				'sends the requests of Sinch and of the workers to the same processes',
			);
		},
		LIMIT_MS,
	);

	it(
		'has every answer although a load balancer rarely leads it to another process',
		async () => {
			n8n = await startProcesses(simulated, 2);
			let count = 0;
			n8n.lead(({ headers }) => (COLLECT_HEADER in headers && ++count % 5 > 0 ? 0 : 1));
			const { outputs } = await run(phones(10));
			expect(outputs[5] ?? []).toEqual([]);
			expect(outputs.flat()).toHaveLength(10);
			expect(executions()).toBe(0);
		},
		LIMIT_MS,
	);

	it(
		'soon reaches a process again after a load balancer has sent it elsewhere',
		async () => {
			n8n = await startProcesses(simulated, 2);
			const items = phones(3);
			const [, second, third] = items.map(({ phone }) => phone as string);
			await simulated.control.faults([
				{ target: 'callback', kind: 'delay', recipient: second, delayMs: 5_500 },
				{ target: 'callback', kind: 'drop', recipient: third },
			]);
			let answers = 0;
			let ledAway = 0;
			let collectingCount = 0;
			n8n.lead(({ headers }) => {
				if (!(COLLECT_HEADER in headers)) {
					answers += 1;
					return 1;
				}
				if (answers === 2 && ledAway < 4) {
					ledAway += 1;
					return 0;
				}
				return collectingCount++ % 2;
			});
			const running = run(items);
			await until(() => ledAway === 4);
			const posted = Date.now();
			await deliverDropped(simulated);
			const { outputs } = await running;
			expect(outputs[5] ?? []).toEqual([]);
			expect(outputs.flat()).toHaveLength(3);
			// Before the request that another process holds would end.
			expect(Date.now() - posted).toBeLessThan(8_000);
		},
		LIMIT_MS,
	);

	it(
		'has every answer though another n8n shares the address and refuses every other request',
		async () => {
			n8n = await startProcesses(simulated, 1);
			n8n.shareWithAnother();
			const { outputs, error } = await run(phones(10));
			expect(error).toBeUndefined();
			expect(outputs[5] ?? []).toEqual([]);
			expect(outputs.flat()).toHaveLength(10);
			expect(executions()).toBe(0);
		},
		LIMIT_MS,
	);

	it(
		'loses nothing where a proxy cuts long requests',
		async () => {
			n8n = await startProcesses(simulated, 2);
			n8n.cutAfter(700);
			await simulated.control.settings({ answerDelayMs: 200, answerJitterMs: 3_000 });
			const { outputs } = await run(phones(20));
			expect(outputs[5] ?? []).toEqual([]);
			expect(outputs.flat()).toHaveLength(20);
			expect(executions()).toBe(0);
		},
		LIMIT_MS,
	);

	it(
		'has every answer from a trigger whose ID is no UUID, because its workflow came from a file',
		async () => {
			n8n = await startProcesses(simulated, 2);
			const path = `/apps/${simulated.appId}/webhooks`;
			const [{ id }] = (await simulated.api<{ webhooks: [{ id: string }] }>('GET', path)).webhooks;
			const target = `${n8n.instanceUrl}webhook/sinch-answers/capability`;
			await simulated.api('PATCH', `/webhooks/${id}?update_mask=target`, { target });
			const { outputs, error } = await run(phones(4));
			expect(error).toBeUndefined();
			expect(outputs.flat()).toHaveLength(4);
			expect(outputs[5] ?? []).toEqual([]);
		},
		LIMIT_MS,
	);

	it(
		'says by hand in the main process that no answer has come to the process that receives them',
		async () => {
			actAs('main');
			try {
				n8n = await startProcesses(simulated, 1);
				await simulated.control.settings({ answerDelayMs: 60_000 });
				const { outputs, runs } = await run(phones(1), { timeout: 3 }, { mode: 'manual' });
				expect(outputs[5]).toHaveLength(1);
				expect(JSON.stringify(runs[0].hints)).toContain(
					'The process of n8n that receives the requests of Sinch has no answer. Either Sinch cannot reach',
				);
			} finally {
				actAs('worker');
			}
		},
		LIMIT_MS,
	);

	it(
		'ends on time where answers cannot be collected any more, and says why',
		async () => {
			n8n = await startProcesses(simulated, 1);
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
		'stops immediately when it is cancelled, and releases what it held',
		async () => {
			n8n = await startProcesses(simulated, 2);
			await simulated.control.settings({ answerDelayMs: 60_000 });
			const cancel = new AbortController();
			const running = run(phones(2), {}, { signal: cancel.signal });
			await until(() => n8n.stores.some(({ heldRequests }) => heldRequests > 0));
			cancel.abort();
			expect((await running).status).toBe('canceled');
			await until(isQuiet);
		},
		LIMIT_MS,
	);
});

describe('Check reachability and wait whose query gets another request ID from Sinch', () => {
	beforeEach(async () => await simulated.control.settings({ ownRequestIds: true }));

	it(
		'says in a worker that it cannot collect the answer, at once',
		async () => {
			n8n = await startProcesses(simulated, 1);
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

	it(
		'says it by hand in the main process when other processes receive the answers',
		async () => {
			actAs('main');
			try {
				n8n = await startProcesses(simulated, 1);
				const { outputs, runs } = await run(phones(1), { timeout: 3 }, { mode: 'manual' });
				expect(outputs[5]).toHaveLength(1);
				expect(JSON.stringify(runs[0].hints)).toContain('under a different request ID');
			} finally {
				actAs('worker');
			}
		},
		LIMIT_MS,
	);
});

describe('Before it sends a query, Check reachability and wait in a worker reports the problem:', () => {
	const page =
		(status: number, headers = {}) =>
		(_: unknown, response: ServerResponse) => {
			response.writeHead(status, { 'content-type': 'text/html', ...headers }).end('<html></html>');
		};
	const version = { 'x-sinch-capability-collect': '2' };

	it.each([
		[
			'a workflow that is not active',
			page(404),
			/is not published \(active\)/,
			/Publish \(activate\)/,
		],
		['an older version of the package', page(401), /runs a different version/, /restart/],
		['a newer version of the package', page(400, version), /runs a different version/, /restart/],
		['a page of a proxy', page(200), /responds with 200 instead of answers/, /proxy/],
		['a redirect', page(302, { location: '/elsewhere' }), /responds with 302/, /proxy/],
		[
			'no connection',
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
		'%s',
		async (_, respond, message, description) => {
			const { timeout } = AbortSignal;
			// Only for the response that never ends, so that a busy computer is not too late for the others.
			const limitMs = description.source.includes('in time') ? 500 : 5_000;
			jest
				.spyOn(AbortSignal, 'timeout')
				.mockImplementation((ms) => timeout.call(AbortSignal, ms === 5_000 ? limitMs : ms));
			n8n = await startProcesses(simulated, 1);
			n8n.interfere(respond);
			const { error } = await run(phones(3));
			expect(error?.message).toMatch(message);
			expect(error?.description).toMatch(description);
			expect(error?.description).toMatch(/No query was sent\.$/);
			expect(await asked()).toBe(0);
		},
		LIMIT_MS,
	);

	it('after several attempts, because a failure can be temporary', async () => {
		n8n = await startProcesses(simulated, 1);
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

describe('Check reachability and wait by hand in the main process', () => {
	beforeAll(() => actAs('main'));
	afterAll(() => actAs('worker'));

	it(
		'looks for its answers in other processes when none comes to its own',
		async () => {
			n8n = await startProcesses(simulated, 2);
			const { outputs } = await run(phones(5), {}, { mode: 'manual' });
			expect(outputs[5] ?? []).toEqual([]);
			expect(outputs.flat()).toHaveLength(5);
			expect(executions()).toBe(0);
			// None of them holds back later queries of this process any more.
			const { window } = answerPaceOf(simulated.appId);
			const ids = outputs.flat().map(({ json }) => String(json.request_id));
			expect(ids.filter((id) => window.find(id))).toEqual([]);
		},
		LIMIT_MS,
	);

	it(
		'continues to wait when its own address cannot be reached from here',
		async () => {
			n8n = await startProcesses(simulated, 1);
			n8n.interfere((_, response) => response.destroy());
			const { outputs, error } = await run(phones(1), { timeout: 3 }, { mode: 'manual' });
			expect(error).toBeUndefined();
			expect(outputs[5]).toHaveLength(1);
		},
		LIMIT_MS,
	);
});
