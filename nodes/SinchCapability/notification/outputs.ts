import type { INodeExecutionData } from 'n8n-workflow';

import { type Outcome, outcomeOf } from './outcomes';
import { simplifyCallback } from './notification';
import type { ReceivedCallback } from './callback';

export interface Emission<Name extends string = Outcome> {
	outcome: Name;
	item: INodeExecutionData;
}

export function toEmission({ callback, body, id }: ReceivedCallback, simplify: boolean): Emission {
	const outcome = outcomeOf(callback.capability_notification);
	const json = simplify ? { outcome, ...simplifyCallback(callback), notification_id: id } : body;
	return { outcome, item: { json } };
}

/** The items on the outputs of their outcomes, or on a single one without `outcomes`, in the order of arrival. */
export const toOutputs = <Name extends string>(
	emissions: ReadonlyArray<Emission<Name>>,
	outcomes?: readonly Name[],
): INodeExecutionData[][] =>
	outcomes
		? outcomes.map((name) =>
				emissions.flatMap(({ outcome, item }) => (outcome === name ? item : [])),
			)
		: [emissions.map(({ item }) => item)];
