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
	/** In groups, with the plus. */
	international: string;
	/** As dialled within the country. */
	national: string;
	isMobile: boolean;
}

const MOBILE_TYPES = ['MOBILE', 'FIXED_LINE_OR_MOBILE'];

const random = (seed: number) => () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;

/** The number as libphonenumber knows it, undefined where it is not exactly this real one. */
function realNumber(digits: string) {
	const number = parsePhoneNumberFromString(`+${digits}`);
	return number?.isValid() && number.number === `+${digits}` ? number : undefined;
}

/** The example of a country, which is mobile, with other last digits, and any real numbers. */
function samplesOf(country: CountryCode, next: () => number): Sample[] {
	const code = getCountryCallingCode(country);
	const lengths = [...(PLAN_BY_COUNTRY.get(country)?.lengths ?? [])];
	const example = getExampleNumber(country, examples)?.number.slice(1) ?? '';
	const found = new Map<string, Sample>();
	for (let count = 0; found.size < 16 && count < 400; count++) {
		const length = count < 60 ? 3 : lengths[count % lengths.length];
		const tail = Array.from({ length }, () => Math.floor(next() * 10)).join('');
		const number = realNumber(count < 60 ? example.slice(0, -3) + tail : code + tail);
		const type = number?.getType() ?? '';
		const isWanted = count < 60 ? found.size < 6 : [...MOBILE_TYPES, 'FIXED_LINE'].includes(type);
		if (number && isWanted && number.country === country) {
			found.set(number.number, {
				country,
				digits: number.number.slice(1),
				international: number.formatInternational(),
				national: number.formatNational().replace(/\D/g, ''),
				isMobile: MOBILE_TYPES.includes(type),
			});
		}
	}
	return [...found.values()];
}

const next = random(19_870_512);
const numbers = getCountries().flatMap((country) => samplesOf(country, next));

/** All real numbers that digits may mean where a country is the default one. */
function meanings(typed: string, country: CountryCode): Set<string> {
	const code = getCountryCallingCode(country);
	const trunks = PLAN_BY_COUNTRY.get(country)?.trunkPrefixes ?? [];
	const national = ['', ...trunks]
		.filter((trunk) => typed.startsWith(trunk))
		.map((trunk) => code + typed.slice(trunk.length));
	return new Set([typed, ...national].filter((digits) => realNumber(digits)));
}

interface Typed extends Sample {
	text: string;
	defaultCountry: CountryCode | '';
}

/** What is taken for another number, and the share of numbers with one meaning that are refused. */
function judge(typed: Typed[]) {
	const read = typed.map((one) => ({
		...one,
		result: readPhoneNumber(one.text, one.defaultCountry),
	}));
	const changed = read.filter(
		({ result, digits }) => 'digits' in result && result.digits !== digits,
	);
	const clear = read.filter(
		({ text, defaultCountry }) =>
			defaultCountry !== '' && meanings(text, defaultCountry).size === 1,
	);
	const refused = clear.filter(({ result }) => 'problem' in result);
	const line = ({ text, defaultCountry, digits, result }: (typeof read)[number]) =>
		`${text} in ${defaultCountry}, +${digits}: ${JSON.stringify(result)}`;
	const report = {
		typed: typed.length,
		refusedOfAll: read.filter(({ result }) => 'problem' in result).length,
		clear: clear.length,
		refused: refused.length,
	};
	if (process.env.ORACLE_REPORT) console.log(report, refused.map(line).slice(0, 60), changed.map(line).slice(0, 20));
	return { changed: changed.map(line), changedOnes: changed, share: refused.length / clear.length, report };
}

const OWN: Array<[name: string, text: (sample: Sample) => string]> = [
	['digits with the country code', ({ digits }) => digits],
	['national digits', ({ national }) => national],
	// GA has numbers with and without its leading 0.
	['national digits as a spreadsheet shows them', ({ national, country }) => PLAN_BY_COUNTRY.get(country)?.leadingZero ? national : national.replace(/^0/, '')],
];

describe('digits with the own country as Default Country against libphonenumber', () => {
	it.each(OWN)('%s: none is changed, and less than one in a hundred refused', (_, text) => {
		const { changed, share } = judge(
			numbers.map((one) => ({ ...one, text: text(one), defaultCountry: one.country })),
		);
		expect(changed).toEqual([]);
		expect(share).toBeLessThan(0.01);
	});
});

const OTHERS: CountryCode[] = [
	'US', 'DE', 'IT', 'LU', 'LT', 'CN', 'IN', 'ID', 'CO', 'BR', 'NO', 'SE', 'GB', 'JP', 'RU', 'MX', 'ZA', 'AT', 'FI', 'KE',
];

describe('with another Default Country', () => {
	const abroad = OTHERS.flatMap((defaultCountry) =>
		numbers
			.filter(({ country }) => getCountryCallingCode(country) !== getCountryCallingCode(defaultCountry))
			.map((one) => ({ ...one, defaultCountry })),
	);

	it('takes no mobile number', () => {
		const { changed } = judge(abroad.filter(({isMobile}) => isMobile).map((one) => ({ ...one, text: one.digits })));
		expect(changed).toEqual([]);
	});
	it('takes landlines', () => {
		const { changedOnes, changed } = judge(abroad.filter(({isMobile}) => !isMobile).map((one) => ({ ...one, text: one.digits })));
		if (process.env.ORACLE_REPORT) console.log(changed.length);
		expect(changedOnes.filter(({ result }) => !MOBILE_TYPES.includes(parsePhoneNumberFromString('+' + (result as {digits: string}).digits)?.getType() ?? ''))).toEqual([]);
	});
	it('groups', () => {
		const { changed } = judge(abroad.filter(({isMobile}) => isMobile).map((one) => ({ ...one, text: one.international.slice(1) })));
		expect(changed).toEqual([]);
	});
});

const DIAL_OUT: Array<[string, CountryCode]> = [['011','US'],['0011','AU'],['010','JP'],['009','NG'],['002','TW'],['009','TW'],['008','ID'],['001','ID'],['000','KE'],['001','MN'],['001','GY'],['001','SG'],['002','KR'],['00700','KR'],['001','TH'],['009','TH'],['001','HK'],['0059','HK'],['007','CO'],['00414','CO'],['0015','BR'],['119','CU'],['810','RU'],['810','TJ'],['005','TZ'],['007','UG'],['001','KH'],['012','IL'],['990','FI'],['00','SE'],['00','US'],['00','NG'],['00','SG'],['00','TH']];

describe('dial-out', () => {
	const typed = (text: (prefix: string, one: Sample) => string, d?: CountryCode | '') => DIAL_OUT.filter(([p])=>d===undefined||p!=='00').flatMap(([prefix, defaultCountry]) => numbers.map((one) => ({ ...one, text: text(prefix, one), defaultCountry: d ?? defaultCountry })));
	it('own groups', () => { const { changed } = judge(typed((p, o) => `${p} ${o.international.slice(1)}`)); expect(changed).toEqual([]); });
	it('own digits', () => { const { changed } = judge(typed((p, o) => `${p}${o.digits}`)); expect(changed).toEqual([]); });
	it('none groups', () => { const { changed } = judge(typed((p, o) => `${p} ${o.international.slice(1)}`, '').filter(o => true)); expect(changed).toEqual([]); });
	it('none digits', () => { const { changed } = judge(typed((p, o) => `${p}${o.digits}`, '')); expect(changed).toEqual([]); });
	it('SE groups', () => { const { changed } = judge(typed((p, o) => `${p} ${o.international.slice(1)}`, 'SE')); expect(changed).toEqual([]); });
});
