import { randomUUID } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { SinchCapabilityTrigger } from '../../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import type { GivenRequest, WebhookOptions, WebhookResponse } from '../../support/engine';
import { callWebhook } from '../../support/engine';
import { SECRET, signed } from '../../support/signed';

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

/** One trigger node: what it gets twice is a repeat. */
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
		// Node.js tells a moment later that an answer went out.
		await sleep(1);
		return [call.response.status, call.executes];
	};
}

const FIRST = [200, true];
const REPEAT = [200, false];

/** As n8n answers when it could not store the execution: by its own error, after the node. */
const failsAfterwards = (status: number) => ({
	onRequest: (_: unknown, response: WebhookResponse) => {
		const setStatus = response.status.bind(response);
		response.status = () => setStatus(status);
	},
});

describe('a repeat starts no second execution and is answered 200', () => {
	it.each([
		['the same nonce', request('N1')],
		['the same nonce with another body', request('N1', { identity: '46701234568' })],
		['the same answer with another nonce', request('N2')],
		['the same answer with more beside it', request('N2', { later: true })],
	])('by %s', async (_, second) => {
		const node = nodeAt();
		expect(await node(request('N1'))).toEqual(FIRST);
		expect(await node(second)).toEqual(REPEAT);
		expect(await node(second)).toEqual(REPEAT);
	});

	it.each([
		['another request', { request_id: '01W4FFL35P4NC4K35CAPABILITZ' }],
		['another channel', { channel: 'SMS' }],
		['another identity', { identity: '46701234568' }],
		['another status', { capability_status: 'NO_CAPABILITY' }],
	])('but %s is no repeat', async (_, difference) => {
		const node = nodeAt();
		expect(await node(request('N1'))).toEqual(FIRST);
		expect(await node(request('N2', difference))).toEqual(FIRST);
	});

	it('in the flat form, which has no request id, by the nonce only', async () => {
		const { channel, identity, capability_status } = notification;
		const flat = { channel, identity, capability_status };
		const node = nodeAt();
		expect(await node(signed(flat, { nonce: 'N1' }))).toEqual(FIRST);
		expect(await node(signed(flat, { nonce: 'N1' }))).toEqual(REPEAT);
		expect(await node(signed(flat, { nonce: 'N2' }))).toEqual(FIRST);
	});

	it('at one trigger node, but not at another, and not while listening for a test', async () => {
		const url = `https://n8n.example.com/webhook/${randomUUID()}/capability`;
		expect(await nodeAt(url)(request('N1'))).toEqual(FIRST);
		expect(await nodeAt(url.replace('webhook/', 'webhook-test/'))(request('N1'))).toEqual(FIRST);
		expect(await nodeAt()(request('N1'))).toEqual(FIRST);
		expect(await nodeAt(url)(request('N1'))).toEqual(REPEAT);
	});

	it('also when the first was filtered out', async () => {
		const node = nodeAt();
		expect(await node(request('N1'), { options: { channels: ['SMS'] } })).toEqual([200, false]);
		expect(await node(request('N1'))).toEqual(REPEAT);
	});
});

describe('what was not accepted is no first', () => {
	it.each([500, 503, 404])('when n8n answered %s after the node', async (status) => {
		const node = nodeAt();
		expect(await node(request('N1'), {}, failsAfterwards(status))).toEqual([status, true]);
		expect(await node(request('N1'))).toEqual(FIRST);
		expect(await node(request('N1'))).toEqual(REPEAT);
	});

	it('when the node itself failed', async () => {
		const node = nodeAt();
		const broken = { outputMode: '={{ $("Nowhere").item.json.x }}' };
		expect(await node(request('N1'), broken)).toEqual([500, true]);
		expect(await node(request('N1'))).toEqual(FIRST);
	});

	it('when the sender was gone before the answer', async () => {
		const node = nodeAt();
		const goes = (_: unknown, response: WebhookResponse) => {
			response.end = () => response;
			void sleep(1).then(() => response.destroy());
		};
		await node(request('N1'), {}, { onRequest: goes });
		await sleep(20);
		expect(await node(request('N1'))).toEqual(FIRST);
	});

	it('when the sender was gone before the node began', async () => {
		const node = nodeAt();
		const gone = (_: unknown, response: WebhookResponse) => {
			response.destroy();
			// It has told so already, and will not again.
			response.emit = () => false;
		};
		await node(request('N1'), {}, { onRequest: gone });
		expect(await node(request('N1'))).toEqual(FIRST);
	});

	it('when it was not signed', async () => {
		const node = nodeAt();
		expect(await node(signed(callback(), { nonce: 'N1', secret: 'other' }))).toEqual([401, false]);
		expect(await node(request('N1'))).toEqual(FIRST);
	});
});

/** Holds the first request until it is let go with a status, as n8n does while it stores. */
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

describe('a twin that comes while the first is on its way', () => {
	it.each([
		['and is a repeat when that was accepted', 200, REPEAT],
		['and is the first when that came to nothing', 500, FIRST],
	])('is told to come again, %s', async (_, status, expected) => {
		const node = nodeAt();
		const first = held();
		await node(request('N1'), {}, { onRequest: first.onRequest });
		expect(await node(request('N1'))).toEqual([503, false]);
		expect(await node(request('N2'))).toEqual([503, false]);
		first.answer(status);
		await sleep(10);
		expect(await node(request('N1'))).toEqual(expected);
	});
});

describe('more at once than n8n can store', () => {
	it('is put off with 503, and taken when it comes again', async () => {
		const node = nodeAt();
		const many = Array.from({ length: 40 }, (_, n) => ({ ...held(), n }));
		const ask = (n: number) => request(`N${n}`, { identity: `4670000${n}` });
		const answers: unknown[][] = [];
		for (const { n, onRequest } of many) answers.push(await node(ask(n), {}, { onRequest }));
		const busy = many.filter((_, n) => !answers[n][1]);
		expect(busy.map(({ n }) => n)).toEqual([32, 33, 34, 35, 36, 37, 38, 39]);
		for (const { answer, n } of many) answer(n < 32 ? 200 : 503);
		await sleep(10);
		for (const { n } of busy) expect(await node(ask(n))).toEqual(FIRST);
		for (const { n } of many) expect(await node(ask(n))).toEqual(REPEAT);
	});
});
