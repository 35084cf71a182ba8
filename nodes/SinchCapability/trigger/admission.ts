import type { IWebhookFunctions } from 'n8n-workflow';

import type { Delivery } from './deliveries';
import { DeliveryLog } from './deliveries';

/** The memory of this process; every trigger node has names of its own in it. */
const repeats = new DeliveryLog();

/** What is to become of a delivery: `busy` ones have to come again. */
export type Admission = 'first' | 'repeat' | 'busy';

/**
 * n8n stores about 20 executions a second. More than this at once would only wait for each other until
 * their senders give up, and start again while the first is still under way.
 */
export const MAX_CONCURRENT = 32;

let atOnce = 0;

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
	atOnce += 1;
	response.once('finish', () => {
		if (response.statusCode >= 200 && response.statusCode < 300) {
			delivery.accept();
		}
	});
	// Comes in any case, after the answer or instead of it.
	response.once('close', () => {
		atOnce -= 1;
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

/**
 * Lets a delivery in or not. A twin of one that is on its way is put off too, and does not wait here
 * for its end: it would hold what n8n keeps for each request, most of all when n8n is slow and
 * senders try again.
 *
 * @param names what makes two deliveries the same; one in common is enough
 */
export function admit(context: IWebhookFunctions, names: readonly string[]): Admission {
	const listener = triggerKey(context);
	const ownNames = names.map((name) => `${listener} ${name}`);
	const earlier = repeats.find(ownNames, Date.now());
	if (earlier) {
		return earlier.isAccepted ? 'repeat' : 'busy';
	}
	if (atOnce >= MAX_CONCURRENT) {
		return 'busy';
	}
	watchAnswer(context, repeats.begin(ownNames, Date.now()));
	return 'first';
}
