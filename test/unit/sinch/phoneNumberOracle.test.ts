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

/** A real number according to libphonenumber, and the ways in which people write it. */
interface Sample {
	country: CountryCode;
	/** With country code. */
	digits: string;
	international: string;
	national: string;
}

const wide = (text: string) =>
	text.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
const arabic = (text: string) =>
	text.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)));

/** The format, and whether it needs its country as the default country. */
const FORMATS: Array<[name: string, type: (sample: Sample) => string, withDefault?: true]> = [
	['+ and digits', ({ digits }) => `+${digits}`],
	['+ and groups', ({ international }) => international],
	['+ and hyphens', ({ international }) => international.replace(/ /g, '-')],
	['+ and (0)', (sample) => withTrunkZero(sample, '(0)')],
	['+ and 0', (sample) => withTrunkZero(sample, '0')],
	['(+46) (0)', (sample) => withTrunkZero(sample, '(0)').replace(/^(\+\d+)/, '($1)')],
	['country code and (0)', (sample) => withoutPlus(withTrunkZero(sample, '(0)'))],
	['+00', ({ digits }) => `+00${digits}`],
	['00', ({ digits }) => `00${digits}`],
	['tel:', ({ digits }) => `tel:+${digits}`],
	['a wa.me link', ({ digits }) => `https://wa.me/${digits}`],
	['direction marks', ({ international }) => `\u202a${international}\u202c`],
	['full-width digits', ({ international }) => wide(international).replace('+', '＋')],
	['Arabic digits', ({ digits }) => `+${arabic(digits)}`],
	['a spreadsheet decimal', ({ digits }) => `+${digits}.0`],
	['digits', ({ digits }) => digits],
	['+ where the country is default', ({ international }) => international, true],
	['national', ({ national }) => national, true],
];

/** With the national prefix 0, or unchanged where there is none. */
function withTrunkZero({ country, international }: Sample, zero: string): string {
	const plan = PLAN_BY_COUNTRY.get(country);
	return plan?.trunkPrefixes[0] === '0' && !plan.leadingZero
		? international.replace(' ', ` ${zero}`)
		: international;
}

/** Without the plus, where (0) shows that the country code comes first. */
const withoutPlus = (text: string): string => (text.includes('(0)') ? text.slice(1) : text);

const random = (seed: number) => () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;

const MAX_TRIES = 300;

/** The example of a country with other last digits, and valid random mobile and fixed numbers. */
function* candidates(country: CountryCode, next: () => number) {
	const example = getExampleNumber(country, examples)?.number ?? '';
	yield example;
	for (let count = 0; count < 4; count++) {
		yield example.slice(0, -3) + String(Math.floor(next() * 1_000)).padStart(3, '0');
	}
	const lengths = [...(PLAN_BY_COUNTRY.get(country)?.lengths ?? [])];
	for (let count = 0; count < MAX_TRIES; count++) {
		const length = lengths[count % lengths.length];
		const digits = Array.from({ length }, () => Math.floor(next() * 10)).join('');
		yield `+${getCountryCallingCode(country)}${digits}`;
	}
}

const PERSONAL_TYPES = ['MOBILE', 'FIXED_LINE', 'FIXED_LINE_OR_MOBILE'];

/** At most ten real numbers of every country. */
function samples(): Sample[] {
	const next = random(20_261_124);
	return getCountries().flatMap((country) => {
		const found = new Map<string, Sample>();
		for (const candidate of candidates(country, next)) {
			const number = found.size < 10 && parsePhoneNumberFromString(candidate);
			const isOwn =
				number &&
				PERSONAL_TYPES.includes(number.getType() ?? '') &&
				(number.country === country || found.size === 0);
			if (isOwn) {
				found.set(number.number, {
					country,
					digits: number.number.slice(1),
					international: number.formatInternational(),
					national: number.formatNational(),
				});
			}
		}
		return [...found.values()];
	});
}

const numbers = samples();

const typed = FORMATS.flatMap(([format, type, withDefault]) =>
	numbers.map((sample) => ({ format, text: type(sample), withDefault, ...sample })),
);

describe('phone numbers of all countries against libphonenumber', () => {
	const read = typed.map((one) => ({
		...one,
		result: readPhoneNumber(one.text, one.withDefault && one.country),
	}));

	it('covers more than 2,000 numbers of every country', () => {
		expect(typed.length).toBeGreaterThan(2_000);
		expect(new Set(numbers.map(({ country }) => country)).size).toBe(getCountries().length);
	});

	it('never changes one silently', () => {
		const changed = read.filter(
			({ result, digits }) => 'digits' in result && result.digits !== digits,
		);
		expect(
			changed.map(({ format, text, country, result }) => [format, country, text, result]),
		).toEqual([]);
	});

	it('refuses less than one in a hundred', () => {
		const refused = read.filter(({ result }) => 'problem' in result);
		const share = refused.length / typed.length;
		const list = refused.map(({ format, text, country }) => `${format}: ${country} ${text}`);
		expect({ share, list: share < 0.01 ? [] : list }).toEqual({ share, list: [] });
	});

	it('never takes a number without country code for one of another country', () => {
		const taken = numbers.flatMap(({ national, digits, country }) => {
			const result = readPhoneNumber(national);
			return 'digits' in result && result.digits !== digits && /\D/.test(national)
				? [`${country} ${national}: ${result.digits}`]
				: [];
		});
		expect(taken).toEqual([]);
	});
});

describe('the numbering plans', () => {
	it('have the country code and trunk prefix that libphonenumber has', () => {
		const metadata = new Metadata(metadataOfAll as never);
		const theirs = getCountries().map((country) => {
			metadata.selectNumberingPlan(country);
			const plan = metadata.numberingPlan as { nationalPrefix(): unknown } | undefined;
			return [country, getCountryCallingCode(country), String(plan?.nationalPrefix() || '')];
		});
		const ours = [...PLAN_BY_COUNTRY.values()].map(({ country, callingCode, trunkPrefixes }) => [
			country,
			callingCode,
			trunkPrefixes[0] ?? '',
		]);
		const withGabon = theirs.map((plan) => (plan[0] === 'GA' ? ['GA', '241', '0'] : plan));
		expect(ours.sort()).toEqual(withGabon.sort());
	});
});
