import { randomUUID } from 'node:crypto';
import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { refusals } from '../../../nodes/SinchCapability/notification/signature';
import { createSecret } from '../../../nodes/SinchCapability/shared/webhookAddresses';
import { answerPaceOf } from '../../../nodes/SinchCapability/transport/queries';
import { handleRequest } from '../../../nodes/SinchCapability/trigger/handler';
import { PendingQuery, mailbox } from '../../../nodes/SinchCapability/waiting/mailbox';
import { remoteAnswers } from '../../../nodes/SinchCapability/waiting/queueMode/keptAnswers';
import {
	noteReceived,
	receivesCallbacks,
} from '../../../nodes/SinchCapability/waiting/queueMode/place';
import {
	createMarkedRequestId,
	createRequestId,
	markOf,
} from '../../../nodes/SinchCapability/waiting/queueMode/requestId';
import { pass, useClock } from '../../support/clock';
import { newResponse } from '../../support/engine/http';
import { strictContext } from '../../support/engine/strictContext';
import { SECRET, signed } from '../../support/signed';

const N8N = 'this n8n';
const APP = '01W4FFL35P4NC4K35CONVAPP01';

interface Settings {
	/** The trigger's options. */
	options?: IDataObject;
	mode?: string;
	/** Of the webhook that n8n has called: that of a trigger that confirms when the workflow has finished is `setup`. */
	webhookName?: string;
	secret?: string;
}

/** A new published trigger, and what it writes into the log. */
function newTrigger(settings: Settings = {}) {
	const { options = {}, mode = 'webhook', webhookName = 'default' } = settings;
	const webhookId = randomUUID();
	const log: string[] = [];
	const parameters: IDataObject = { outputMode: 'single' };
	for (const [name, value] of Object.entries(options)) parameters[`options.${name}`] = value;

	/** An answer arrives. @param nonce of the delivery; by default it is no repeat */
	function receive(requestId: string = createRequestId(Date.now()), nonce: string = randomUUID()) {
		const capability_notification = { request_id: requestId, channel: 'RCS', identity: '46701' };
		const body = { app_id: APP, capability_notification };
		const response = newResponse();
		const context = strictContext<IWebhookFunctions>({
			getHeaderData: () => ({}),
			getInstanceId: () => N8N,
			getMode: () => mode,
			getNode: () => ({ webhookId }),
			getNodeParameter: (path: string, fallback: unknown) => parameters[path] ?? fallback,
			getRequestObject: () => signed(body, { nonce, secret: settings.secret }),
			getResponseObject: () => response,
			getWebhookName: () => webhookName,
			getWorkflowStaticData: () => ({ secret: SECRET }),
			logger: { warn: (line: string) => log.push(line) },
		});
		const seen: { result?: IWebhookResponseData } = {};
		void handleRequest.call(context).then((result) => (seen.result = result));
		return {
			/** Whether n8n is to respond with 200 and to start no execution. */
			get isIgnored() {
				return JSON.stringify(seen.result) === '{}';
			},
			/** The status of the trigger's own response. */
			get status() {
				return response.writableEnded ? response.statusCode : undefined;
			},
			/** The request IDs of the answers that its execution carries. */
			get carried() {
				return seen.result?.workflowData?.[0].map(({ json }) => json.request_id);
			},
			/** n8n has stored or finished its execution. */
			respond: (status: number) => response.status(status).end(),
		};
	}
	return { log, receive };
}

/** A request ID of a wait in another process. */
const idElsewhere = () => createMarkedRequestId(markOf(createSecret()), 1, N8N, Date.now());

/** A request ID that a query of this process waits for. */
function idHere() {
	const requestId = createRequestId(Date.now());
	const identity = { channel: 'RCS', identity: '46701' };
	mailbox.register(new PendingQuery(requestId, [identity], 'all'), performance.now());
	return requestId;
}

/** A request ID of a query of this process, whose answer is outstanding. */
function sentQuery(requestId = createRequestId(Date.now())) {
	const { window } = answerPaceOf(APP);
	window.add(requestId, 1, performance.now());
	return { requestId, isOutstanding: () => window.find(requestId) !== undefined };
}

useClock();

// Kept answers are forgotten.
afterEach(async () => await pass(120_000));

it('a request that is refused is counted by the reason', async () => {
	const before = { ...refusals };
	const { receive, log } = newTrigger({ secret: 'another', mode: 'manual' });
	const request = receive();
	await pass(1);
	expect(request.status).toBe(401);
	expect(refusals).toEqual({ ...before, signature: before.signature + 1 });
	expect(log).toEqual([expect.stringContaining('refused a request with 401')]);
});

it('an answer starts an execution, and each repeat is ignored once n8n has accepted it', async () => {
	const { receive, log } = newTrigger();
	const [requestId, nonce] = [createRequestId(Date.now()), 'N1'];
	const first = receive(requestId, nonce);
	await pass(1);
	expect(first.carried).toEqual([requestId]);
	first.respond(200);
	await pass(1_000);
	const repeats = Array.from({ length: 12 }, () => receive(requestId, nonce));
	await pass(1);
	expect(repeats.every(({ isIgnored }) => isIgnored)).toBe(true);
	expect(log).toEqual([]);
});

it.each([
	['that is filtered out', { channels: ['SMS'] }, () => createRequestId(Date.now())],
	['that is awaited in this process', {}, idHere],
])('an answer %s is ignored, and so is its repeat', async (_, options, newId) => {
	const { receive } = newTrigger({ options });
	const { requestId, isOutstanding } = sentQuery(newId());
	const requests = [receive(requestId, 'N1'), receive(requestId, 'N1')];
	await pass(1);
	expect(requests.map(({ isIgnored }) => isIgnored)).toEqual([true, true]);
	expect(isOutstanding()).toBe(false);
});

it('an answer for a wait in another process gets its response when it is known whether that one takes it', async () => {
	const { receive, log } = newTrigger();
	const { requestId, isOutstanding } = sentQuery(idElsewhere());
	const requests = [receive(requestId, 'N1'), receive(requestId, 'N1')];
	await pass(999);
	expect(requests.map(({ status }) => status)).toEqual([undefined, undefined]);
	expect(isOutstanding()).toBe(false);
	await pass(1);
	expect(requests.map(({ status }) => status)).toEqual([503, 503]);
	expect(log).toContain(
		'Sinch Capability Trigger responded with 503 because no execution has collected the answer yet. Sinch will deliver the answer again.',
	);
});

it('an answer for a wait in another process is confirmed once that one has collected it', async () => {
	const { receive } = newTrigger();
	const key = createSecret();
	const request = receive(createMarkedRequestId(markOf(key), 1, N8N, Date.now()));
	await pass(500);
	expect(request.status).toBeUndefined();
	remoteAnswers.end(markOf(key), [], performance.now());
	await pass(1);
	expect(request.status).toBe(200);
});

it.each([
	['in this process', idHere],
	['in another process', idElsewhere],
])(
	'an answer that is awaited %s starts an execution too when the trigger includes those',
	async (_, newId) => {
		const { receive } = newTrigger({ options: { emitAwaited: true } });
		const requestId = newId();
		const request = receive(requestId);
		await pass(1);
		expect(request.carried).toEqual([requestId]);
	},
);

it('an answer for a wait in another process is postponed when 1,000 are kept already, and is new when it comes again', async () => {
	const { receive, log } = newTrigger();
	const key = createSecret();
	for (let number = 1; number <= 1_000; number++) {
		const request_id = createMarkedRequestId(markOf(key), number, N8N, Date.now());
		const callback = { capability_notification: { request_id, channel: 'RCS' } };
		remoteAnswers.offer(callback, N8N, performance.now(), Date.now());
	}
	const requestId = idElsewhere();
	const request = receive(requestId, 'N1');
	await pass(1);
	expect(request.status).toBe(503);
	expect(log).toEqual([expect.stringContaining('because too many answers wait here')]);
	remoteAnswers.end(markOf(key), [], performance.now());
	const again = receive(requestId, 'N1');
	await pass(1);
	expect([again.isIgnored, again.status]).toEqual([false, undefined]);
});

it.each([
	['webhook', true],
	['manual', false],
])('a callback in mode %s shows that callbacks come to this process: %s', async (mode, isShown) => {
	noteReceived(-Infinity);
	newTrigger({ mode }).receive();
	await pass(1);
	expect(receivesCallbacks(performance.now())).toBe(isShown);
});

it('the log names options that cannot be used, once for several answers', async () => {
	const { receive, log } = newTrigger({ options: { executions: 'never' } });
	receive();
	receive();
	await pass(1);
	expect(log).toEqual([expect.stringContaining("'Answers per Execution' has a value that cannot")]);
});

it.each([
	['is stored', false, {}],
	['is stored, after a time of collecting', true, { options: { executions: 'groupedByTime' } }],
	['has finished', true, { webhookName: 'setup' }],
])(
	'while an answer waits until its execution %s, another query may follow: %s',
	async (_, mayFollow, settings) => {
		const { receive } = newTrigger(settings);
		const { requestId, isOutstanding } = sentQuery();
		const request = receive(requestId);
		await pass(1);
		expect(isOutstanding()).toBe(!mayFollow);
		await pass(2_000);
		expect(request.carried).toEqual([requestId]);
		expect(isOutstanding()).toBe(!mayFollow);
		request.respond(200);
		await pass(1);
		expect(isOutstanding()).toBe(false);
	},
);

it('an answer stays outstanding when n8n does not store its execution', async () => {
	const { receive } = newTrigger();
	const { requestId, isOutstanding } = sentQuery();
	const request = receive(requestId);
	await pass(1);
	request.respond(500);
	await pass(1_000);
	expect(isOutstanding()).toBe(true);
});

it('answers that are collected for a time share an execution, and are confirmed with it', async () => {
	const { receive } = newTrigger({ options: { executions: 'groupedByTime', windowSeconds: 3 } });
	const [first, second] = [receive(), receive()];
	await pass(2_999);
	expect(first.carried).toBeUndefined();
	await pass(1);
	expect(first.carried).toHaveLength(2);
	expect(second.status).toBeUndefined();
	first.respond(200);
	await pass(1);
	expect(second.status).toBe(200);
});

it.each([
	['onePerAnswer', [1, 1, 1], [undefined, undefined, undefined]],
	['groupedWhenBusy', [1, 2, undefined], [undefined, undefined, 200]],
])('with %s, executions carry so many of three answers: %j', async (executions, carried, own) => {
	const { receive } = newTrigger({ options: { executions } });
	const first = receive();
	await pass(0);
	const requests = [first, receive(), receive()];
	const statuses: Array<number | undefined> = [];
	for (const request of requests) {
		await pass(1_000);
		statuses.push(request.status);
		if (request.carried) request.respond(200);
	}
	expect(requests.map((request) => request.carried?.length)).toEqual(carried);
	expect(statuses).toEqual(own);
});

it('an answer is postponed when 50 wait for executions of their own, and the log says why', async () => {
	const { receive, log } = newTrigger({ options: { executions: 'onePerAnswer' } });
	receive();
	await pass(0);
	const waiting = Array.from({ length: 51 }, () => receive());
	await pass(1);
	expect(waiting.map(({ status }) => status).indexOf(503)).toBe(50);
	expect(log).toEqual([
		'Sinch Capability Trigger responded with 503 because n8n is busy. Sinch will deliver the answer again.',
	]);
});

it('a repeat is postponed when ten wait for the result of an answer, and the log says why', async () => {
	const { receive, log } = newTrigger();
	const requestId = createRequestId(Date.now());
	const requests = Array.from({ length: 12 }, () => receive(requestId, 'N1'));
	await pass(1);
	expect(requests.map(({ status }) => status).indexOf(503)).toBe(11);
	expect(log).toEqual([expect.stringContaining('because too many repeats wait')]);
	requests[0].respond(200);
	await pass(1_000);
	expect(requests.slice(1, 11).every(({ status }) => status === 200)).toBe(true);
});
