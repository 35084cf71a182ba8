import { answerPaceOf } from '../../../nodes/SinchCapability/transport/queries';
import { mailbox } from '../../../nodes/SinchCapability/waiting/mailbox';
import { actAs } from '../../support/processes';
import { deliverDropped } from '../../support/simulated';
import { until } from '../../support/until';
import { LIMIT_MS, phones, useWorker } from './support';

const COLLECT_HEADER = 'x-sinch-capability-collect';

const { simulated, start, run, executions, collecting, emitted, isQuiet, asked } = useWorker();

it(
	'a wait in a worker gets every answer that comes to three other processes, and none starts a workflow',
	async () => {
		await start(3);
		const { outputs, error } = await run(phones(60));
		expect(error).toBeUndefined();
		expect(outputs.flat()).toHaveLength(60);
		expect(outputs[5] ?? []).toEqual([]);
		await until(isQuiet);
		expect(executions()).toBe(0);
	},
	LIMIT_MS,
);

it('a wait in a worker sends few requests before its first answer and until its second one', async () => {
	await start(3);
	const items = phones(2);
	await simulated.control.faults({
		target: 'callback',
		kind: 'delay',
		recipient: items[1].phone as string,
		delayMs: 1_000,
	});
	const { outputs } = await run(items);
	expect(outputs.flat()).toHaveLength(2);
	expect(collecting()).toBeLessThan(18);
});

it(
	'a wait in a worker leaves late answers to the workflow of the trigger',
	async () => {
		await start(3);
		await simulated.control.faults({ target: 'callback', kind: 'drop', times: 3 });
		const { outputs } = await run(phones(3), { timeout: 1 });
		expect(outputs[5]).toHaveLength(3);
		await until(async () => {
			// Like Sinch, again and again: a process may not know yet that the wait is over.
			await deliverDropped(simulated);
			return new Set(emitted()).size === 3;
		});
	},
	LIMIT_MS,
);

it(
	'a wait in a worker returns an answer that comes after the timeout of its item, while it waits for another item',
	async () => {
		const n8n = await start(1);
		const [late, last] = phones(2).map(({ phone }) => phone as string);
		await simulated.control.faults(
			[late, last].map((recipient) => ({ target: 'callback', kind: 'drop', recipient })),
		);
		const items = [
			{ phone: late, timeout: 1 },
			{ phone: last, timeout: 120 },
		];
		const running = run(items, { timeout: '={{ $json.timeout }}' });
		await until(async () => (await asked()) === 2 && mailbox['open'].size === 1);
		await deliverDropped(simulated, late);
		await until(() => n8n.received.some(({ isCollecting, call }) => !isCollecting && call));
		await deliverDropped(simulated, last);
		const { outputs } = await running;
		expect(outputs[5] ?? []).toEqual([]);
		expect(outputs.flat()).toHaveLength(2);
		expect(executions()).toBe(0);
	},
	LIMIT_MS,
);

it(
	'a wait in a worker for the first usable channel lets no other answer start a workflow',
	async () => {
		const n8n = await start(3);
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
	'a wait in a worker gets every answer, and each starts the workflow once, when the trigger also runs for it',
	async () => {
		await start(3, { options: { emitAwaited: true } });
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
	'a wait in a worker gets every answer although a load balancer rarely leads it to another process',
	async () => {
		const n8n = await start(2);
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
	'a wait in a worker gets every answer although another n8n shares the address and refuses every other request',
	async () => {
		const n8n = await start(1);
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
	'a wait in a worker loses nothing when a proxy cuts long requests',
	async () => {
		const n8n = await start(2);
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
	'a wait in a worker gets every answer from a trigger whose ID is no UUID, because its workflow came from a file',
	async () => {
		const n8n = await start(2);
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
	'a wait in a worker stops immediately when it is cancelled, and releases what it held',
	async () => {
		const n8n = await start(2);
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

describe('in the main process', () => {
	beforeAll(() => actAs('main'));
	afterAll(() => actAs('worker'));

	it(
		'a manual wait in the main process looks for its answers in other processes when none comes to its own',
		async () => {
			await start(2);
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
});
