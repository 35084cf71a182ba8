import type { IWebhookFunctions } from 'n8n-workflow';

import { listenerOf } from './listener';
import type { Delivery } from './repeats';
import { Repeats } from './repeats';

/** The memory of this process; every trigger node has names of its own in it. */
const repeats = new Repeats();

/** What is to become of a delivery: `busy` ones have to come again. */
export type Admission = 'first' | 'repeat' | 'busy';

/**
 * n8n stores about 20 executions a second. More than this at once would only wait for each other until
 * their senders give up, and start again while the first is still under way.
 */
export const MOST_AT_ONCE = 32;

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
 * Lets a delivery in or not. A twin of one that is on its way is put off too, and does not wait here
 * for its end: it would hold what n8n keeps for each request, most of all when n8n is slow and
 * senders try again.
 *
 * @param names what makes two deliveries the same; one in common is enough
 */
export function admit(context: IWebhookFunctions, names: readonly string[]): Admission {
	const listener = listenerOf(context);
	const ownNames = names.map((name) => `${listener} ${name}`);
	const earlier = repeats.find(ownNames, Date.now());
	if (earlier) {
		return earlier.isAccepted ? 'repeat' : 'busy';
	}
	if (atOnce >= MOST_AT_ONCE) {
		return 'busy';
	}
	watchAnswer(context, repeats.begin(ownNames, Date.now()));
	return 'first';
}
