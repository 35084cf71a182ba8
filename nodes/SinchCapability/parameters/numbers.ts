import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { fieldError } from './fieldError';
import { PROJECT_LIMIT } from '../pacing/requestPace';
import { DEFAULT_REQUESTS_PER_SECOND } from '../transport/pacedClient';

/** A number, or text with one; NaN for anything else. */
export const toNumber = (given: unknown): number =>
	typeof given === 'number' || (typeof given === 'string' && given.trim() !== '')
		? Number(given)
		: NaN;

/**
 * A number of an option or parameter that n8n does not check when it comes from an expression.
 *
 * @param given undefined for an option that was not added
 * @throws NodeOperationError naming field and item for anything but a number of 1 or more
 */
export function readPositiveNumber(
	context: IExecuteFunctions,
	itemIndex: number,
	label: string,
	given: unknown,
): number {
	const value = toNumber(given);
	if (value >= 1 && value < Infinity) {
		return value;
	}
	throw fieldError(
		context,
		itemIndex,
		label,
		'must be a number of 1 or more',
		`Enter a number. If this is an expression, check that the field exists in item ${itemIndex + 1}.`,
		String(given ?? ''),
	);
}

/** @param suffix the end of the description, without a full stop */
export const requestsPerSecondOption = (suffix = ''): INodeProperties => ({
	displayName: 'Requests per Second',
	name: 'requestsPerSecond',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: PROJECT_LIMIT },
	default: DEFAULT_REQUESTS_PER_SECOND,
	description: `How fast to send many items. Sinch allows ${PROJECT_LIMIT} requests a second for all apps of a project together${suffix}.`,
});
