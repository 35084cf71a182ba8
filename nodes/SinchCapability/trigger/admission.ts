import type { IWebhookFunctions } from 'n8n-workflow';

import { receiverLoad } from '../results/receiverLoad';
import type { Delivery } from './deliveries';
import { DeliveryLog } from './deliveries';

/** The memory of this process; every trigger node has names of its own in it. */
const repeats = new DeliveryLog();

/**
 * The end of a delivery is the answer that n8n gives its sender, after it has stored the execution:
 * only a 2xx that went out makes the same again a repeat.
 */
function watchAnswer(context: IWebhookFunctions, delivery: Delivery, weight: 0 | 1): void {
	const response = context.getResponseObject();
	if (response.destroyed) {
		// The sender did not wait; nothing that happens here will reach it, so it will come again.
		delivery.takeBack();
		return;
	}
	receiverLoad.add(weight);
	response.once('finish', () => {
		if (response.statusCode >= 200 && response.statusCode < 300) {
			delivery.accept();
		}
	});
	// Comes in any case, after the answer or instead of it.
	response.once('close', () => {
		receiverLoad.add(-weight);
		delivery.takeBack();
	});
}

/**
 * One trigger node, and whether it listens for a test, because both may get the same callback: the
 * name under which this process keeps what belongs to it.
 */
export function triggerKey(context: IWebhookFunctions): string {
	const { webhookId, id } = context.getNode();
	return `${webhookId ?? `${context.getWorkflow().id} ${id}`} ${context.getMode()}`;
}

/** The names under which this process knows a delivery to this trigger. */
const ownNamesOf = (context: IWebhookFunctions, names: readonly string[]): string[] =>
	names.map((name) => `${triggerKey(context)} ${name}`);

/**
 * The delivery that has come before, on its way or accepted.
 *
 * @param names what makes two deliveries the same; one in common is enough
 */
export const recognise = (
	context: IWebhookFunctions,
	names: readonly string[],
): Delivery | undefined => repeats.find(ownNamesOf(context, names), Date.now());

/** Remembers a delivery that starts no execution, so that it takes nobody's place. */
export function remember(context: IWebhookFunctions, names: readonly string[]): void {
	watchAnswer(context, repeats.begin(ownNamesOf(context, names), Date.now()), 0);
}

/** Remembers a delivery that is to start an execution. */
export function admit(context: IWebhookFunctions, names: readonly string[]): void {
	watchAnswer(context, repeats.begin(ownNamesOf(context, names), Date.now()), 1);
}
