import type { IDataObject, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';

import { OUTCOMES, outcomeOf } from '../results/outcomes';
import type { Outcome } from '../results/outcomes';
import { simplifyCallback } from '../sinch/notification';
import type { CapabilityCallback } from '../sinch/types';

/** An item that the trigger emits, and the outcome whose output it leaves on. */
export interface Emission {
	outcome: Outcome;
	item: INodeExecutionData;
}

/** The item of a notification, simplified or as it came. */
export function toEmission(
	context: IWebhookFunctions,
	callback: CapabilityCallback,
	body: unknown,
	notificationId: string,
): Emission {
	const outcome = outcomeOf(callback.capability_notification);
	const json = context.getNodeParameter('simplify')
		? { ...simplifyCallback(callback), outcome, notification_id: notificationId }
		: (body as IDataObject);
	return { outcome, item: { json } };
}

/** The items on their outputs, in the order in which they came. */
export function toTriggerOutputs(
	context: IWebhookFunctions,
	emissions: readonly Emission[],
): INodeExecutionData[][] {
	if (context.getNodeParameter('outputMode') === 'single') {
		return [emissions.map(({ item }) => item)];
	}
	return OUTCOMES.map((output) =>
		emissions.filter(({ outcome }) => outcome === output).map(({ item }) => item),
	);
}
