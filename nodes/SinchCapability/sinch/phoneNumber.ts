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

/** Prefixes that countries dial for an international call, where it is not 00. */
const DIAL_OUT_PREFIXES: Record<string, string> = { '1': '011', '61': '0011', '81': '010' };

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

/** The national number without a trunk prefix; undefined where the plan has no such number. */
function readNational(plan: NumberingPlan, typed: string): string | undefined {
	const { trunkPrefix } = plan;
	if (isPossible(plan, typed)) {
		return typed;
	}
	const rest = typed.slice(trunkPrefix.length);
	return trunkPrefix && typed.startsWith(trunkPrefix) && isPossible(plan, rest) ? rest : undefined;
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

/** Digits that begin with a country code, as E.164; undefined where no country has such a number. */
function readInternational(digits: string): string | undefined {
	const code = callingCodeOf(digits);
	const plans = (code && PLANS_BY_CALLING_CODE.get(code)) || [];
	const readings = new Set(
		plans.flatMap((plan) => readNational(plan, digits.slice(plan.callingCode.length)) ?? []),
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
		return { problem: 'it begins with no country code that exists' };
	}
	const national = digits.length - code.length;
	return found(
		readInternational(digits),
		`+${code} has no phone number of ${national} digits like this one`,
	);
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
	const needsTrunkPrefix = plan.trunkPrefix === '0' && !plan.leadingZero;
	return needsTrunkPrefix && !hasTrunkPrefix && international && international !== national
		? { problem: `it may be +${international} or +${national}. Begin with + and the country code` }
		: { digits: national };
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
		return { problem: 'it is shortened to scientific notation. Format the column as text' };
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
	const dialOut = DIAL_OUT_PREFIXES[plan?.callingCode ?? ''];
	if (dialOut && number.startsWith(dialOut)) {
		return readDialled(number.slice(dialOut.length));
	}
	if (number.startsWith('00')) {
		return readDialled(number.slice(2));
	}
	return readUnmarked(text, number, plan);
}
