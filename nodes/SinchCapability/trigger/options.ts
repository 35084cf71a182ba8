import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import type { ResourceLocatorValue } from '../parameters/resourceLocator';
import { MAX_CONCURRENT } from './admission';
import type { GroupSettings } from './grouping';

/** Covers the retries of a callback, which carry its first signature: Sinch's SMS ones take 22.75 h. */
export const DEFAULT_MAX_AGE_HOURS = 24;

/**
 * How long a group stays open; each answer's sender waits as long. The benchmark's notifications came
 * in groups of 5 with 100 ms, and of 13 with this.
 */
export const DEFAULT_WINDOW_MS = 300;
export const MAX_WINDOW_MS = 1000;

/** A group cannot hold more than may be on their way at once. */
export const MAX_GROUP_SIZE = MAX_CONCURRENT;

/** The trigger node's options, as n8n gives them. */
export interface TriggerOptions {
	appId?: ResourceLocatorValue;
	channels?: string[];
	/** Whether answers that Query and Wait receives start an execution of their own too. */
	emitAwaited?: boolean;
	/** Absent: each notification starts an execution of its own. */
	groupNotifications?: { settings?: Partial<GroupSettings> };
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

/** A number from 1 to the most; what is none of these leaves the default. */
function within(given: unknown, most: number, usual: number): number {
	const number = Number(given ?? usual);
	return number >= 1 && number <= most ? number : usual;
}

/** How to group notifications; undefined for not at all. */
export function groupingOf({ groupNotifications }: TriggerOptions): GroupSettings | undefined {
	const settings = groupNotifications?.settings;
	return (
		settings && {
			windowMs: within(settings.windowMs, MAX_WINDOW_MS, DEFAULT_WINDOW_MS),
			maximum: within(settings.maximum, MAX_GROUP_SIZE, MAX_GROUP_SIZE),
		}
	);
}
