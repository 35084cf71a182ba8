import type { IExecuteFunctions } from 'n8n-workflow';

import { emptyFieldError, fieldError } from './fieldError';

/**
 * A resource locator's value as n8n stores it; workflows made before there was a picker hold the
 * plain text.
 */
export type ResourceLocatorValue = string | { mode?: string; value?: unknown } | null | undefined;

/**
 * The id that a resource locator names, without spaces around it; empty for none. In contrast to
 * n8n's `extractValue` it costs no walk through the node's description for each item.
 */
export function idOf(located: ResourceLocatorValue): string {
	const value = typeof located === 'object' ? located?.value : located;
	return String(value ?? '').trim();
}

/** Whether the text is an expression that n8n has not worked out, as it may stand in the editor. */
export const isExpression = (text: string): boolean => text.startsWith('=');

const ID_FORM = 'An ID has 26 letters and digits';

/**
 * Why a text cannot be an id, and what to do about it; undefined for one that can.
 */
export function idProblem(id: string): { problem: string; advice: string } | undefined {
	if (/\s/.test(id)) {
		return { problem: 'contains spaces', advice: `${ID_FORM} and no spaces.` };
	}
	// A path would lead to its parent, whatever the dots are encoded as.
	return id === '.' || id === '..' ? { problem: 'is not an ID', advice: `${ID_FORM}.` } : undefined;
}

/** @throws NodeOperationError naming field and item for text that cannot be an id */
export function requireIdForm(
	context: IExecuteFunctions,
	itemIndex: number,
	label: string,
	id: string,
): void {
	const wrong = idProblem(id);
	if (wrong) {
		throw fieldError(context, itemIndex, label, wrong.problem, wrong.advice, id);
	}
}

/**
 * The id that one item gives for something at Sinch, typed or picked.
 *
 * @param parameter e.g. `contactId`
 * @param label the parameter's, e.g. `Contact`
 * @throws NodeOperationError naming field and item when there is none, or none that could be one
 */
export function readId(
	context: IExecuteFunctions,
	itemIndex: number,
	parameter: string,
	label: string,
): string {
	const id = idOf(context.getNodeParameter(parameter, itemIndex, '') as ResourceLocatorValue);
	if (id === '') {
		throw emptyFieldError(
			context,
			itemIndex,
			label,
			'Pick one from the list, or enter the ID that Sinch gave it.',
		);
	}
	requireIdForm(context, itemIndex, label, id);
	return id;
}
