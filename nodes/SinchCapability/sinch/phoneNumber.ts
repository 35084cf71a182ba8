import { groupsOf, readTyped } from './digits';
import type { NumberingPlan } from './numberingPlans';
import { callingCodeOf, PLAN_BY_COUNTRY, plansOf } from './numberingPlans';

/** The digits Sinch expects, or what is wrong with the number, e.g. `it contains letters`. */
export type PhoneNumber = { digits: string } | { problem: string };

/** Shorter numbers are more often national ones than ones with a country code. */
const MIN_UNMARKED_DIGITS = 9;

/** E.164 allows 15 digits in all. */
const MAX_DIGITS = 15;

/** Of dial-out prefixes; the longest ones choose a carrier. */
const DIAL_OUT_LENGTHS = [1, 2, 3, 4, 5, 6, 7, 8];

function isPossible(plan: NumberingPlan, national: string): boolean {
	return (
		plan.lengths.has(national.length) &&
		(plan.leadingZero || !national.startsWith('0')) &&
		// In North America area codes and exchanges begin with 2 to 9.
		(plan.callingCode !== '1' || /^[2-9]\d\d[2-9]/.test(national))
	);
}

/** The national numbers that may be meant: as typed, and without a trunk prefix. */
const readNational = (plan: NumberingPlan, typed: string): string[] =>
	[
		typed,
		...plan.trunkPrefixes
			.filter((prefix) => typed.startsWith(prefix))
			.map((prefix) => typed.slice(prefix.length)),
	].filter((national) => isPossible(plan, national));

/**
 * Digits that begin with a country code, as E.164; none where no country has such a number. After the
 * country code, people write only a trunk prefix with a 0: another digit, as in 0011 65, belongs to a
 * dial-out prefix that is longer than 00.
 */
function readInternational(digits: string): string[] {
	const code = callingCodeOf(digits);
	const typed = digits.slice(code.length);
	const readings = new Set(
		plansOf(code).flatMap((plan) =>
			readNational(plan, typed)
				.filter((national) => national === typed || typed.startsWith('0'))
				.slice(0, 1),
		),
	);
	const numbers = [...readings].map((national) => code + national);
	return numbers.length === 1 && numbers[0].length <= MAX_DIGITS ? numbers : [];
}

/** Whether E.164 digits begin as numbers in use do. */
function isInUse(digits: string): boolean {
	const code = callingCodeOf(digits);
	const national = digits.slice(code.length);
	return plansOf(code).some(({ starts }) => starts.get(national.length)?.test(national));
}

/** A number with a plus or dial-out prefix, which is already removed. */
function readDialled(digits: string): PhoneNumber {
	const [number] = readInternational(digits);
	const code = callingCodeOf(digits);
	if (number) {
		return { digits: number };
	}
	return {
		problem: code
			? `+${code} has no phone number of ${digits.length - code.length} digits like this one`
			: 'it does not begin with a valid country code',
	};
}

/** Whether a group ends within the country code: 009 1 is not 00 91. */
const isDivided = (groupLength: number, digits: string): boolean =>
	groupLength > 0 && groupLength < callingCodeOf(digits).length;

/** The numbers that may be meant where the first digits are a dial-out prefix. */
function readDialOut(text: string, number: string, plan: NumberingPlan | undefined): string[] {
	const [first = '', second = ''] = groupsOf(text);
	const dialOut = plan?.dialOut ?? /^00$/;
	const readAfter = (length: number): string[] => {
		const rest = number.slice(length);
		return isDivided(first.length - length, rest) ? [] : readInternational(rest);
	};
	const readings = DIAL_OUT_LENGTHS.filter((length) =>
		dialOut.test(number.slice(0, length)),
	).flatMap(readAfter);
	// 001 65 8234 5678 is a number of Singapore where 001 is dialled, and else one of Jamaica.
	const isForeign = /^00\d/.test(first) && second !== '' && callingCodeOf(second) === second;
	return readings.length > 0 && isForeign ? [...readings, ...readAfter(first.length)] : readings;
}

/**
 * Digits that may begin with a country code: written in one piece, as Sinch does it, or with the
 * code as the first group. A group in brackets is an area code.
 */
function readUnmarkedInternational(text: string, number: string): string[] {
	const isFirstGroup = new RegExp(`^${callingCodeOf(number)}[^\\d)]`).test(text);
	return text === number || isFirstGroup ? readInternational(number) : [];
}

/** What is wrong with a number without a plus that cannot be read. */
function refuse(
	text: string,
	number: string,
	plan: NumberingPlan | undefined,
	international: string | undefined,
): PhoneNumber {
	if (number.startsWith('00')) {
		return isDivided((groupsOf(text)[0] ?? '').length - 2, number.slice(2))
			? { problem: 'it has a dial-out prefix other than 00. Begin with + and the country code' }
			: readDialled(number.slice(2));
	}
	if (plan) {
		const advice = international ? `. If it is +${international}, begin with +` : '';
		return { problem: `${plan.country} has no phone number like this one${advice}` };
	}
	return {
		problem: number.startsWith('0')
			? 'it has no country code. Enter it with one, or set Default Country'
			: 'it may lack its country code. Begin with + and the country code, or set Default Country',
	};
}

/**
 * A number without a plus, which may begin with a country code or a dial-out prefix, or be a national
 * one of the default country. Of several readings, the only one in use is taken; but where there is a
 * default country, digits of another one need a plus, as they may be a mistyped national number.
 */
function readUnmarked(text: string, number: string, plan: NumberingPlan | undefined): PhoneNumber {
	const code = callingCodeOf(number);
	const [international] = readUnmarkedInternational(text, number);
	if (international && /^\d{1,3}\s*\(\s*0\s*\)/.exec(text)) {
		return { digits: international };
	}
	const isExpected = plan
		? code === plan.callingCode
		: text === number && number.length >= MIN_UNMARKED_DIGITS;
	const local = [
		...readDialOut(text, number, plan),
		...(plan ? readNational(plan, number).map((digits) => plan.callingCode + digits) : []),
	];
	const readings = [...new Set(international ? [international, ...local] : local)];
	const clear = readings.length > 1 ? readings.filter(isInUse) : readings;
	const [one] = clear;
	if (clear.length === 1 && (isExpected || local.includes(one))) {
		return { digits: one };
	}
	if (readings.length > 1) {
		const [first, second] = clear.length > 1 ? clear : readings;
		return { problem: `it may be +${first} or +${second}. Begin with + and the country code` };
	}
	return refuse(text, number, plan, international);
}

/**
 * Reads a phone number as people type it, e.g. `+46 (70) 123-45 67`, `0046701234567` or
 * `+46 (0)70 123 45 67`, and returns digits with the country code, e.g. `46701234567`, the form of
 * the examples in Sinch's capability guide. What could be another number is refused.
 *
 * @param defaultCountry ISO 3166 code, for numbers without a country code
 */
export function readPhoneNumber(typed: string, defaultCountry = ''): PhoneNumber {
	const plan = PLAN_BY_COUNTRY.get(defaultCountry);
	const read = readTyped(typed);
	if ('problem' in read) {
		return read;
	}
	const { text, number } = read;
	return number.startsWith('+') && !number.startsWith('+00')
		? readDialled(number.slice(1))
		: readUnmarked(text.replace('+', ''), number.replace('+', ''), plan);
}
