/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { callWebhook } from '../../support/engine';
import { sampleTrigger } from './samples';

/** Refuses what is not signed with the secret in its static data. */
const guarded = sampleTrigger(async function (this: IWebhookFunctions) {
	const { secret } = this.getWorkflowStaticData('node');
	const expected = createHmac('sha256', String(secret)).update(this.getRequestObject().rawBody);
	if (this.getHeaderData().signature !== expected.digest('hex')) {
		this.getResponseObject().status(401).json({ message: 'Bad signature' });
		return { noWebhookResponse: true };
	}
	return { workflowData: [[], [{ json: this.getBodyData() as IDataObject }], []] };
});
const rawBody = '{ "n": 21,\n "å": true }';
const signature = createHmac('sha256', 's').update(rawBody).digest('hex');

it('callWebhook gives the node the exact bytes, the parsed body and headers in lower case', async () => {
	const call = await callWebhook(guarded, {
		staticData: { secret: 's' },
		request: { rawBody, headers: { Signature: signature } },
	});
	expect(call.executes).toBe(true);
	expect(call.workflowData).toEqual([[], [{ json: { n: 21, å: true } }], []]);
});

it('callWebhook decompresses gzip, as n8n does before a node sees the bytes', async () => {
	const { executes } = await callWebhook(guarded, {
		staticData: { secret: 's' },
		request: {
			rawBody: gzipSync(rawBody),
			headers: { signature, 'Content-Encoding': 'gzip' },
		},
	});
	expect(executes).toBe(true);
});

it.each([
	['workflowData', { workflowData: [[]] }, 200, 'firstEntryJson'],
	['nothing', {}, 200, { message: 'Webhook call received' }],
	['webhookResponse alone', { webhookResponse: 'ignored' }, 200, 'ignored'],
	['an answer of null', { webhookResponse: null }, 200, null],
])(
	'callWebhook responds as n8n does when the node returns %s',
	async (_what, result, status, body) => {
		const { response } = await callWebhook(sampleTrigger(async () => result));
		expect(response).toMatchObject({ status, body, ended: true });
	},
);

it('callWebhook responds with webhookResponse when responseData is empty', async () => {
	const trigger = sampleTrigger(async () => ({
		workflowData: [[]],
		webhookResponse: { ok: true },
	}));
	const [webhook] = trigger.description.webhooks ?? [];
	trigger.description.webhooks = [{ ...webhook, responseData: '', responseCode: '={{ 202 }}' }];
	const { response } = await callWebhook(trigger);
	expect(response).toMatchObject({ status: 202, body: { ok: true } });
});

it('callWebhook rejects when n8n would respond after the node has responded', async () => {
	const trigger = sampleTrigger(async function (this: IWebhookFunctions) {
		this.getResponseObject().status(401).end();
		return {};
	});
	await expect(callWebhook(trigger)).rejects.toThrow('after they are sent');
});

it('callWebhook shows that a caller never gets a response', async () => {
	const trigger = sampleTrigger(async () => ({ noWebhookResponse: true }));
	expect((await callWebhook(trigger)).response.ended).toBe(false);
});

it('callWebhook responds with 500 and starts a failed execution when the node throws', async () => {
	const trigger = sampleTrigger(async function (this: IWebhookFunctions) {
		this.getWorkflowStaticData('node').seen = true;
		throw new Error('broken');
	});
	const staticData = {};
	const call = await callWebhook(trigger, { staticData });
	expect(call).toMatchObject({ executes: true, error: new Error('broken') });
	expect(call.response).toMatchObject({
		status: 500,
		body: { message: 'Workflow Webhook Error: Workflow could not be started!' },
	});
	expect(staticData).toEqual({});
});

it('callWebhook refuses JSON that does not parse before the node sees it', async () => {
	const webhook = jest.fn(async () => ({}));
	const call = await callWebhook(sampleTrigger(webhook), { request: { rawBody: '{' } });
	expect(call.response.status).toBe(422);
	expect(webhook).not.toHaveBeenCalled();
});

it('callWebhook gives later versions of a node no raw body of another content type', async () => {
	const seen = async (version: number) => {
		const webhook = async function (this: IWebhookFunctions) {
			return { webhookResponse: typeof this.getRequestObject().rawBody };
		};
		const request = { rawBody, headers: { 'content-type': 'application/octet-stream' } };
		const call = await callWebhook(sampleTrigger(webhook, { version }), { request });
		return call.response.body;
	};
	expect([await seen(1), await seen(2)]).toEqual(['object', 'undefined']);
});

it('callWebhook rejects a request that never reaches the node', async () => {
	await expect(callWebhook(guarded, { request: { method: 'GET' } })).rejects.toThrow('404');
});

it('callWebhook stores changed static data and returns it at the next call', async () => {
	const trigger = sampleTrigger(async function (this: IWebhookFunctions) {
		const data = this.getWorkflowStaticData('node');
		data.calls = [...((data.calls as number[]) ?? []), Object.keys(data).length];
		return {};
	});
	const staticData = { secret: 's' };
	await callWebhook(trigger, { staticData });
	await callWebhook(trigger, { staticData });
	expect(staticData).toEqual({ secret: 's', calls: [1, 2] });
});

it('callWebhook emits finish and close on the response once it is sent', async () => {
	const events: string[] = [];
	const trigger = sampleTrigger(async () => ({}));
	await new Promise<void>((resolve) => {
		void callWebhook(trigger, {
			onRequest: (_request, response) => {
				response.on('finish', () => events.push('finish'));
				response.on('close', () => resolve());
			},
		});
	});
	expect(events).toEqual(['finish']);
});
