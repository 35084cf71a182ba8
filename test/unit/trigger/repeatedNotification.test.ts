import { randomUUID } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { SinchCapabilityTrigger } from '../../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import type { GivenRequest, WebhookOptions, WebhookResponse } from '../../support/engine';
import { callWebhook } from '../../support/engine';
import { SECRET, signed } from '../../support/signed';
import { until } from '../../support/until';

const notification = {
	request_id: '01W4FFL35P4NC4K35CAPABILITY',
	channel: 'RCS',
	identity: '46701234567',
	capability_status: 'CAPABILITY_FULL',
};
const callback = (difference = {}) => ({
	app_id: '01W4FFL35P4NC4K35CONVAPP01',
	capability_notification: { ...notification, ...difference },
});

const request = (nonce: string, difference = {}) => signed(callback(difference), { nonce });

/** One trigger node: what it receives twice is a repeat. */
function nodeAt(webhookUrl = `https://n8n.example.com/webhook/${randomUUID()}/capability`) {
	return async (
		given: GivenRequest,
		parameters: INodeParameters = {},
		options: Partial<WebhookOptions> = {},
	) => {
		const staticData = { webhookId: '01W4', secret: SECRET };
		const node = new SinchCapabilityTrigger();
		const call = await callWebhook(node, {
			parameters,
			staticData,
			webhookUrl,
			request: given,
			...options,
		});
		// Node.js emits `finish` a moment after the response.
		await sleep(1);
		return [call.response.status, call.executes];
	};
}

const FIRST = [200, true];
const REPEAT = [200, false];

/** As n8n responds when it could not store the execution: with its own error, after the node. */
const failsAfterwards = (status: number) => ({
	onRequest: (_: unknown, response: WebhookResponse) => {
		const setStatus = response.status.bind(response);
		response.status = () => setStatus(status);
	},
});

it.each([
	['the same nonce', request('N1')],
	['the same nonce and another body', request('N1', { identity: '46701234568' })],
	['the same answer and another nonce', request('N2')],
	['the same answer and more beside it', request('N2', { later: true })],
])('a repeat with %s starts no second execution and is answered with 200', async (_, second) => {
	const node = nodeAt();
	expect(await node(request('N1'))).toEqual(FIRST);
	expect(await node(second)).toEqual(REPEAT);
	expect(await node(second)).toEqual(REPEAT);
});

it.each([
	['another request ID', { request_id: '01W4FFL35P4NC4K35CAPABILITZ' }],
	['another channel', { channel: 'SMS' }],
	['another identity', { identity: '46701234568' }],
	['another status', { capability_status: 'NO_CAPABILITY' }],
])('an answer with %s is no repeat and starts an execution', async (_, difference) => {
	const node = nodeAt();
	expect(await node(request('N1'))).toEqual(FIRST);
	expect(await node(request('N2', difference))).toEqual(FIRST);
});

it('a repeat in the flat form, which has no request ID, is recognized by the nonce only', async () => {
	const { channel, identity, capability_status } = notification;
	const flat = { channel, identity, capability_status };
	const node = nodeAt();
	expect(await node(signed(flat, { nonce: 'N1' }))).toEqual(FIRST);
	expect(await node(signed(flat, { nonce: 'N1' }))).toEqual(REPEAT);
	expect(await node(signed(flat, { nonce: 'N2' }))).toEqual(FIRST);
});

it('a repeat is recognized at one trigger node, but not at another, and not while listening for a test', async () => {
	const url = `https://n8n.example.com/webhook/${randomUUID()}/capability`;
	expect(await nodeAt(url)(request('N1'))).toEqual(FIRST);
	expect(await nodeAt(url.replace('webhook/', 'webhook-test/'))(request('N1'))).toEqual(FIRST);
	expect(await nodeAt()(request('N1'))).toEqual(FIRST);
	expect(await nodeAt(url)(request('N1'))).toEqual(REPEAT);
});

it('a repeat is recognized even when the sender of the first disconnected while n8n was storing its execution', async () => {
	const node = nodeAt();
	const disconnects = (_: unknown, response: WebhookResponse) => {
		const end = response.end.bind(response);
		response.end = () => response;
		void sleep(1).then(() => {
			response.destroy();
			end();
		});
	};
	await node(request('N1'), {}, { onRequest: disconnects });
	await sleep(200);
	expect(await node(request('N1'))).toEqual(REPEAT);
});

it('a repeat is recognized even when the first was filtered out', async () => {
	const node = nodeAt();
	expect(await node(request('N1'), { options: { channels: ['SMS'] } })).toEqual([200, false]);
	expect(await node(request('N1'))).toEqual(REPEAT);
});

it.each([500, 503, 404])(
	'a delivery to which n8n answered %s after the node does not make the next one a repeat',
	async (status) => {
		const node = nodeAt();
		expect(await node(request('N1'), {}, failsAfterwards(status))).toEqual([status, true]);
		expect(await node(request('N1'))).toEqual(FIRST);
		expect(await node(request('N1'))).toEqual(REPEAT);
	},
);

it('a delivery whose sender disconnected before the node started does not make the next one a repeat', async () => {
	const node = nodeAt();
	const gone = (_: unknown, response: WebhookResponse) => {
		response.destroy();
		// It has already emitted the event and will not again.
		response.emit = () => false;
	};
	await node(request('N1'), {}, { onRequest: gone });
	expect(await node(request('N1'))).toEqual(FIRST);
});

it('a delivery with a wrong signature does not make the next one a repeat', async () => {
	const node = nodeAt();
	expect(await node(signed(callback(), { nonce: 'N1', secret: 'other' }))).toEqual([401, false]);
	expect(await node(request('N1'))).toEqual(FIRST);
});

/** Holds the first request until the test releases it with a status, as n8n does while it stores. */
function held() {
	let answer: (status: number) => void = () => {};
	const onRequest = (_: unknown, response: WebhookResponse) => {
		const end = response.end.bind(response);
		response.end = (...args: unknown[]) => {
			answer = (status) => {
				response.statusCode = status;
				end(...args);
			};
			return response;
		};
	};
	return { onRequest, answer: (status: number) => answer(status) };
}

it.each([
	['is accepted with it', 200, 200, REPEAT],
	['is to be sent again when that fails', 500, 503, FIRST],
])(
	'a repeat that arrives while the first delivery is in progress %s',
	async (_, status, shared, expected) => {
		const node = nodeAt();
		const first = held();
		await node(request('N1'), {}, { onRequest: first.onRequest });
		const responses: WebhookResponse[] = [];
		const onRequest = (_request: unknown, response: WebhookResponse) => responses.push(response);
		expect((await node(request('N1'), {}, { onRequest }))[1]).toBe(false);
		expect((await node(request('N2'), {}, { onRequest }))[1]).toBe(false);
		expect(responses.map(({ writableEnded }) => writableEnded)).toEqual([false, false]);
		first.answer(status);
		await until(() => responses.every(({ writableEnded }) => writableEnded));
		expect(responses.map(({ statusCode }) => statusCode)).toEqual([shared, shared]);
		await sleep(10);
		expect(await node(request('N1'))).toEqual(expected);
	},
);

it('a repeat is refused with 503 when ten repeats wait already', async () => {
	const node = nodeAt();
	const first = held();
	await node(request('N1'), {}, { onRequest: first.onRequest });
	const responses: WebhookResponse[] = [];
	const onRequest = (_request: unknown, response: WebhookResponse) => responses.push(response);
	for (let count = 0; count < 11; count++) await node(request('N1'), {}, { onRequest });
	await until(() => responses[10].writableEnded);
	expect(responses.map(({ writableEnded }) => writableEnded).indexOf(true)).toBe(10);
	first.answer(200);
	await until(() => responses.every(({ writableEnded }) => writableEnded));
});
