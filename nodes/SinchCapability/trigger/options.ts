import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { readMaxAge } from '../parameters/maxAge';
import type { ResourceLocatorValue } from '../parameters/pickers';
import type { Acknowledge } from './acknowledgement';

/** How long *Grouped by Time* collects answers; each answer's sender waits as long. In seconds. */
export const DEFAULT_WINDOW_SECONDS = 2;
export const MAX_WINDOW_SECONDS = 10;

/** How answers share executions. */
type Executions = 'groupedWhenBusy' | 'onePerAnswer' | 'groupedByTime';

/** The trigger node's options, as n8n gives them. */
export interface TriggerOptions {
	/** Default `stored`. */
	acknowledge?: Acknowledge;
	appId?: ResourceLocatorValue;
	channels?: string[];
	/** Whether answers that Query and Wait receives also start an execution. */
	emitAwaited?: boolean;
	/** Default `groupedWhenBusy`. */
	executions?: Executions;
	maxAgeHours?: number;
	statuses?: string[];
	/** For `groupedByTime`. */
	windowSeconds?: number;
}

export const readOptions = (context: IHookFunctions | IWebhookFunctions): TriggerOptions =>
	context.getNodeParameter('options', {}) as TriggerOptions;

/** The age limit of a signature in hours, 0 for none. */
export const maxAgeOf = ({ maxAgeHours }: TriggerOptions): number => readMaxAge(maxAgeHours);

/** For how many milliseconds to collect answers; the default if it is not a valid number. */
export function windowOf({ executions, windowSeconds }: TriggerOptions): number {
	if (executions !== 'groupedByTime') {
		return 0;
	}
	const seconds = Number(windowSeconds ?? DEFAULT_WINDOW_SECONDS);
	const isUsable = seconds > 0 && seconds <= MAX_WINDOW_SECONDS;
	return (isUsable ? seconds : DEFAULT_WINDOW_SECONDS) * 1000;
}
