/** Ignores case, spaces and punctuation. */
const withoutMarks = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '');

/** Finds the value of a choice by its value or name, in any spelling. */
export function choiceFinder(choices: ReadonlyArray<{ name: string; value: string }>) {
	const values = new Map(
		choices.flatMap(({ name, value }) =>
			[name, value].map((text) => [withoutMarks(text), value] as const),
		),
	);
	return (entry: string): string | undefined => values.get(withoutMarks(entry));
}
