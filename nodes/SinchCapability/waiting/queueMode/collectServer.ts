import { type IWebhookFunctions, type IWebhookResponseData, sleep } from 'n8n-workflow';

import type { CollectResponse } from './protocol';
import {
	COLLECT_HEADER,
	COLLECT_VERSION,
	FOREIGN_STATUS,
	processName,
	MAX_COLLECT_BYTES,
	MAX_HOLD_MS,
	MAX_LINGER_MS,
	MAX_PAUSE_MS,
} from './protocol';
import { type KeptAnswer, type RemoteWait, remoteAnswers } from './keptAnswers';
import { markOf, readMark } from './requestId';
import { parseBody } from '../../notification/callback';
import { isObject } from '../../shared/isObject';
import { isOwnSecret } from '../../shared/webhookAddresses';

/** A whole number from 0 to the most, 0 for anything else. */
const within = (value: unknown, most: number): number =>
	Number.isInteger(value) ? Math.min(Math.max(value as number, 0), most) : 0;

/** Reads a request for answers; undefined for a body that is none, or is too large. Times are in milliseconds. */
export function readCollectRequest(rawBody: unknown) {
	if (!Buffer.isBuffer(rawBody) || rawBody.length > MAX_COLLECT_BYTES) {
		return undefined;
	}
	const body = parseBody(rawBody);
	if (!isObject(body) || !isOwnSecret(body.key)) {
		return undefined;
	}
	const { received, leave, requestId } = body;
	const unanswered = isObject(leave) ? leave.unanswered : undefined;
	return {
		mark: markOf(body.key),
		/** One of the wait's, to see whether this process recognizes them. */
		requestId: typeof requestId === 'string' ? requestId : undefined,
		holdMs: within(body.holdMs, MAX_HOLD_MS),
		lingerMs: within(body.lingerMs, MAX_LINGER_MS),
		/** The position of the latest answer of this process that has arrived at the waiting side. */
		confirmed: within(isObject(received) && received[processName], Number.MAX_SAFE_INTEGER),
		/** Only at the end of the wait: the numbers of its requests without an answer. */
		unanswered: Array.isArray(unanswered)
			? unanswered.filter((number): number is number => Number.isInteger(number))
			: undefined,
	};
}

type ReadRequest = NonNullable<ReturnType<typeof readCollectRequest>>;

const isForeign = ({ mark, requestId }: ReadRequest, instanceId: string): boolean =>
	requestId !== undefined && readMark(requestId, instanceId)?.mark !== mark;

/** The most requests that are held at a time; further ones get their response at once. */
export const MAX_HELD_REQUESTS = 200;

/** How long Sinch's request waits for its answer to be collected, in milliseconds; longer while the wait is busy. */
const MAX_UNCOLLECTED_MS = 1_000;

/** A sender that takes a response more slowly counts as disconnected. */
const MAX_SENDING_MS = 2_000;

type WebhookResponse = ReturnType<IWebhookFunctions['getResponseObject']>;

function send(response: WebhookResponse, status: number, body: object): void {
	response.setHeader(COLLECT_HEADER, COLLECT_VERSION);
	response.status(status).json(body);
}

const respond = (response: WebhookResponse, given: Partial<CollectResponse> = {}) =>
	send(response, 200, { process: processName, number: 0, answers: [], ...given });

async function hold(response: WebhookResponse, wait: RemoteWait, request: ReadRequest) {
	const sent = new Promise<boolean>((resolve) => response.once('finish', () => resolve(true)));
	// Comes after `finish`, or instead of it.
	const closed = new Promise<boolean>((resolve) => response.once('close', () => resolve(false)));
	wait.isHeld = true;
	wait.isBusy = false;
	try {
		if (wait.answers.length === 0 && !response.destroyed) {
			await Promise.race([wait.change.promise, sleep(request.holdMs), closed]);
		}
		if (wait.answers.length > 0 && request.lingerMs > 0) {
			await Promise.race([sleep(request.lingerMs), closed]);
		}
		if (response.destroyed) {
			return;
		}
		wait.seenAt = Math.max(wait.seenAt, performance.now());
		const { answers, latest } = wait;
		respond(response, { number: latest, answers: answers.map(({ callback }) => callback) });
		// On a connection with several requests, a response waits for those before it.
		if (await Promise.race([sent, closed, sleep(MAX_SENDING_MS)])) {
			answers.forEach((answer) => answer.collected.resolve(true));
		}
	} finally {
		wait.isHeld = false;
	}
}

async function serve(response: WebhookResponse, request: ReadRequest): Promise<void> {
	const { mark, confirmed, unanswered } = request;
	const now = performance.now();
	if (unanswered) {
		remoteAnswers.end(mark, unanswered, now);
		respond(response);
		return;
	}
	const wait = remoteAnswers.contact(mark, now);
	wait.confirm(confirmed);
	if (wait.isHeld) {
		respond(response, { notHeld: 'taken' });
	} else if (remoteAnswers.heldRequests >= MAX_HELD_REQUESTS && wait.answers.length === 0) {
		wait.isBusy = true;
		respond(response, { notHeld: 'busy' });
	} else {
		await hold(response, wait, request);
	}
}

/**
 * Waits a moment for a kept answer to be collected, and says whether it may be confirmed to Sinch: it was
 * collected, or its wait was active so recently that it will be. Otherwise it is no longer kept. A wait
 * that is busy may end before it collects, so only a collected answer is confirmed.
 */
export async function isTaken(answer: KeptAnswer): Promise<boolean> {
	const { wait } = answer;
	const maxMs = MAX_UNCOLLECTED_MS + (wait.isBusy ? MAX_PAUSE_MS : 0);
	const collected = await Promise.race([answer.collected.promise, sleep(maxMs)]);
	if (collected ?? (!wait.isBusy && wait.isPresent(performance.now()))) {
		return true;
	}
	wait.remove(answer);
	return false;
}

/** Whether a request asks for kept answers; only an execution in another process sends these. */
export const isCollectRequest = (context: IWebhookFunctions): boolean =>
	context.getHeaderData()[COLLECT_HEADER] !== undefined;

/**
 * Responds to a request for kept answers. It is held after n8n's handler has returned, because n8n
 * keeps much memory for each request while the handler runs.
 */
export function collect(context: IWebhookFunctions): IWebhookResponseData {
	const response = context.getResponseObject();
	const { rawBody, headers } = context.getRequestObject();
	const request = readCollectRequest(rawBody);
	if (headers[COLLECT_HEADER] !== COLLECT_VERSION) {
		send(response, 400, { message: 'Another version of the package is needed' });
	} else if (!request) {
		send(response, 400, { message: 'Not a request for answers' });
	} else if (isForeign(request, context.getInstanceId())) {
		send(response, FOREIGN_STATUS, { message: 'This n8n has another instance ID' });
	} else {
		// No one awaits it: without a response its sender would wait until it gives up.
		void serve(response, request).catch(() => response.destroy());
	}
	return { noWebhookResponse: true };
}
