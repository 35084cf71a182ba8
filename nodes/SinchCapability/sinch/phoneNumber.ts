import { toAsciiDigits } from './digits';
import type { NumberingPlan } from './numberingPlans';
import { PLAN_BY_COUNTRY, PLANS_BY_CALLING_CODE } from './numberingPlans';

/** The digits Sinch expects, or what is wrong with the number, e.g. `it contains letters`. */
export type PhoneNumber = { digits: string } | { problem: string };

/** Invisible marks, such as those for the direction of writing. */
const INVISIBLE = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** White space, dashes, brackets, dots and slashes, full-width ones included. */
const SEPARATORS =
	/[\s\u2010-\u2015\u2212\uff0d().\-/\u00b7\u2022\uff08\uff09\uff0e\uff0f\u2024[\]]+/g;

const NOT_INTERNATIONAL =
	'it may lack its country code. Begin with + and the country code, or set Default Country';

/**
 * What is dialled for an international call, by country code, where it is not 00 or not only 00. In
 * some countries its last digit chooses a carrier. Facts of Google's libphonenumber.
 */
const DIAL_OUT_PREFIXES: Record<string, RegExp> = {
	'1': /^011/,
	'7': /^810/,
	'53': /^119/,
	'55': /^00(?:1[245]|2[1-35]|31|4[13]|[56]5|99)/,
	'56': /^(?:0|1\d\d)0/,
	'57': /^00(?:4[14]4|456|[579])/,
	'61': /^0011/,
	'62': /^00[1789]/,
	'65': /^00\d/,
	'66': /^00[1-9]/,
	'81': /^010/,
	'82': /^00(?:[125689]|3[46]5|7(?:00|27|3|55|6[126]))/,
	'234': /^009/,
	'254': /^000/,
	'255': /^00[056]/,
	'256': /^00[057]/,
	'375': /^810/,
	'592': /^001/,
	'852': /^00(?:30|5[09]|[126-9])/,
	'855': /^00[14-9]/,
	'886': /^00[25-79]/,
	'972': /^01[2-9]/,
	'976': /^001/,
	'992': /^810/,
	'993': /^810/,
};

/** From this length on, digits are more often an international number than a national one. */
const MIN_LONG_DIGITS = 11;

/** Shorter numbers are more often national ones than ones with a country code. */
const MIN_UNMARKED_DIGITS = 9;

/** E.164 allows 15 digits in all. */
const MAX_DIGITS = 15;

function isPossible(plan: NumberingPlan, national: string): boolean {
	return (
		plan.lengths.has(national.length) &&
		(plan.leadingZero || !national.startsWith('0')) &&
		// In North America area codes and exchanges begin with 2 to 9.
		(plan.callingCode !== '1' || /^[2-9]\d\d[2-9]/.test(national))
	);
}

/** Dialled in Lithuania until 2025 instead of 0. */
const FORMER_TRUNK_PREFIXES: Record<string, string> = { LT: '8' };

/** The national number without a trunk prefix; undefined where the plan has no such number. */
function readNational(plan: NumberingPlan, typed: string): string | undefined {
	const trunkPrefixes = [plan.trunkPrefix, FORMER_TRUNK_PREFIXES[plan.country]];
	const withoutTrunk = trunkPrefixes.flatMap((prefix) =>
		prefix && typed.startsWith(prefix) ? typed.slice(prefix.length) : [],
	);
	return [typed, ...withoutTrunk].find((national) => isPossible(plan, national));
}

/** Whether a national number is one with and without what looks like its trunk prefix. */
const readsTwoWays = (plan: NumberingPlan, typed: string): boolean =>
	typed.startsWith(plan.trunkPrefix) &&
	isPossible(plan, typed) &&
	isPossible(plan, typed.slice(plan.trunkPrefix.length));

/** The country code that the digits begin with; no code is a prefix of another one. */
function callingCodeOf(digits: string): string | undefined {
	return [1, 2, 3]
		.map((length) => digits.slice(0, length))
		.find((code) => PLANS_BY_CALLING_CODE.has(code));
}

/**
 * Digits that begin with a country code, as E.164; undefined where no country has such a number. After
 * a country code only a trunk prefix with a 0 is left out: another digit, as in 0011 65, belongs to a
 * dial-out prefix that is longer than 00.
 */
function readInternational(digits: string): string | undefined {
	const code = callingCodeOf(digits);
	const plans = (code && PLANS_BY_CALLING_CODE.get(code)) || [];
	const typed = digits.slice(code?.length);
	const readings = new Set(
		plans
			.flatMap((plan) => readNational(plan, typed) ?? [])
			.filter((one) => one === typed || typed.startsWith('0')),
	);
	const [national] = readings;
	return readings.size === 1 && `${code}${national}`.length <= MAX_DIGITS
		? `${code}${national}`
		: undefined;
}

const found = (digits: string | undefined, problem: string): PhoneNumber =>
	digits ? { digits } : { problem };

/** A number with a plus or dial-out prefix, which is already removed. */
function readDialled(digits: string): PhoneNumber {
	const code = callingCodeOf(digits);
	if (!code) {
		return { problem: 'it does not begin with a valid country code' };
	}
	const national = digits.length - code.length;
	return found(
		readInternational(digits),
		`+${code} has no phone number of ${national} digits like this one`,
	);
}

const mayBe = (one: string, other: string): PhoneNumber => ({
	problem: `it may be +${one} or +${other}. Begin with + and the country code`,
});

/** A number that begins with a dial-out prefix; undefined for one that does not. */
function readDialOut(
	text: string,
	number: string,
	plan: NumberingPlan | undefined,
): PhoneNumber | undefined {
	const [own] = DIAL_OUT_PREFIXES[plan?.callingCode ?? '']?.exec(number) ?? [];
	const afterOwn = own && readInternational(number.slice(own.length));
	if (!number.startsWith('00')) {
		return afterOwn ? { digits: afterOwn } : undefined;
	}
	const rest = number.slice(2);
	const inFirstGroup = text.split(SEPARATORS)[0].length - 2;
	if (afterOwn) {
		const other = readInternational(rest);
		return other && other !== afterOwn ? mayBe(afterOwn, other) : { digits: afterOwn };
	}
	return inFirstGroup > 0 && inFirstGroup < (callingCodeOf(rest)?.length ?? 0)
		? { problem: 'it has a dial-out prefix other than 00. Begin with + and the country code' }
		: readDialled(rest);
}

/**
 * Whether digits without a plus may begin with a country code: written in one piece, as
 * Sinch does it, or as in 46 (0)70. In groups, the first one may be an area code.
 */
const isClearlyInternational = (text: string, digits: string): boolean =>
	digits.length >= MIN_UNMARKED_DIGITS && (text === digits || /^\d{1,3}\s*\(\s*0\s*\)/.test(text));

/** A number without a plus, which may begin with a country code or belong to the default country. */
function readUnmarked(text: string, digits: string, plan: NumberingPlan | undefined): PhoneNumber {
	const international = isClearlyInternational(text, digits)
		? readInternational(digits)
		: undefined;
	if (!plan) {
		return digits.startsWith('0')
			? { problem: 'it has no country code. Enter it with one, or set Default Country' }
			: found(international, NOT_INTERNATIONAL);
	}
	const local = readNational(plan, digits);
	if (!local) {
		return found(international, `${plan.country} has no phone number like this one`);
	}
	if (plan.trunkPrefix && readsTwoWays(plan, digits)) {
		return { problem: 'it can be read in two ways. Begin with + and the country code' };
	}
	const national = `${plan.callingCode}${local}`;
	const hasTrunkPrefix = local !== digits;
	if (hasTrunkPrefix || !international || international === national) {
		return { digits: national };
	}
	const isLong = digits.length >= MIN_LONG_DIGITS;
	const needsTrunkPrefix = plan.trunkPrefix === '0' && !plan.leadingZero;
	if (isLong && !needsTrunkPrefix && digits.startsWith(plan.callingCode)) {
		return { digits: international };
	}
	return isLong || needsTrunkPrefix ? mayBe(international, national) : { digits: national };
}

/** A link or spreadsheet value as the number in it. */
function unwrap(typed: string): string {
	const text = toAsciiDigits(typed.replace(INVISIBLE, ''))
		.replace(/[\uff0b\ufe62]/g, '+')
		.trim();
	const link =
		/^(?:https?:\/\/)?(?:wa\.me\/|(?:api\.)?whatsapp\.com\/send\/?\?phone=)(?:\+|%2B)?(\d+)\/?(?:[?&].*)?$/i.exec(
			text,
		);
	if (link) {
		return `+${link[1]}`;
	}
	// Spreadsheets turn numbers into decimals.
	return text.replace(/^tel:(?:\/\/)?/i, '').replace(/^(\+?\d{6,})\.0+$/, '$1');
}

/** The first character that no phone number has; an emoji counts as one. */
function oddCharacter(typed: string, text: string): string | undefined {
	const odd = /[^\d+]/u.exec(text.replace(SEPARATORS, ''))?.[0];
	const segments = odd ? [...new Intl.Segmenter('en').segment(typed)] : [];
	return segments.find(({ segment }) => segment.includes(odd as string))?.segment ?? odd;
}

/**
 * Reads a phone number as people type it, e.g. `+46 (70) 123-45 67`, `0046701234567` or
 * `+46 (0)70 123 45 67`, and returns digits with the country code, e.g. `46701234567`, the form of
 * the examples in Sinch's capability guide. What could be another number is refused.
 *
 * @param defaultCountry ISO 3166 code, for numbers without a country code
 */
export function readPhoneNumber(typed: string, defaultCountry = ''): PhoneNumber {
	const text = unwrap(typed);
	const plan = PLAN_BY_COUNTRY.get(defaultCountry);
	const odd = oddCharacter(typed, text);
	if (/^\+?\d(?:[.,]\d+)?e\+?\d+$/i.test(text)) {
		return { problem: 'it is in scientific notation. Format the column as text' };
	}
	if (/\p{L}/u.test(text)) {
		return { problem: 'it contains letters' };
	}
	if (odd) {
		return { problem: `it contains the character "${odd}"` };
	}
	const number = text.replace(SEPARATORS, '');
	if (number.indexOf('+', 1) > 0 || number === '+' || number === '') {
		return { problem: number.length > 1 ? 'it has a + in the middle' : 'it has no digits' };
	}
	if (number.startsWith('+')) {
		return readDialled(number.slice(1).replace(/^00/, ''));
	}
	return readDialOut(text, number, plan) ?? readUnmarked(text, number, plan);
}
