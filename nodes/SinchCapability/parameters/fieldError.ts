import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

/** Longer values are cut in a message. */
const MAX_QUOTED = 80;

const quote = (value: string): string => {
	const characters = [...value.trim()];
	return characters.length > MAX_QUOTED
		? `${characters.slice(0, MAX_QUOTED).join('')}…`
		: characters.join('');
};

/**
 * The error of one field, e.g. `'Phone Number' of item 3 is not a phone number: +1 202 CALL ME`.
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
		`'${label}' of item ${itemIndex + 1} ${problem}${shown && `: ${shown}`}`,
		{ itemIndex, description },
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
		`${description} If this is an expression, check that the field exists in item ${itemIndex + 1}.`,
	);
