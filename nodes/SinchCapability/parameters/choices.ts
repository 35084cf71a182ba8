/** What a list holds, or the first entry that is no choice. */
export type Choices = { values: string[] } | { other: string };

/**
 * Reads the value of a multiple choice, each choice once. An expression can also give text: choices
 * with commas or semicolons between them, on one line each, or as JSON.
 *
 * @param find the choice that an entry means, undefined for none
 */
export function readChoices(given: unknown, find: (entry: string) => string | undefined): Choices {
	const entries = [given]
		.flat()
		.flatMap((entry) => String(entry ?? '').split(/[,;|\r\n]/))
		.map((entry) => entry.replace(/^[\s'"[\]]+|[\s'"[\]]+$/g, ''))
		.filter(Boolean);
	const other = entries.find((entry) => find(entry) === undefined);
	return other === undefined
		? { values: [...new Set(entries.flatMap((entry) => find(entry) ?? []))] }
		: { other };
}
