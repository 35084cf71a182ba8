import type { IDataObject } from 'n8n-workflow';

/** The field for the whole result when the input has fields of the same names. */
export const DEFAULT_RESULT_FIELD = 'capability';

/** The first of `capability`, `capability_2` … that the input does not have. */
function freeField(input: IDataObject): string {
	let field = DEFAULT_RESULT_FIELD;
	for (let number = 2; field in input; number++) {
		field = `${DEFAULT_RESULT_FIELD}_${number}`;
	}
	return field;
}

/**
 * The input's fields, then those of the result. No field of the input is overwritten: when names
 * collide, the input's field stays, and the whole result is added in a field of its own. An input with
 * all of several fields of the result is an earlier result, which the new one replaces.
 */
export function mergeInput(input: IDataObject, result: object): IDataObject {
	const names = Object.keys(result);
	if (names.length > 1 && names.every((name) => name in input)) {
		return { ...input, ...result };
	}
	const collides = names.some((name) => name in input);
	return {
		...input,
		...result,
		...input,
		...(collides && { [freeField(input)]: { ...result } }),
	};
}
