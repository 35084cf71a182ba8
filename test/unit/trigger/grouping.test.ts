import { randomUUID } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { SinchCapabilityTrigger } from '../../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import type { WebhookCall, WebhookOptions, WebhookResponse } from '../../support/engine';
import { callWebhook } from '../../support/engine';
import { SECRET, signed } from '../../support/signed';

const WINDOW_MS = 60;
const grouped = (settings: INodeParameters = {}) => ({
	options: { groupNotifications: { settings: { windowMs: WINDOW_MS, maximum: 10, ...settings } } },
});

/** One trigger node; its requests differ by their number, which is the last digit of the identity. */
function newNode(parameters: INodeParameters = grouped()) {
	const webhookUrl = `https://n8n.example.com/webhook/${randomUUID()}/capability`;
	return async (
		number: number,
		{ status = 'CAPABILITY_FULL', ...options }: Partial<WebhookOptions> & { status?: string } = {},
	) =>
		await callWebhook(new SinchCapabilityTrigger(), {
			parameters,
			staticData: { webhookId: '01W4', secret: SECRET },
			webhookUrl,
			request: signed(
				{
					app_id: '01W4FFL35P4NC4K35CONVAPP01',
					capability_notification: {
						request_id: '01W4FFL35P4NC4K35CAPABILITY',
						channel: 'RCS',
						identity: `4670000000${number}`,
						capability_status: status,
					},
				},
				{ nonce: `N${number}` },
			),
			...options,
		});
}

/** The last digits of the identities that an execution carries, output by output. */
const carried = ({ workflowData }: WebhookCall) =>
	workflowData?.map((items) => items.map(({ json }) => Number(String(json.identity).slice(-1))));

const statuses = (calls: WebhookCall[]) => calls.map(({ response }) => response.status);
const executions = (calls: WebhookCall[]) => calls.filter(({ executes }) => executes).map(carried);

/** As n8n answers when it could not store the execution. */
const failsWith = (status: number) => (_: unknown, response: WebhookResponse) => {
	const setStatus = response.status.bind(response);
	response.status = () => setStatus(status);
};

/** The sender hangs up after so many milliseconds, and gets no answer. */
const hangsUpAfter = (ms: number) => (_: unknown, response: WebhookResponse) => {
	response.end = () => response;
	void sleep(ms).then(() => response.destroy());
};

describe('Group Notifications', () => {
	it('starts one execution for what arrives in a window, each item on its output', async () => {
		const node = newNode();
		const calls = await Promise.all([
			node(1),
			node(2, { status: 'NO_CAPABILITY' }),
			sleep(WINDOW_MS / 4).then(async () => await node(3)),
		]);
		expect(executions(calls)).toEqual([[[1, 3], [], [2], [], []]]);
		expect(statuses(calls)).toEqual([200, 200, 200]);
		expect(calls.every(({ response }) => response.ended)).toBe(true);
	});

	it('keeps the order on a single output', async () => {
		const node = newNode({ ...grouped(), outputMode: 'single' });
		const statusesInOrder = ['NO_CAPABILITY', 'CAPABILITY_FULL', 'CAPABILITY_PARTIAL'];
		const calls = await Promise.all(
			statusesInOrder.map(async (status, index) => await node(index + 1, { status })),
		);
		expect(executions(calls)).toEqual([[[1, 2, 3]]]);
	});

	it('answers nobody before the window ends', async () => {
		const node = newNode();
		let answered = 0;
		const calls = [1, 2].map(async (number) => await node(number).then(() => answered++));
		await sleep(WINDOW_MS / 2);
		expect(answered).toBe(0);
		await Promise.all(calls);
		expect(answered).toBe(2);
	});

	it('begins a new group after the window', async () => {
		const node = newNode();
		const first = await Promise.all([node(1), node(2)]);
		const second = await Promise.all([node(3), node(4)]);
		expect(executions([...first, ...second])).toEqual([
			[[1, 2], [], [], [], []],
			[[3, 4], [], [], [], []],
		]);
	});

	it('does not wait for the end of the window once the group is full', async () => {
		const node = newNode(grouped({ windowMs: 1000, maximum: 2 }));
		const started = Date.now();
		const calls = await Promise.all([node(1), node(2), node(3), node(4)]);
		expect(Date.now() - started).toBeLessThan(500);
		expect(executions(calls).map((outputs) => outputs?.[0])).toEqual([
			[1, 2],
			[3, 4],
		]);
	});

	it('groups nothing unless it is set', async () => {
		const node = newNode({});
		const calls = await Promise.all([node(1), node(2)]);
		expect(executions(calls)).toHaveLength(2);
	});

	it('keeps trigger nodes apart', async () => {
		const calls = await Promise.all([newNode()(1), newNode()(2)]);
		expect(executions(calls)).toHaveLength(2);
	});

	it.each([['a text'], [0], [-5], [100_000]])('takes %j for no window', async (wrong) => {
		const node = newNode(grouped({ windowMs: wrong, maximum: wrong }));
		const calls = await Promise.all([node(1), node(2)]);
		expect(executions(calls)).toEqual([[[1, 2], [], [], [], []]]);
	});

	it('takes in no request that is not signed, and no twin', async () => {
		const node = newNode();
		const forged = signed({}, { secret: 'other' });
		const calls = await Promise.all([node(1), node(2, { request: forged }), node(1), node(3)]);
		expect(statuses(calls)).toEqual([200, 401, 503, 200]);
		expect(executions(calls)).toEqual([[[1, 3], [], [], [], []]]);
	});
});

describe('when the execution of a group is not accepted', () => {
	it('all are told to come again, and are first ones then', async () => {
		const node = newNode();
		const calls = await Promise.all([node(1, { onRequest: failsWith(500) }), node(2), node(3)]);
		expect(statuses(calls)).toEqual([500, 503, 503]);
		await sleep(10);
		const again = await Promise.all([node(1), node(2), node(3)]);
		expect(statuses(again)).toEqual([200, 200, 200]);
		expect(executions(again)).toEqual([[[1, 2, 3], [], [], [], []]]);
	});

	it('and its sender has hung up before the answer', async () => {
		const node = newNode();
		const calls = await Promise.all([node(1, { onRequest: hangsUpAfter(WINDOW_MS * 2) }), node(2)]);
		expect(calls[1].response.status).toBe(503);
	});
});

describe('a sender that hangs up within the window', () => {
	it('is left out, and another request carries the execution', async () => {
		const node = newNode();
		const calls = await Promise.all([node(1, { onRequest: hangsUpAfter(5) }), node(2), node(3)]);
		expect(executions(calls)).toEqual([[[2, 3], [], [], [], []]]);
		expect(statuses(calls.slice(1))).toEqual([200, 200]);
		const again = await node(1);
		expect(carried(again)?.[0]).toEqual([1]);
	});

	it('starts nothing when it was the only one', async () => {
		const node = newNode();
		const call = await node(1, { onRequest: hangsUpAfter(5) });
		expect(call.executes).toBe(false);
	});
});
