import type { INodeProperties, NodeOperationError } from 'n8n-workflow';

import { type Item, toNumber } from './item';

/** @param description what to do about it */
export const noSecretError = (item: Item, description: string): NodeOperationError =>
	item.error("The credential has no 'Webhook Secret'", description);

/** Covers the retries of a callback, which keep its first signature: for SMS, Sinch retries for 22.75 h. */
export const DEFAULT_MAX_AGE_HOURS = 24;

export const maxAgeOption: INodeProperties = {
	displayName: 'Reject After (Hours)',
	name: 'maxAgeHours',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: DEFAULT_MAX_AGE_HOURS,
	description:
		'Reject answers whose signature is older than this; 0 for no limit. When Sinch delivers an answer again, it keeps the first signature, so a low value loses answers.',
};

/** The age limit of a signature in hours, 0 for none; undefined for what is none. */
export function maxAgeOf(given: unknown): number | undefined {
	const hours = toNumber(given);
	return hours >= 0 && hours < Infinity ? hours : undefined;
}

/** The same, but the default for what is none. */
export const readMaxAge = (given: unknown): number => maxAgeOf(given) ?? DEFAULT_MAX_AGE_HOURS;
