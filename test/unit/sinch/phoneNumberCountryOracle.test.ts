import type { CountryCode } from 'libphonenumber-js/max';
import {
	getCountries,
	getCountryCallingCode,
	getExampleNumber,
	parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import { Metadata } from 'libphonenumber-js/core';
import metadataOfAll from 'libphonenumber-js/metadata.max.json';
import examples from 'libphonenumber-js/mobile/examples';

import { PLAN_BY_COUNTRY } from '../../../nodes/SinchCapability/sinch/numberingPlans';
import { readPhoneNumber } from '../../../nodes/SinchCapability/sinch/phoneNumber';

/** A real number according to libphonenumber. */
interface Sample {
	country: CountryCode;
	/** With country code. */
	digits: string;
	/** In groups, without a plus. */
	groups: string;
	/** As dialled within the country. */
	national: string;
}

interface Typed extends Sample {
	text: string;
	defaultCountry: CountryCode | '';
}

const random = (seed: number) => () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;

/** The number as libphonenumber knows it, undefined where it is not exactly this real one. */
function realNumber(digits: string) {
	const number = parsePhoneNumberFromString(`+${digits}`);
	return number?.isValid() && number.number === `+${digits}` ? number : undefined;
}

const EXAMPLES = 6;
const MAX_TRIES = 200;
const PERSONAL_TYPES = ['MOBILE', 'FIXED_LINE', 'FIXED_LINE_OR_MOBILE'];

/** At most six mobile numbers like the example of a country, and six random ones. */
function samplesOf(country: CountryCode, next: () => number): Sample[] {
	const lengths = [...(PLAN_BY_COUNTRY.get(country)?.lengths ?? [])];
	const example = getExampleNumber(country, examples)?.number.slice(1) ?? '';
	const found = new Map<string, Sample>();
	for (let count = 0; found.size < 2 * EXAMPLES && count < MAX_TRIES; count++) {
		const isLikeExample = found.size < EXAMPLES && count < MAX_TRIES / 4;
		const length = isLikeExample ? 3 : lengths[count % lengths.length];
		const tail = Array.from({ length }, () => Math.floor(next() * 10)).join('');
		const start = isLikeExample ? example.slice(0, -3) : getCountryCallingCode(country);
		const number = realNumber(start + tail);
		if (number?.country === country && PERSONAL_TYPES.includes(number.getType() ?? '')) {
			found.set(number.number, {
				country,
				digits: number.number.slice(1),
				groups: number.formatInternational().slice(1),
				national: number.formatNational().replace(/\D/g, ''),
			});
		}
	}
	return [...found.values()];
}

const next = random(19_870_512);
const numbers = getCountries().flatMap((country) => samplesOf(country, next));

/** Whether digits are only one real number where a country is the default one. */
function isClear({ text, country }: Typed): boolean {
	const code = getCountryCallingCode(country);
	const national = ['', ...(PLAN_BY_COUNTRY.get(country)?.trunkPrefixes ?? [])]
		.filter((trunk) => text.startsWith(trunk))
		.map((trunk) => code + text.slice(trunk.length));
	return new Set([text, ...national].filter((digits) => realNumber(digits))).size === 1;
}

const read = ({ text, defaultCountry }: Typed) => readPhoneNumber(text, defaultCountry);

/** The numbers that are taken for others. */
const changed = (typed: Typed[]): string[] =>
	typed.flatMap((one) => {
		const result = read(one);
		return 'digits' in result && result.digits !== one.digits
			? [`${one.text} in ${one.defaultCountry}: ${result.digits}, not ${one.digits}`]
			: [];
	});

/** The 0 that a spreadsheet leaves out; in some countries it belongs to the number. */
const asInSpreadsheet = ({ national, country }: Sample): string =>
	PLAN_BY_COUNTRY.get(country)?.leadingZero ? national : national.replace(/^0/, '');

describe('digits where their own country is the default one', () => {
	it.each<[string, (sample: Sample) => string, number]>([
		['with the country code', ({ digits }) => digits, 0.01],
		['national', ({ national }) => national, 0.01],
		// Without the 0, more of them may have a country code.
		['national, in a spreadsheet', asInSpreadsheet, 0.03],
	])('%s: none is changed, and hardly a clear one refused', (_, text, share) => {
		const typed = numbers.map((one) => ({ ...one, text: text(one), defaultCountry: one.country }));
		expect(typed.length).toBeGreaterThan(2_000);
		expect(changed(typed)).toEqual([]);
		const clear = typed.filter(isClear);
		const refused = clear.filter((one) => 'problem' in read(one));
		const list = refused.map((one) => `${one.country} ${one.text}`);
		expect(refused.length / clear.length < share ? [] : list).toEqual([]);
	});
});

/** Whose numbers have many lengths, no trunk prefix, or other habits. */
const DEFAULT_COUNTRIES = 'US DE IT LU LT CN IN ID CO BR NO SE GB JP RU MX ZA AT FI KE'.split(
	' ',
) as CountryCode[];

describe('digits of another country than the default one', () => {
	it.each<[string, (sample: Sample) => string]>([
		['in one piece', ({ digits }) => digits],
		['in groups', ({ groups }) => groups],
	])('%s are never another number', (_, text) => {
		const typed = DEFAULT_COUNTRIES.flatMap((defaultCountry) =>
			numbers
				.filter(({ country }) => country !== defaultCountry)
				.map((one) => ({ ...one, text: text(one), defaultCountry })),
		);
		expect(changed(typed)).toEqual([]);
	});
});

/** One of the prefixes for calls abroad of every country that has another one than 00. */
const DIAL_OUT =
	'US 011,AU 0011,JP 010,NG 009,TW 002,TW 009,ID 008,ID 001,KE 000,MN 001,SG 001,KR 002,TH 009,HK 001,CO 007,BR 0015,CU 119,RU 810,TZ 005,UG 007,KH 001,IL 012'
		.split(',')
		.map((entry) => entry.split(' ') as [CountryCode, string]);

describe('behind the dial-out prefix of a country', () => {
	it.each(DIAL_OUT)('%s, %s, no number is another one', (country, prefix) => {
		const ways = numbers.flatMap((one) => [
			{ ...one, text: `${prefix} ${one.groups}`, defaultCountry: country },
			{ ...one, text: prefix + one.digits, defaultCountry: country },
		]);
		expect(changed(ways)).toEqual([]);
	});

	it.each(DIAL_OUT.filter(([, prefix]) => prefix.startsWith('00')))(
		'%s, %s, no number in groups is another one elsewhere',
		(_, prefix) => {
			const elsewhere = numbers.map((one) => ({ ...one, text: `${prefix} ${one.groups}` }));
			expect(changed(elsewhere.map((one) => ({ ...one, defaultCountry: '' })))).toEqual([]);
			expect(changed(elsewhere.map((one) => ({ ...one, defaultCountry: 'SE' })))).toEqual([]);
		},
	);

	it('knows those that libphonenumber knows', () => {
		const metadata = new Metadata(metadataOfAll as never);
		const prefixes = Array.from({ length: 4 }, (_, digits) =>
			Array.from({ length: 10 ** (digits + 1) }, (__, one) =>
				String(one).padStart(digits + 1, '0'),
			),
		).flat();
		const missing = getCountries().flatMap((country) => {
			metadata.selectNumberingPlan(country);
			const plan = metadata.numberingPlan as unknown as { IDDPrefix(): string };
			const theirs = new RegExp(`^(?:${plan.IDDPrefix()})$`);
			const ours = PLAN_BY_COUNTRY.get(country)?.dialOut;
			const missed = prefixes.filter((prefix) => theirs.test(prefix) && !ours?.test(prefix));
			return missed.map((prefix) => `${country} ${prefix}`);
		});
		expect(missing).toEqual([]);
	});
});
