/* eslint-disable @n8n/community-nodes/no-restricted-globals, no-console */
/**
 * Numbers of every country and type, as people type them, with every country as Default Country and
 * with none, against libphonenumber. A part of all combinations, the same in each run; for more:
 * `NUMBERS=5000000 npx jest --selectProjects unit --testPathPatterns phoneNumberOracle`.
 */
import { PLAN_BY_COUNTRY } from '../../../nodes/SinchCapability/sinch/countries';
import { readPhoneNumber } from '../../../nodes/SinchCapability/sinch/phoneNumber';
import type { RealNumber } from '../../support/realNumbers';
import { COUNTRIES, isReal, randomFrom, realNumbers } from '../../support/realNumbers';

const INPUTS = Number(process.env.NUMBERS ?? 220_000);

const next = randomFrom(19_870_512);
const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;

const SEPARATORS = [' ', '-', '.', '/', '\u00a0', ' - '];

const withDigitsAt = (zero: number, text: string): string =>
	text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
const inGroups = (size: number, text: string): string[] =>
	text.replace(/\D/g, '').match(new RegExp(`\\d{1,${size}}`, 'g')) ?? [];
const inTwos = (text: string): string[] => inGroups(2, text);
const withZero = ({ callingCode, groups }: RealNumber, zero: string, by: string): string =>
	`${callingCode} ${zero}${groups.join(by)}`;

type Write = (number: RealNumber, grouped: string, by: string) => string;

/** With a plus, 00, or a 0 in brackets, which show that the country code comes first. */
const MARKED: Record<string, Write> = {
	'+ and digits': ({ digits }) => `+${digits}`,
	'+ and groups': (_, grouped) => `+${grouped}`,
	'00 and digits': ({ digits }) => `00${digits}`,
	'00 and groups': (_, grouped) => `00${grouped}`,
	'00 46 70': (_, grouped, by) => `00${by}${grouped}`,
	'+00': ({ digits }) => `+00${digits}`,
	'(+46) 70': ({ callingCode, groups }, _, by) => `(+${callingCode}) ${groups.join(by)}`,
	'tel:': ({ digits }) => `tel:+${digits}`,
	'whatsapp:': ({ digits }) => `whatsapp:+${digits}`,
	'a wa.me link': ({ digits }) => `https://wa.me/${digits}`,
	'direction marks': (_, grouped) => `\u202a+${grouped}\u202c`,
	'full-width digits': (_, grouped) => `＋${withDigitsAt(0xff10, grouped)}`,
	'Arabic digits': ({ digits }) => `+${withDigitsAt(0x660, digits)}`,
	'a decimal': ({ digits }) => `+${digits}.0`,
	'an apostrophe': ({ digits }) => `'+${digits}`,
	quotes: (_, grouped) => `"+${grouped}"`,
};

/** Those with the 0 that is dialed before national numbers. */
const MARKED_WITH_ZERO: Record<string, Write> = {
	'+46 (0)70': (number, _, by) => `+${withZero(number, '(0)', by)}`,
	'+46 070': (number, _, by) => `+${withZero(number, '0', by)}`,
	'46 (0)70': (number, _, by) => withZero(number, '(0)', by),
	'(46) (0) 70': ({ callingCode, groups }, _, by) => `(${callingCode}) (0) ${groups.join(by)}`,
	'46 (070)': ({ callingCode, groups: [area, ...rest] }, _, by) =>
		`${callingCode} (0${area}) ${rest.join(by)}`,
};

/** With a country code that only the digits show. */
const UNMARKED: Record<string, Write> = {
	'one piece': ({ digits }) => digits,
	'46 70 123': (_, grouped) => grouped,
	// With hyphens, (354) 689-5492 is how North America writes its own numbers.
	'(46) 70 123': ({ callingCode, groups }) => `(${callingCode}) ${groups.join(' ')}`,
	'46 70123': ({ callingCode, groups }, _, by) => callingCode + by + groups.join(''),
	'4670 123': ({ callingCode, groups }, _, by) => callingCode + groups.join(by),
	'4670 12345': ({ callingCode, groups: [area, ...rest] }, _, by) =>
		callingCode + area + by + rest.join(''),
	'(4670) 123': ({ callingCode, groups: [area, ...rest] }) =>
		`(${callingCode}${area}) ${rest.join(' ')}`,
	'46, then groups of two': ({ callingCode, groups }, _, by) =>
		[callingCode, ...inTwos(groups.join(''))].join(by),
	'groups of two': ({ digits }, _, by) => inTwos(digits).join(by),
	'00, then groups of three': ({ digits }, _, by) => inGroups(3, `00${digits}`).join(by),
	'00, then groups of four': ({ digits }, _, by) => inGroups(4, `00${digits}`).join(by),
};

const UNMARKED_WITH_ZERO: Record<string, Write> = {
	'46070123': ({ callingCode, groups }) => `${callingCode}0${groups.join('')}`,
	'46070 123': ({ callingCode, groups }, _, by) => `${callingCode}0${groups.join(by)}`,
	'460 70 123': ({ callingCode, groups }, _, by) => `${callingCode}0${by}${groups.join(by)}`,
	'46 070 123': (number, _, by) => withZero(number, '0', by),
	'(46) 070 123': ({ callingCode, groups }, _, by) => `(${callingCode}) 0${groups.join(by)}`,
};

/** As people write it who set the country of the number as Default Country. */
const NATIONAL: Record<string, Write> = {
	'070-123': ({ national }) => national,
	'070123': ({ national }) => national.replace(/\D/g, ''),
	'070/123': ({ national }, _, by) => national.replace(/^\D+/, '').replace(/\D+/g, by),
	'07 01 23': ({ national }, _, by) => inTwos(national).join(by),
	'70123': ({ groups }) => groups.join(''),
	'70 123': ({ groups }, _, by) => groups.join(by),
	'04670123': ({ digits }) => `0${digits}`,
	'046 70 123': (_, grouped) => `0${grouped}`,
};

const NATIONAL_WITH_ZERO: Record<string, Write> = {
	'(0)70 123': ({ groups }, _, by) => `(0)${groups.join(by)}`,
};

/** With one 0, set apart, before the country code of any country. */
const ZERO_APART: Record<string, Write> = {
	'0 46 70 123': (_, grouped, by) => `0${by}${grouped}`,
	'(0)46 70 123': (_, grouped) => `(0)${grouped}`,
	'(0) 46 70 123': (_, grouped) => `(0) ${grouped}`,
};

/** Prefixes for calls abroad of the countries that have another one than 00. */
const DIAL_OUT =
	'US 011,CA 011,AU 0011,JP 010,NG 009,TW 002,TW 009,ID 008,ID 001,KE 000,MN 001,SG 001,KR 002,TH 009,HK 001,CO 007,BR 0015,CU 119,RU 810,TZ 005,UG 007,KH 001,IL 012'
		.split(',')
		.map((entry) => entry.split(' ') as [country: string, prefix: string]);

const numbers = realNumbers(4, next);
const nationalNumbers = numbers.filter(({ country }) => PLAN_BY_COUNTRY.has(country));
const numbersWithZero = nationalNumbers.filter(({ zero }) => zero !== '');

interface Input {
	kind: string;
	text: string;
	/** Empty for none. */
	country: string;
	digits: string;
	isMarked?: boolean;
}

const anyCountry = ({ country }: RealNumber): string =>
	pick([PLAN_BY_COUNTRY.has(country) ? country : '', pick(COUNTRIES), pick(COUNTRIES), '']);

const inputOf = (
	[kind, write]: [string, Write],
	number: RealNumber,
	country: string,
	isMarked = false,
): Input => {
	const by = pick(SEPARATORS);
	const text = write(number, [number.callingCode, ...number.groups].join(by), by);
	return { kind, text, country, digits: number.digits, isMarked };
};

function dialedAbroad(): Input {
	const [country, prefix] = pick(DIAL_OUT);
	const write = pick<Write>([
		(_, grouped, by) => prefix + by + grouped,
		({ digits }) => prefix + digits,
		({ digits }, _, by) => inGroups(pick([2, 3, 4, 5]), prefix + digits).join(by),
	]);
	return inputOf(['011 46 70', write], pick(numbers), country);
}

/** 009 46 70 123 where 009 is not dialed. */
function dialedElsewhere(): Input {
	const [, prefix] = pick(DIAL_OUT.filter(([, one]) => one.startsWith('00')));
	const write: Write = (_, grouped, by) => prefix + by + grouped;
	return inputOf(['foreign prefix', write], pick(numbers), pick(['', 'SE']));
}

/** National numbers without Default Country, which are refused; in one piece they show nothing. */
const withoutCountry = (): Input =>
	inputOf(
		['national without a country', ({ national }, _, by) => national.replace(/\D+/g, by)],
		pick(nationalNumbers.filter(({ national }) => /\D/.test(national))),
		'',
	);

const inputs: Array<() => Input> = [
	...[MARKED, MARKED_WITH_ZERO, UNMARKED, UNMARKED_WITH_ZERO].flatMap((writes, index) =>
		Object.entries(writes).map((entry) => (): Input => {
			const number = pick(index % 2 === 0 ? numbers : numbersWithZero);
			return inputOf(entry, number, anyCountry(number), index < 2);
		}),
	),
	...Object.entries(NATIONAL).map((entry) => (): Input => {
		const number = pick(nationalNumbers);
		return inputOf(entry, number, number.country);
	}),
	...Object.entries(NATIONAL_WITH_ZERO).map((entry) => (): Input => {
		const number = pick(numbersWithZero);
		return inputOf(entry, number, number.country);
	}),
	...Object.entries(ZERO_APART).map((entry) => (): Input => {
		const number = pick(nationalNumbers);
		return inputOf(entry, number, pick([number.country, pick(COUNTRIES)]));
	}),
	dialedAbroad,
	dialedElsewhere,
	withoutCountry,
];

/**
 * Whether the digits can be read as one real number only. Without a default country, groups may be a
 * national number of any country.
 */
function isClear({ text, country, isMarked }: Input): boolean {
	const digits = text.replace(/\D/g, '');
	const plan = PLAN_BY_COUNTRY.get(country);
	if (isMarked || !plan) {
		return isMarked === true || (text === digits && digits.length >= 9);
	}
	const national = [
		digits,
		...(plan.trunks ?? []).map(([prefix, replacement]) => digits.replace(prefix, replacement)),
	].map((one) => plan.callingCode + one);
	const withoutZero = [digits.replace(/^0/, ''), digits.replace(/^(\d{1,3})0/, '$1')];
	return new Set([digits, ...withoutZero, ...national].filter(isReal)).size === 1;
}

describe('phone numbers of all countries, as people type them', () => {
	const changed: string[] = [];
	const refused = new Map<string, string[]>();

	beforeAll(() => {
		for (let count = 0; count < INPUTS; count++) {
			const input = (inputs[count % inputs.length] as () => Input)();
			const { kind, text, country, digits } = input;
			const result = readPhoneNumber(text, country);
			const shown = `${kind}: ${text} in ${country || 'no country'}, ${digits}`;
			if ('digits' in result && result.digits !== digits) {
				changed.push(`${shown}: ${result.digits}`);
			} else if ('problem' in result && isClear(input)) {
				refused.set(kind, [...(refused.get(kind) ?? []), `${shown}: ${result.problem}`]);
			}
		}
	});

	it('the phone numbers that are tried come from every country and service that libphonenumber knows', () => {
		expect(new Set(nationalNumbers.map(({ country }) => country)).size).toBe(COUNTRIES.length);
		expect(new Set(numbers.map(({ callingCode }) => callingCode))).toContain('881');
	});

	it('a phone number as people type it is never taken for another number', () => {
		expect(changed).toEqual([]);
	});

	it('a phone number that is clear is refused in fewer than one in a hundred cases of each kind', () => {
		const ofEachKind = INPUTS / inputs.length;
		const frequent = [...refused.values()].filter((list) => list.length >= ofEachKind / 100);
		expect(frequent).toEqual([]);
		if (process.env.NUMBERS) {
			const rows = [...refused].map(([kind, list]) => `${list.length} ${kind}, e.g. ${list[0]}`);
			console.log(`${INPUTS} inputs, ${ofEachKind} of each kind, refused:\n${rows.join('\n')}`);
		}
	});
});

describe('two phone numbers in one text', () => {
	const PAIRS = INPUTS / 10;
	const numbersOf = new Map<string, RealNumber[]>();
	for (const number of nationalNumbers) {
		numbersOf.set(number.country, [...(numbersOf.get(number.country) ?? []), number]);
	}
	const lists = [...numbersOf.values()];
	const written: Write[] = [
		({ national }) => national,
		({ national }) => national.replace(/\D/g, ''),
		({ digits }) => `+${digits}`,
		({ digits }) => digits,
	];

	it('two phone numbers in one text are never taken for one number that is not in use, and hardly ever for one that is', () => {
		const invented: string[] = [];
		const mistaken: string[] = [];
		for (let count = 0; count < PAIRS; count++) {
			const list = pick(lists);
			const [one, other] = [pick(list), pick(list)];
			const country = pick([one.country, one.country, '']);
			const text = [one, other]
				.map((number) => pick(written)(number, '', ''))
				.join(pick([...SEPARATORS, '\n', ' / ', ', ', ' oder ', '|', ';']));
			const result = readPhoneNumber(text, country);
			if ('digits' in result) {
				const shown = `${text} in ${country || 'no country'}: ${result.digits}`;
				(isReal(result.digits) ? mistaken : invented).push(shown);
			}
		}
		expect(invented).toEqual([]);
		// Without a plus, two numbers of a few digits each can be one of another country.
		expect(mistaken.length).toBeLessThan(PAIRS / 1000);
	});
});
