import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import type { Located } from '../pickers/locator';

/** Covers the retries of a callback, which carry its first signature: Sinch's SMS ones take 22.75 h. */
export const DEFAULT_MAX_AGE_HOURS = 24;

/** The trigger node's options, as n8n gives them. */
export interface TriggerOptions {
	appId?: Located;
	channels?: string[];
	/** Whether answers that Query and Wait receives start an execution of their own too. */
	emitAwaited?: boolean;
	maxAgeHours?: number;
	statuses?: string[];
}

export const readOptions = (context: IHookFunctions | IWebhookFunctions): TriggerOptions =>
	context.getNodeParameter('options', {}) as TriggerOptions;

/** The age limit of a signature in hours, 0 for none; what is no number leaves the default. */
export function maxAgeOf({ maxAgeHours }: TriggerOptions): number {
	const hours = Number(maxAgeHours ?? DEFAULT_MAX_AGE_HOURS);
	return hours >= 0 ? hours : DEFAULT_MAX_AGE_HOURS;
}
