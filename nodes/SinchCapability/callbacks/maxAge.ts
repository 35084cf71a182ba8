import type { INodeProperties } from 'n8n-workflow';

/** Covers the retries of a callback, which carry its first signature: Sinch's SMS ones take 22.75 h. */
export const DEFAULT_MAX_AGE_HOURS = 24;

export const maxAgeOption: INodeProperties = {
	displayName: 'Refuse Answers Older Than (Hours)',
	name: 'maxAgeHours',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: DEFAULT_MAX_AGE_HOURS,
	description:
		'Refuse answers that Sinch signed longer ago than this; 0 for no limit. Sinch repeats an undelivered answer with its first signature, so a low value loses answers.',
};

/** The age limit of a signature in hours, 0 for none; what is not a number leaves the default. */
export function readMaxAge(given: unknown): number {
	const hours = Number(given ?? DEFAULT_MAX_AGE_HOURS);
	return hours >= 0 ? hours : DEFAULT_MAX_AGE_HOURS;
}
