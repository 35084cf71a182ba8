import { type IWebhookFunctions, type WebhookType, sleep } from 'n8n-workflow';

/** When the trigger confirms an answer to Sinch: once n8n has stored its execution, or once that has finished. */
export type Acknowledge = 'stored' | 'finished';

/**
 * The trigger's webhook for each: n8n takes from a webhook's description when to respond, and an
 * expression there would cost time with each answer. `setup` is one of the two names that n8n's
 * types allow.
 */
export const WEBHOOK_NAMES: Record<Acknowledge, WebhookType> = {
	stored: 'default',
	finished: 'setup',
};

/** When to look whether n8n has ended a response that cannot be sent: soon, then less often. */
const LOOK_FIRST_MS = 25;
const LOOK_EVERY_MS = 5_000;

/** How long an execution may take; after that, a repeat of its answer may start another one. */
const MAX_EXECUTION_MS = 15 * 60_000;

/** An execution that takes longer to store, or to finish, does not keep the next one waiting. */
const MAX_WAIT_MS: Record<Acknowledge, number> = { stored: 60_000, finished: 10_000 };

/**
 * Resolves with whether n8n has ended a response with a 2xx, or with false after some milliseconds.
 * Whether the response was sent does not count: a sender may have disconnected, and a response on a
 * connection with several requests waits for those before it.
 */
async function isEndedWell(context: IWebhookFunctions, maxMs: number): Promise<boolean> {
	const response = context.getResponseObject();
	const sent = new Promise<void>((resolve) => response.once('finish', () => resolve()));
	let pause = LOOK_FIRST_MS;
	for (let waited = 0; !response.writableEnded && waited < maxMs; waited += pause) {
		pause = Math.min(2 * pause, LOOK_EVERY_MS);
		await Promise.race([sent, sleep(pause)]);
	}
	return response.writableEnded && response.statusCode >= 200 && response.statusCode < 300;
}

export const acknowledgeOf = (context: IWebhookFunctions): Acknowledge =>
	context.getWebhookName() === WEBHOOK_NAMES.finished ? 'finished' : 'stored';

export function receive(context: IWebhookFunctions) {
	const acknowledge = acknowledgeOf(context);
	return {
		/**
		 * Whether its answer is still to be executed now; otherwise Sinch will deliver it again. Senders disconnect
		 * when a workflow takes long; their answers are executed anyway, and once.
		 */
		isWanted: () => acknowledge === 'finished' || !context.getResponseObject().destroyed,
		/** Resolves with whether n8n has accepted the execution that this request carries. */
		isAccepted: async () => await isEndedWell(context, MAX_EXECUTION_MS),
		/** Resolves when the next execution may follow the one that this request carries. */
		untilNext: async () => await isEndedWell(context, MAX_WAIT_MS[acknowledge]),
	};
}

/** A request that brought an answer for the workflow. */
export type Reception = ReturnType<typeof receive>;
