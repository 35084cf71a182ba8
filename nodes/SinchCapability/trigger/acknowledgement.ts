import type { IWebhookFunctions, WebhookType } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import type { WebhookResponse } from '../shared/response';
import { hasGoneOut } from '../shared/response';

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

/** When to look for n8n's response to a request whose sender has disconnected: soon, then less often. */
const LOOK_FIRST_MS = 50;
const LOOK_EVERY_MS = 5_000;

/** How long an execution may take; after that, a repeat of its answer may start another one. */
const MAX_LOOK_MS = 15 * 60_000;

/** A workflow that takes longer does not keep the next execution waiting. */
const MAX_WAIT_FOR_WORKFLOW_MS = 10_000;

/** A request, and what follows when its sender disconnects. */
export interface Reception {
	/** Whether its answer is still to be executed now; otherwise Sinch will deliver it again. */
	isWanted(): boolean;
	/** Whether Sinch knows that the answer has arrived: another delivery of it is then a repeat. */
	readonly arrived: Promise<boolean>;
	/** Whether the response is 2xx, even when its sender has disconnected. */
	readonly responded: Promise<boolean>;
	/** Resolves when the next execution may follow the one that this request carries. */
	untilNext(): Promise<unknown>;
}

const isPositive = ({ statusCode }: WebhookResponse): boolean =>
	statusCode >= 200 && statusCode < 300;

/** n8n ends a response even when its sender has disconnected; false when it takes too long. */
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

/** Which of the trigger's webhooks received a request. */
export const acknowledgeOf = (context: IWebhookFunctions): Acknowledge =>
	context.getWebhookName() === WEBHOOK_NAMES.finished ? 'finished' : 'stored';

/** Must be called before n8n or this node responds. */
export function receive(context: IWebhookFunctions): Reception {
	const response = context.getResponseObject();
	const goneOut = hasGoneOut(response);
	const responded = hasResponded(response, goneOut);
	if (acknowledgeOf(context) === 'finished') {
		return {
			// Senders disconnect when a workflow takes long; their answers are executed anyway, and once.
			isWanted: () => true,
			arrived: responded,
			responded,
			untilNext: async () => await Promise.race([responded, sleep(MAX_WAIT_FOR_WORKFLOW_MS)]),
		};
	}
	return {
		isWanted: () => !response.destroyed,
		// Only a response that was sent counts: otherwise Sinch will deliver the answer again.
		arrived: goneOut.then((hasGone) => hasGone && isPositive(response)),
		responded,
		untilNext: async () => await responded,
	};
}
