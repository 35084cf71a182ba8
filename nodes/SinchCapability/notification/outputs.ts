import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { OUTCOMES, outcomeOf } from './outcomes';
import type { Outcome } from './outcomes';
import { simplifyCallback } from './notification';
import type { ReceivedCallback } from './callback';

/** The values of *Outputs*. */
export type OutputMode = 'perOutcome' | 'single';

/** The item of a notification, and the outcome whose output it leaves on. */
export interface Emission {
	outcome: Outcome;
	item: INodeExecutionData;
}

/** The item of a notification, simplified or raw. */
export function toEmission(
	{ callback, body, id }: Omit<ReceivedCallback, 'nonce'>,
	simplify: boolean,
): Emission {
	const outcome = outcomeOf(callback.capability_notification);
	const json = simplify
		? { outcome, ...simplifyCallback(callback), notification_id: id }
		: (body as IDataObject);
	return { outcome, item: { json } };
}

/** The items on their outputs, in the order of arrival. */
export function toNotificationOutputs(
	emissions: readonly Emission[],
	outputMode: OutputMode,
): INodeExecutionData[][] {
	if (outputMode === 'single') {
		return [emissions.map(({ item }) => item)];
	}
	return OUTCOMES.map((output) =>
		emissions.filter(({ outcome }) => outcome === output).map(({ item }) => item),
	);
}
