const isDigit = (codePoint: number): boolean => /\p{Nd}/u.test(String.fromCodePoint(codePoint));

/** Unicode keeps the digits of a script in runs of ten, from 0 to 9. */
function digitValue(character: string): string {
	const codePoint = character.codePointAt(0) as number;
	let start = codePoint;
	while (isDigit(start - 1)) {
		start--;
	}
	return String((codePoint - start) % 10);
}

/** Writes the digits of any script, such as Arabic or full-width ones, as 0 to 9. */
export const toAsciiDigits = (text: string): string =>
	text.replace(/\p{Nd}/gu, (character) => (character <= '9' ? character : digitValue(character)));
