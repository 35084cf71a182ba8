import { callingCodeOf, countryName, PLAN_BY_COUNTRY, plansOf } from './countries';
import { groupsOf, halvesOf, readTyped } from './digits';
import type { NumberingPlan } from './numberingPlans';

/** The digits Sinch expects, or what is wrong with the number, e.g. `it contains letters`. */
export type PhoneNumber = { digits: string } | { problem: string; lacksCode?: true };

/** Shorter numbers are more often national ones than ones with a country code. */
const MIN_UNMARKED_DIGITS = 9;

/** Of dial-out prefixes; the longest ones choose a carrier. */
const DIAL_OUT_LENGTHS = [1, 2, 3, 4, 5, 6, 7, 8];

/** The examples of Sinch's documentation that are not in use. */
const SINCH_EXAMPLES = ['14700000000', '46712312312'];

function isInUse(digits: string): boolean {
	const code = callingCodeOf(digits);
	return plansOf(code).some(({ inUse }) => inUse.test(digits.slice(code.length)));
}

/** Numbers that begin with 0 are few: those in use. */
const isPossible = ({ callingCode, lengths }: NumberingPlan, national: string): boolean =>
	lengths.includes(national.length) &&
	(!national.startsWith('0') || isInUse(callingCode + national));

/** The national numbers that may be meant: as typed, and without a trunk prefix. */
const readNational = (plan: NumberingPlan, typed: string): string[] =>
	[
		typed,
		...(plan.trunks ?? [])
			.filter(([prefix]) => prefix.test(typed))
			.map(([prefix, replacement]) => typed.replace(prefix, replacement)),
	].filter((national) => isPossible(plan, national));

/** Whether digits begin with the prefix that is dialed before national numbers; always where there is none. */
const hasTrunk = ({ trunks = [] }: NumberingPlan, typed: string): boolean =>
	trunks.length === 0 || trunks.some(([prefix]) => prefix.test(typed));

/** The numbers of the plan's country that may be meant by digits without its country code. */
const readLocal = (plan: NumberingPlan, typed: string): string[] =>
	readNational(plan, typed).map((national) => plan.callingCode + national);

/**
 * Digits that begin with a country code, as E.164; none where no country has such a number. After the
 * country code, people write only a trunk prefix with a 0, or one within the number, as the 15 of Argentina:
 * another digit, as in 0011 65, belongs to a dial-out prefix that is longer than 00.
 */
function readInternational(digits: string): string[] {
	const code = callingCodeOf(digits);
	const typed = digits.slice(code.length);
	const isWithin = (national: string): boolean =>
		national.length < typed.length && !typed.endsWith(national);
	const all = plansOf(code)
		.flatMap((plan) => readNational(plan, typed))
		.filter(({ length }) => length <= typed.length);
	const usual = all.filter(
		(national) => national === typed || typed.startsWith('0') || isWithin(national),
	);
	const inUse = usual.filter((national) => isInUse(code + national));
	const numbers = inUse.length > 0 || usual.length === 0 ? inUse : all;
	return [...new Set(numbers.map((national) => code + national))];
}

/** The only reading; undefined without any. */
function oneOf([one, other]: string[]): PhoneNumber | undefined {
	if (other) {
		return { problem: `it may be +${one} or +${other}` };
	}
	return one === undefined ? undefined : { digits: one };
}

/** A number with a plus or dial-out prefix, which is already removed. */
function readDialed(digits: string): PhoneNumber {
	const code = callingCodeOf(digits);
	const problem = code
		? `+${code} has no phone number of ${digits.length - code.length} digits like this one`
		: 'it does not begin with a valid country code';
	return oneOf(readInternational(digits)) ?? { problem };
}

/** The numbers that may be meant where the first digits are a dial-out prefix. */
function readDialOut(text: string, number: string, plan: NumberingPlan | undefined): string[] {
	const [first = '', second = ''] = groupsOf(text);
	const read = (length: number): string[] => readInternational(number.slice(length));
	const dialOut = plan?.dialOut ?? /^00$/;
	const lengths = DIAL_OUT_LENGTHS.filter((length) => dialOut.test(number.slice(0, length)));
	// 001 65 8234 5678 is a number of Singapore where 001 is dialed, and else one of Jamaica.
	const isApart = /^001?\d$/.test(first) && callingCodeOf(second) === second;
	return [...lengths, ...(isApart ? [first.length] : [])].flatMap(read);
}

/** What is wrong with a number without a plus that has no reading. */
function refuse(number: string, plan: NumberingPlan | undefined): PhoneNumber {
	if (number.startsWith('00')) {
		return readDialed(number.slice(2));
	}
	if (plan?.country) {
		const [other] = readInternational(number);
		const advice = other ? `. If it is +${other}, start with +` : '';
		return { problem: `it is not a valid phone number in ${countryName(plan.country)}${advice}` };
	}
	const problem = number.startsWith('0') ? 'has no' : 'may be missing its';
	return { problem: `it ${problem} country code`, lacksCode: true };
}

/** Whether a number without a default country may be a national one of any country. */
function mayLackCode(text: string, number: string, international: string[]): boolean {
	const isReal = (one: string): boolean => isInUse(one) || SINCH_EXAMPLES.includes(one);
	// Only North America groups a number like 1-415-555-2671.
	const isAmerican = /^1\D+\d{3}\D+\d{3}-\d{4}$/.test(text);
	const isClear = (isAmerican || text === number) && international.some(isReal);
	const isNational = (plan: NumberingPlan): boolean => readLocal(plan, number).some(isInUse);
	const plans = [...PLAN_BY_COUNTRY.values()];
	return number.length < MIN_UNMARKED_DIGITS || (!isClear && plans.some(isNational));
}

/** Whether a number is grouped as its country does it, such as (415) 555-2671 or 415-555-2671. */
function isGroupedAsNational(text: string, { callingCode }: NumberingPlan): boolean {
	const isAmerican = ['1', '55'].includes(callingCode) && /^\(\d+\) ?\d{3,5}-\d{4}$/.test(text);
	const code = callingCodeOf(text);
	// Where a trunk prefix is dialed, 604-271-1975 may be 60 4 271 1975, with an area code of a digit.
	const isCode = code === groupsOf(text)[0] || plansOf(code).some(({ trunks }) => trunks);
	return isAmerican || (callingCode === '1' && !isCode && /^\d{3}\D+\d{3}\D+\d{4}$/.test(text));
}

/**
 * A number without a plus, which may begin with a country code or a dial-out prefix, or be a national
 * one. Whatever its grouping, all readings are weighed alike: the only one in use is taken.
 */
function readUnmarked(text: string, number: string, plan: NumberingPlan | undefined): PhoneNumber {
	const international = readInternational(number);
	// A 0 in brackets comes after a country code, as in 46 (0)70, or ends it, as in 38 (063).
	const isCode = callingCodeOf(number).startsWith(groupsOf(text)[0] ?? '');
	if (isCode && /^\(?\d+\)?\s*\(\s*0/.test(text) && international.length > 0) {
		return readDialed(number);
	}
	const dialed = readDialOut(text, number, plan);
	if (!plan && dialed.length === 0 && mayLackCode(text, number, international)) {
		return refuse(number, plan);
	}
	const local = plan ? readLocal(plan, number) : [];
	const isNational = plan && local.some(isInUse) && isGroupedAsNational(text, plan);
	// Some type one 0 before the country code, as if it were a dial-out prefix; before another one, set apart.
	const isApart = groupsOf(text)[0] === '0';
	const hasZero = plan && (isApart || number.startsWith(`0${plan.callingCode}`));
	const readings = new Set([
		...(isNational ? [] : international),
		...dialed,
		...(hasZero ? readInternational(number.slice(1)) : []),
		...local,
	]);
	const inUse = [...readings].filter(isInUse);
	const hasMark = !plan || number.startsWith('0') || international[0]?.startsWith(plan.callingCode);
	const clear = inUse.length > 0 || !hasMark ? inUse : [...readings];
	return oneOf(clear) ?? refuse(number, plan);
}

/** One extension or several, as 67/68/69. */
const EXTENSIONS = /^\D*\d{1,3}(?:\s*\/\s*\d{1,3})*\D*$/;

/** The fewest digits of a number with an extension, country code included. */
const MIN_EXTENDED = 10;

/**
 * Whether a text divides into two numbers in use, of the default country or else of any one country; if the
 * whole is not in use, also into a number and an extension.
 */
function areTwo(text: string, whole: string, plan: NumberingPlan | undefined): boolean {
	const isUsed = isInUse(whole);
	const isMarked = /^\D*(?:\+|00)/.test(text);
	const known = plan ? [plan] : [...PLAN_BY_COUNTRY.values()];
	return halvesOf(text).some((halves) => {
		const [one = '', other = ''] = halves.map((half) => half.replace(/\D/g, '').replace(/^00/, ''));
		const isExtended = EXTENSIONS.test(halves[1]) && !isUsed;
		const plans = [...(isMarked ? [] : known), ...(isUsed ? [] : plansOf(callingCodeOf(one)))];
		return plans.some((country) => {
			// A number in use is two only if both are written as the country writes its own.
			if (isUsed && ![one, other].every((digits) => hasTrunk(country, digits))) {
				return false;
			}
			const read = (digits: string): string[] => [
				...(isUsed ? [] : readInternational(digits)),
				...readLocal(country, digits),
			];
			const numbers = (isMarked ? readInternational(one) : read(one)).filter(isInUse);
			return isExtended
				? numbers.some(({ length }) => length >= MIN_EXTENDED)
				: numbers.length > 0 && read(other).some(isInUse);
		});
	});
}

/**
 * Reads a phone number as people type it, e.g. `+46 (70) 123-45 67`, `0046701234567` or
 * `+46 (0)70 123 45 67`, and returns digits with the country code, e.g. `46701234567`, the form of
 * the examples in Sinch's capability guide. What could be another number is refused. The country, by its
 * ISO 3166 code, is for numbers without a country code.
 */
export function readPhoneNumber(typed: string, defaultCountry = ''): PhoneNumber {
	const plan = PLAN_BY_COUNTRY.get(defaultCountry);
	const read = readTyped(typed);
	if ('problem' in read) {
		return read;
	}
	const { text, number } = read;
	const found =
		number.startsWith('+') && !number.startsWith('+00')
			? readDialed(number.slice(1))
			: readUnmarked(text.replace('+', ''), number.replace('+', ''), plan);
	if (!('digits' in found)) {
		return found;
	}
	const { digits } = found;
	// One of the default country is more likely than two short ones.
	const isLikely = isInUse(digits) && digits.startsWith(plan?.callingCode ?? '');
	return isLikely || !areTwo(text, digits, plan) ? found : { problem: 'it may be two numbers' };
}
