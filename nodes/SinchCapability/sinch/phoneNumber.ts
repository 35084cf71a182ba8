/** The digits Sinch expects, or what is wrong with the number in words for its owner. */
export type PhoneNumber = { digits: string } | { problem: string };

/** White space, hyphens and dashes, brackets, dots, slashes and invisible direction marks. */
const SEPARATORS = /[\s\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060-\u2069\u2212().\-/]/g;

/** ITU-T E.164: a country code, never 0 at first, and at most 15 digits in all. */
const INTERNATIONAL = /^[1-9]\d{4,14}$/;

/**
 * Reads a phone number as people type it, e.g. `+46 (70) 123-45 67`, `0046701234567` or
 * `+46 (0)70 123 45 67`, and returns digits with the country code, e.g. `46701234567`, the form of
 * the examples in Sinch's capability guide.
 */
export function readPhoneNumber(typed: string): PhoneNumber {
	if (/\p{L}/u.test(typed)) {
		return { problem: 'contains letters' };
	}
	// The zero in brackets is dialled inside a country only, never after the country code.
	const withoutTrunkZero = typed.replace(/^(\s*(?:\+|00).*?)\(\s*0\s*\)/, '$1');
	const number = withoutTrunkZero.replace(SEPARATORS, '').replace(/^(?:\+|00)/, '');
	const odd = /\D/.exec(number);
	if (odd) {
		return { problem: `contains the character "${odd[0]}"` };
	}
	if (number.startsWith('0')) {
		return { problem: 'has no country code' };
	}
	if (!INTERNATIONAL.test(number)) {
		return { problem: `has ${number.length} digits, where 5 to 15 are possible` };
	}
	return { digits: number };
}
