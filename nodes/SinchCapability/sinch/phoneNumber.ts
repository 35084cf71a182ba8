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

/** What is wrong with a number without a plus that has no reading. */
function refuse(text: string, number: string, plan: NumberingPlan | undefined): PhoneNumber {
	if (number.startsWith('00')) {
		return isDivided((groupsOf(text)[0] ?? '').length - 2, number.slice(2))
			? { problem: 'it has a dial-out prefix other than 00. Begin with + and the country code' }
			: readDialled(number.slice(2));
	}
	if (plan) {
		const [international] = readInternational(number);
		const advice = international ? `. If it is +${international}, begin with +` : '';
		return { problem: `${plan.country} has no phone number like this one${advice}` };
	}
	return {
		problem: number.startsWith('0')
			? 'it has no country code. Enter it with one, or set Default Country'
			: 'it may lack its country code. Begin with + and the country code, or set Default Country',
	};
}

/** The numbers of the plan's country that may be meant by digits without its country code. */
const readLocal = (plan: NumberingPlan, number: string): string[] =>
	readNational(plan, number).map((national) => plan.callingCode + national);

/** Whether an area code in brackets that begins with 0 follows a country code, as in 46 (0)70. */
const isMarked = (text: string): boolean => /^\(?\d{1,3}\)?\s*\(\s*0/.test(text);

/** Whether digits without a default country are no number with a country code. */
const mayLackCode = (text: string, number: string): boolean =>
	text === number
		? number.length < MIN_UNMARKED_DIGITS
		: [...PLAN_BY_COUNTRY.values()].some((plan) => readLocal(plan, number).some(isInUse));

/** Whether ten digits are written as only North America does it, such as (415) 555-2671. */
const isAsInNorthAmerica = (text: string): boolean =>
	/^\(\d{3}\) ?\d{3}-\d{4}$/.test(text) ||
	(/^\d{3}\D+\d{3}\D+\d{4}$/.test(text) && callingCodeOf(text) !== groupsOf(text)[0]);

/**
 * A number without a plus, which may begin with a country code or a dial-out prefix, or be a national
 * one. Whatever its grouping, all readings are weighed alike: the only one in use is taken.
 */
function readUnmarked(text: string, number: string, plan: NumberingPlan | undefined): PhoneNumber {
	const dialled = readDialOut(text, number, plan);
	const international = readInternational(number);
	if (isMarked(text) && international.length > 0) {
		return { digits: international[0] };
	}
	if (!plan && dialled.length === 0 && mayLackCode(text, number)) {
		return refuse(text, number, plan);
	}
	// Some type one 0 before the country code, as if it were a dial-out prefix.
	const afterZero =
		plan && number.startsWith(`0${plan.callingCode}`) ? readInternational(number.slice(1)) : [];
	const local = plan ? readLocal(plan, number) : [];
	const foreign = plan && !number.startsWith(plan.callingCode) ? international : [];
	const own = [...(foreign.length > 0 ? [] : international), ...dialled, ...afterZero, ...local];
	const readings = [
		...new Set(plan?.callingCode === '1' && isAsInNorthAmerica(text) ? own : [...foreign, ...own]),
	];
	const inUse = readings.filter(isInUse);
	const [one, other] = inUse.length > 0 ? inUse : dialled;
	if (other) {
		return { problem: `it may be +${one} or +${other}. Begin with + and the country code` };
	}
	if (foreign.length > 0 && foreign.includes(one) && readings.length > 1) {
		const [first, second] = readings;
		return { problem: `it may be +${first} or +${second}. Begin with + and the country code` };
	}
	return one ? { digits: one } : refuse(text, number, plan);
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
