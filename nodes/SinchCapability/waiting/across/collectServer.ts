import { type IWebhookFunctions, type IWebhookResponseData, sleep } from 'n8n-workflow';

import type { CollectResponse } from './protocol';
import {
	COLLECT_HEADER,
	COLLECT_VERSION,
	processName,
	isKey,
	MAX_COLLECT_BYTES,
	MAX_HOLD_MS,
	MAX_LINGER_MS,
} from './protocol';
import { type KeptAnswer, type RemoteWait, remoteAnswers } from './keptAnswers';
import { markOf } from './requestId';
import { type WebhookResponse, isSent } from '../../shared/response';
import { parseBody } from '../../notification/callback';
import { isObject } from '../../shared/isObject';

/** A whole number from 0 to the most, 0 for anything else. */
const within = (value: unknown, most: number): number =>
	Number.isInteger(value) ? Math.min(Math.max(value as number, 0), most) : 0;

interface ReadRequest {
	mark: string;
	holdMs: number;
	lingerMs: number;
	/** The position of the latest answer of this process that has arrived at the waiting side. */
	confirmed: number;
	/** Only at the end of the wait: the numbers of its requests without an answer. */
	unanswered?: number[];
}

export function readCollectRequest(rawBody: unknown): ReadRequest | undefined {
	if (!Buffer.isBuffer(rawBody) || rawBody.length > MAX_COLLECT_BYTES) {
		return undefined;
	}
	const body = parseBody(rawBody);
	if (!isObject(body) || !isKey(body.key)) {
		return undefined;
	}
	const { received, leave } = body;
	const unanswered = isObject(leave) ? leave.unanswered : undefined;
	return {
		mark: markOf(body.key),
		holdMs: within(body.holdMs, MAX_HOLD_MS),
		lingerMs: within(body.lingerMs, MAX_LINGER_MS),
		confirmed: within(isObject(received) && received[processName], Number.MAX_SAFE_INTEGER),
		unanswered: Array.isArray(unanswered)
			? unanswered.filter((number) => Number.isInteger(number))
			: undefined,
	};
}

/** The most requests that are held at a time; further ones get their response at once. */
export const MAX_HELD_REQUESTS = 200;

/** How long Sinch's request waits for its answer to be collected, in milliseconds. */
const MAX_UNCOLLECTED_MS = 1_000;

const NOTHING: Omit<CollectResponse, 'process'> = { number: 0, answers: [] };

function send(response: WebhookResponse, status: number, body: object): void {
	response.setHeader(COLLECT_HEADER, COLLECT_VERSION);
	response.status(status).json(body);
}

const respond = (response: WebhookResponse, body: Omit<CollectResponse, 'process'>) =>
	send(response, 200, { process: processName, ...body } satisfies CollectResponse);

async function sendAnswers(response: WebhookResponse, { answers, latest }: RemoteWait) {
	const sent = isSent(response);
	respond(response, { number: latest, answers: answers.map(({ callback }) => callback) });
	if (await sent) {
		answers.forEach((answer) => answer.setCollected(true));
	}
}

async function hold(
	response: WebhookResponse,
	wait: RemoteWait,
	{ holdMs, lingerMs }: ReadRequest,
): Promise<void> {
	wait.isHeld = true;
	try {
		const disconnected = new Promise<void>((resolve) => response.once('close', () => resolve()));
		if (wait.answers.length === 0 && !response.destroyed) {
			await Promise.race([wait.nextChange, sleep(holdMs), disconnected]);
		}
		if (wait.answers.length > 0 && lingerMs > 0) {
			await Promise.race([sleep(lingerMs), disconnected]);
		}
		if (!response.destroyed) {
			wait.seenAt = Math.max(wait.seenAt, performance.now());
			await sendAnswers(response, wait);
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
		respond(response, NOTHING);
		return;
	}
	const wait = remoteAnswers.contact(mark, now);
	wait.confirm(confirmed);
	if (wait.isHeld) {
		respond(response, { ...NOTHING, notHeld: 'taken' });
	} else if (remoteAnswers.heldRequests >= MAX_HELD_REQUESTS && wait.answers.length === 0) {
		respond(response, { ...NOTHING, notHeld: 'busy' });
	} else {
		await hold(response, wait, request);
	}
}

/**
 * Waits a moment for a kept answer to be collected, and says whether it may be confirmed to Sinch: it was
 * collected, or its wait was active so recently that it will be. Otherwise it is no longer kept.
 */
export async function isTaken(answer: KeptAnswer): Promise<boolean> {
	const { wait } = answer;
	const collected = await Promise.race([
		answer.collected,
		sleep(MAX_UNCOLLECTED_MS).then(() => undefined),
	]);
	if (collected ?? wait.isPresent(performance.now())) {
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
	} else {
		// No one awaits it: without a response its sender would wait until it gives up.
		void serve(response, request).catch(() => response.destroy());
	}
	return { noWebhookResponse: true };
}
