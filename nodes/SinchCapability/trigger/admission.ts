import type { IWebhookFunctions } from 'n8n-workflow';

import { receiverLoad } from '../results/receiverLoad';
import type { Reception } from './acknowledgement';
import { acknowledgeOf, receive } from './acknowledgement';
import type { Delivery } from './deliveries';
import { DeliveryLog } from './deliveries';

/** The memory of this process; every trigger node has its own names in it. */
const deliveries = new DeliveryLog();

/**
 * The end of a delivery is the answer that its sender is given: only a 2xx makes the same again a
 * repeat.
 */
function watch({ arrived }: Reception, delivery: Delivery, weight: number): void {
	receiverLoad.add(weight);
	void arrived.then((isAccepted) => {
		receiverLoad.add(-weight);
		if (isAccepted) {
			delivery.accept();
		} else {
			delivery.takeBack();
		}
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

/** The names of a delivery to this trigger in the memory of this process. */
const ownNamesOf = (context: IWebhookFunctions, names: readonly string[]): string[] =>
	names.map((name) => `${triggerKey(context)} ${name}`);

/**
 * The earlier delivery, in progress or accepted.
 *
 * @param names identify a delivery; two with one name in common are the same
 */
export const recognise = (
	context: IWebhookFunctions,
	names: readonly string[],
): Delivery | undefined => deliveries.find(ownNamesOf(context, names), Date.now());

/** Remembers a delivery that starts no execution. */
export function remember(context: IWebhookFunctions, names: readonly string[]): void {
	watch(receive(context), deliveries.begin(ownNamesOf(context, names), Date.now()), 0);
}

/** Remembers a delivery that is to start an execution. */
export function admit(context: IWebhookFunctions, names: readonly string[]): Reception {
	const reception = receive(context);
	// How long a workflow takes says nothing about how busy n8n is.
	const weight = acknowledgeOf(context) === 'finished' ? 0 : 1;
	watch(reception, deliveries.begin(ownNamesOf(context, names), Date.now()), weight);
	return reception;
}
