import { isObject } from './isObject';

/** Ignores case, width, spaces and punctuation. */
export const withoutMarks = (text: string): string =>
	text
		.normalize('NFKC')
		.toUpperCase()
		.replace(/[^A-Z0-9]/g, '');

/** Finds the value of a choice by its value or name, in any spelling. */
export function choiceFinder(choices: ReadonlyArray<{ name: string; value: string }>) {
	const values = new Map(
		choices.flatMap(({ name, value }) =>
			[name, value].map((text) => [withoutMarks(text), value] as const),
		),
	);
	return (entry: string): string | undefined => values.get(withoutMarks(entry));
}

/** What a list holds, or the first entry that is no choice. */
export type Choices = { values: string[] } | { other: string };

const textsOf = (entry: unknown): string[] =>
	String(entry ?? '')
		.normalize('NFKC')
		.split(/[,;|/&+、\t\r\n]/);

const MARK = /[\s'"[\]]/;

/** Without the marks around it; not by a pattern, whose time would grow with the square of the length. */
function trimMarks(entry: string): string {
	let start = 0;
	let end = entry.length;
	while (start < end && MARK.test(entry.charAt(start))) {
		start++;
	}
	while (end > start && MARK.test(entry.charAt(end - 1))) {
		end--;
	}
	return entry.slice(start, end);
}

/**
 * Reads the value of a multiple choice, each choice once. An expression can also give text: choices
 * with commas, semicolons, slashes, tabs or the like between them, on one line each, or as JSON.
 */
export function readChoices(given: unknown, find: (entry: string) => string | undefined): Choices {
	const entries = [given]
		.flat()
		.flatMap((entry) => (isObject(entry) ? JSON.stringify(entry) : textsOf(entry)))
		.map(trimMarks)
		.filter(Boolean);
	const other = entries.find((entry) => find(entry) === undefined);
	return other === undefined
		? { values: [...new Set(entries.flatMap((entry) => find(entry) ?? []))] }
		: { other };
}
