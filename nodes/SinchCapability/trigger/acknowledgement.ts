import type { IWebhookFunctions, WebhookType } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

/**
 * When Sinch is told that an answer has arrived: once n8n has stored its execution, or once the
 * workflow has finished.
 */
export type Acknowledge = 'stored' | 'finished';

/**
 * The trigger's webhook for each: n8n takes from a webhook's description when to respond, and an
 * expression there would cost time with each answer.
 */
export const WEBHOOK_NAMES: Record<Acknowledge, WebhookType> = {
	stored: 'default',
	finished: 'setup',
};

/** When to look for n8n's response to a request whose sender has hung up: soon, then more rarely. */
const LOOK_FIRST_MS = 50;
const LOOK_EVERY_MS = 5_000;

/** For so long an execution is expected to end; later its answer may start another one. */
const MAX_LOOK_MS = 15 * 60_000;

/** A workflow that takes longer does not keep the next execution waiting. */
const MAX_WAIT_FOR_WORKFLOW_MS = 10_000;

type WebhookResponse = ReturnType<IWebhookFunctions['getResponseObject']>;

/** A request, and what it means that its sender hangs up. */
export interface Reception {
	/** Whether its answer is still to be executed now; otherwise its sender comes again. */
	isWanted(): boolean;
	/** Whether the answer has arrived for good, so that the same again is a repeat. */
	readonly arrived: Promise<boolean>;
	/** Whether the response is 2xx, also when its sender has hung up. */
	readonly responded: Promise<boolean>;
	/** Resolves when the next execution may follow the one that this request carries. */
	untilNext(): Promise<unknown>;
}

const isPositive = ({ statusCode }: WebhookResponse): boolean =>
	statusCode >= 200 && statusCode < 300;

/** Whether the response has gone out; false when its sender has hung up before. */
async function hasGoneOut(response: WebhookResponse): Promise<boolean> {
	return await new Promise((resolve) => {
		if (response.destroyed) {
			resolve(false);
		}
		response.once('finish', () => resolve(true));
		// Comes after `finish`, or instead of it.
		response.once('close', () => resolve(false));
	});
}

/** n8n ends a response also when nobody waits for it any more; false when it does not for long. */
async function hasResponded(response: WebhookResponse, goneOut: Promise<boolean>) {
	await goneOut;
	let pause = LOOK_FIRST_MS;
	for (let waited = 0; !response.writableEnded; waited += pause) {
		if (waited > MAX_LOOK_MS) {
			return false;
		}
		pause = Math.min(2 * pause, LOOK_EVERY_MS);
		await sleep(pause);
	}
	return isPositive(response);
}

/** Which of the trigger's webhooks a request has come to. */
export const acknowledgeOf = (context: IWebhookFunctions): Acknowledge =>
	context.getWebhookName() === WEBHOOK_NAMES.finished ? 'finished' : 'stored';

/** Must be called before n8n or this node responds. */
export function receive(context: IWebhookFunctions): Reception {
	const response = context.getResponseObject();
	const goneOut = hasGoneOut(response);
	const responded = hasResponded(response, goneOut);
	if (acknowledgeOf(context) === 'finished') {
		return {
			// Senders hang up when a workflow takes long; their answers are executed all the same, and once.
			isWanted: () => true,
			arrived: responded,
			responded,
			untilNext: async () => await Promise.race([responded, sleep(MAX_WAIT_FOR_WORKFLOW_MS)]),
		};
	}
	return {
		isWanted: () => !response.destroyed,
		// Only a response that went out counts: who has hung up comes again.
		arrived: goneOut.then((hasGone) => hasGone && isPositive(response)),
		responded,
		untilNext: async () => await responded,
	};
}
