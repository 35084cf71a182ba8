/** Invisible marks, such as those for the direction of writing. */
const INVISIBLE = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** White space, dashes, brackets, dots and slashes, full-width ones included. */
const SEPARATORS =
	/[\s\u2010-\u2015\u2212\uff0d().\-/\u00b7\u2022\uff08\uff09\uff0e\uff0f\u2024[\]]+/g;

/** White space, quotation marks and separators around text, which spreadsheets and exports leave there. */
const AROUND = /^[=,;'"`´\p{Pi}\p{Pf}\s]+|[,;'"`´\p{Pi}\p{Pf}\s]+$/gu;

/** Links to a person, and WhatsApp's own addresses of one; all have a number with its country code. */
const ADDRESSES = [
	/^(?:https?:\/\/)?(?:www\.)?(?:wa\.me|signal\.me\/#p)\/(?:\+|%2B)?(\d+)\/?(?:[?&].*)?$/i,
	/^[a-z][\w.:/]*\?(?:[^#]*&)?(?:phone|number)=(?:\+|%2B|%20)?(\d+)(?:&.*)?$/i,
	/^(\d+)(?::\d+)?@(?:c\.us|s\.whatsapp\.net)$/i,
];

/** What stands before a number in links, and in exports of Meta's lead forms (`p:`). */
const SCHEME = /^(?:callto|p|rcs|(?:sms|mms)(?:to)?|tel|viber|whatsapp):(?:\/\/)?/i;

const isDigit = (codePoint: number): boolean => /\p{Nd}/u.test(String.fromCodePoint(codePoint));

/** Unicode keeps the digits of a script in runs of ten, from 0 to 9. */
function digitValue(character: string): string {
	const codePoint = character.codePointAt(0) ?? 0;
	let start = codePoint;
	while (isDigit(start - 1)) {
		start--;
	}
	return String((codePoint - start) % 10);
}

/** Writes the digits of any script, such as Arabic or full-width ones, as 0 to 9. */
const toAsciiDigits = (text: string): string =>
	text.replace(/\p{Nd}/gu, (character) => (character <= '9' ? character : digitValue(character)));

/** Without the separators; odd characters stay. */
const digitsOf = (text: string): string => text.replace(SEPARATORS, '');

/** What the separators divide. */
export const groupsOf = (text: string): string[] => text.split(SEPARATORS).filter(Boolean);

/** Every division of a text into two at a separator. */
export const halvesOf = (text: string): Array<[before: string, after: string]> =>
	[...text.matchAll(SEPARATORS)].map(({ index, 0: { length } }) => [
		text.slice(0, index),
		text.slice(index + length),
	]);

/** Why a text without other characters is not one number: the first that applies. */
const PROBLEMS: ReadonlyArray<readonly [RegExp, string]> = [
	[/^\+?\d(?:[.,]\d+)?e\+?\d+$/i, 'it is in scientific notation. Format the column as text'],
	// As a spreadsheet calculates +49-176-1234567.
	[/^[-\u2212]\d/, 'it begins with a minus sign. Format the column as text'],
	[/^\d{7,}\.\d\d?$/, 'it is a decimal number. Format the column as text'],
	[/\p{L}/u, 'it contains letters'],
	[/[\n\v\f\r\u0085\u2028\u2029]/, 'it has several lines'],
	// 12345-67/68 are two extensions.
	[/(?:^|[^/\d])\d+\s*\/\s*\d\d?$/, 'it may be two numbers'],
];

/** A link or spreadsheet value as the number in it. */
function unwrap(typed: string): string {
	const text = toAsciiDigits(typed.replace(INVISIBLE, ''))
		.replace(/[\uff0b\ufe62]/g, '+')
		.replace(AROUND, '');
	const address = ADDRESSES.map((pattern) => pattern.exec(text)).find(Boolean);
	if (address) {
		return `+${address[1]}`;
	}
	return (
		text
			.replace(SCHEME, '')
			.replace(/[?&;]+body=.*$/i, '')
			.replace(/^%2B/i, '+')
			.replace(/^(?:\+|00)\s*\+/, '+')
			// Spreadsheets turn numbers into decimals.
			.replace(/^(\+?\d{6,})\.0+$/, '$1')
	);
}

/** The first character that no phone number has; an emoji counts as one. */
function oddCharacter(typed: string, text: string): string | undefined {
	const odd = /[^\d+]/u.exec(digitsOf(text))?.[0];
	if (odd === undefined) {
		return undefined;
	}
	const segments = [...new Intl.Segmenter('en').segment(typed)];
	return segments.find(({ segment }) => segment.includes(odd))?.segment ?? odd;
}

/** A number as typed, with ASCII digits only, and its digits, perhaps after a plus. */
export type TypedNumber = { text: string; number: string } | { problem: string };

/** Longer text is not read at all: the time that the patterns take grows with its square. */
const MAX_LENGTH = 1_000;

/** Reads text that holds one phone number and nothing else. */
export function readTyped(typed: string): TypedNumber {
	if (typed.length > MAX_LENGTH) {
		return { problem: `it has more than ${MAX_LENGTH} characters` };
	}
	const text = unwrap(typed);
	const number = digitsOf(text);
	const problem = PROBLEMS.find(([pattern]) => pattern.test(text))?.[1];
	if (problem) {
		return { problem };
	}
	const odd = oddCharacter(typed, text);
	if (odd) {
		return { problem: `it contains the character "${odd}"` };
	}
	if (number.indexOf('+', 1) > 0 || number === '+' || number === '') {
		return { problem: number.length > 1 ? 'it has a + in the middle' : 'it has no digits' };
	}
	return { text, number };
}
