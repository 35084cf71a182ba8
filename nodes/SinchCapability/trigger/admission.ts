import type { IWebhookFunctions } from 'n8n-workflow';

import type { Delivery } from './repeats';
import { Repeats } from './repeats';

/** The memory of this process; every trigger node has names of its own in it. */
const repeats = new Repeats();

/** The trigger node and whether it listens for a test, because both may get the same callback. */
function listenerOf(context: IWebhookFunctions): string {
	const { webhookId, id } = context.getNode();
	return `${webhookId ?? `${context.getWorkflow().id} ${id}`} ${context.getMode()}`;
}

/**
 * The end of a delivery is the answer that n8n gives its sender, after it has stored the execution:
 * only a 2xx that went out makes the same again a repeat.
 */
function watchAnswer(context: IWebhookFunctions, delivery: Delivery): void {
	const response = context.getResponseObject();
	if (response.destroyed) {
		// The sender did not wait; nothing that happens here will reach it, so it will come again.
		delivery.takeBack();
		return;
	}
	response.once('finish', () => {
		if (response.statusCode >= 200 && response.statusCode < 300) {
			delivery.accept();
		} else {
			delivery.takeBack();
		}
	});
	response.once('close', () => {
		if (!response.writableFinished) {
			delivery.takeBack();
		}
	});
}

/** What a delivery is to those before it: the first of its kind, a repeat, or a twin of one on its way. */
export type Admission = 'first' | 'repeat' | 'twin';

/**
 * Compares a delivery with those before it. A twin is not made to wait for the first one's end: it
 * would hold what n8n keeps for each request, most of all when n8n is slow and senders try again.
 *
 * @param names what makes two deliveries the same; one in common is enough
 */
export function admit(context: IWebhookFunctions, names: readonly string[]): Admission {
	const listener = listenerOf(context);
	const ownNames = names.map((name) => `${listener} ${name}`);
	const earlier = repeats.find(ownNames, Date.now());
	if (earlier) {
		return earlier.isAccepted ? 'repeat' : 'twin';
	}
	watchAnswer(context, repeats.begin(ownNames, Date.now()));
	return 'first';
}
