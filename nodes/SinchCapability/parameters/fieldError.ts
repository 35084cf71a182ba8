import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

/** Longer values are cut in a message. */
const MAX_QUOTED = 80;

/** A value for a message, cut if it is long. */
export const quote = (value: string): string => {
	const characters = [...value.trim()];
	return characters.length > MAX_QUOTED
		? `${characters.slice(0, MAX_QUOTED).join('')}…`
		: characters.join('');
};

/** Which item an error is about, in words; empty for the only one. n8n itself counts from 0. */
export function rowOf(context: IExecuteFunctions, itemIndex: number): string {
	const count = context.getInputData().length;
	return count > 1 ? ` Row ${itemIndex + 1} of ${count}.` : '';
}

/**
 * The error of one field, e.g. `'Phone Number' is not a phone number: +1 202 CALL ME`. The editor adds the
 * item's number to the title, so the text names it in the description.
 *
 * @param problem e.g. `is not a phone number`
 * @param description what to do about it
 * @param value what was entered, if it helps
 */
export function fieldError(
	context: IExecuteFunctions,
	itemIndex: number,
	label: string,
	problem: string,
	description: string,
	value = '',
): NodeOperationError {
	const shown = quote(value);
	return new NodeOperationError(
		context.getNode(),
		`'${label}' ${problem}${shown && `: ${shown}`}`,
		{ itemIndex, description: `${description}${rowOf(context, itemIndex)}` },
	);
}

/** The error of an empty field, which an expression may have caused. */
export const emptyFieldError = (
	context: IExecuteFunctions,
	itemIndex: number,
	label: string,
	description: string,
): NodeOperationError =>
	fieldError(
		context,
		itemIndex,
		label,
		'is empty',
		`${description} If this is an expression, check that the item has the field.`,
	);
