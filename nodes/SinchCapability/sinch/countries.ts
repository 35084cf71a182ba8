import { type NumberingPlan, NUMBERING_PLANS } from './numberingPlans';

/** By ISO 3166 code of the country. */
export const PLAN_BY_COUNTRY: ReadonlyMap<string, NumberingPlan> = new Map(
	NUMBERING_PLANS.flatMap((plan) => (plan.country ? [[plan.country, plan]] : [])),
);

const plansByCode = NUMBERING_PLANS.reduce(
	(map, plan) => map.set(plan.callingCode, [...(map.get(plan.callingCode) ?? []), plan]),
	new Map<string, NumberingPlan[]>(),
);

/** Several countries share some country codes. */
export const plansOf = (callingCode: string): NumberingPlan[] => plansByCode.get(callingCode) ?? [];

/** The country code that digits begin with, empty for none; no code is a prefix of another one. */
export const callingCodeOf = (digits: string): string =>
	[1, 2, 3].map((length) => digits.slice(0, length)).find((code) => plansByCode.has(code)) ?? '';

const englishNames = new Intl.DisplayNames(['en'], { type: 'region' });

/** In English. @param country ISO 3166 code */
export const countryName = (country: string): string => englishNames.of(country) ?? country;

/** A name as it is compared: without case, accents, punctuation, article, and the code that a list adds. */
const keyOf = (name: string): string =>
	name
		.replace(/\(\+\d+\)|^\s*the\s/gi, '')
		.replace(/&/g, 'and')
		.replace(/\bst\./gi, 'saint')
		.normalize('NFKD')
		.toUpperCase()
		.replace(/[^\p{L}\d]/gu, '');

/** Names in use that are neither ISO 3166 codes nor what countries are called in a list. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
	'Great Britain': 'GB',
	'Northern Ireland': 'GB',
	'Hong Kong': 'HK',
	'Ivory Coast': 'CI',
	'Republic of Korea': 'KR',
	'Russian Federation': 'RU',
	'Czech Republic': 'CZ',
	'United States of America': 'US',
	Britain: 'GB',
	England: 'GB',
	Holland: 'NL',
	Korea: 'KR',
	Macao: 'MO',
	Macau: 'MO',
	Myanmar: 'MM',
	Scotland: 'GB',
	Turkey: 'TR',
	UAE: 'AE',
	UK: 'GB',
	USA: 'US',
	Wales: 'GB',
};

/** Besides English and the country's own. */
const LANGUAGES = ['de', 'es', 'fr', 'it', 'nl', 'pl', 'pt', 'sv'];

/** The names of a country, the most usual ones first. */
function namesOf(country: string): string[] {
	const { language } = new Intl.Locale(`und-${country}`).maximize();
	return ['en', language, ...LANGUAGES].flatMap(
		(one) => new Intl.DisplayNames([one], { type: 'region' }).of(country) ?? [],
	);
}

let countriesByName: ReadonlyMap<string, string> | undefined;

/** The names of all countries take a while to make, which only a typed name needs. */
function makeCountriesByName(): ReadonlyMap<string, string> {
	const byName = new Map<string, string>();
	const rows = [...PLAN_BY_COUNTRY.keys()].map((country) => [country, namesOf(country)] as const);
	// What is usual for one country may be unusual for another one: Dominica, and the republic's name.
	for (let rank = 0; rank < LANGUAGES.length + 2; rank++) {
		for (const [country, names] of rows) {
			const key = keyOf(names[rank] ?? '');
			byName.set(key, byName.get(key) ?? country);
		}
	}
	Object.entries(OTHER_NAMES).forEach(([name, country]) => byName.set(keyOf(name), country));
	byName.delete('');
	return byName;
}

/** @returns the ISO 3166 code for a code or a name of a country, undefined for anything else */
export function findCountry(typed: string): string | undefined {
	const key = keyOf(typed);
	if (PLAN_BY_COUNTRY.has(key)) {
		return key;
	}
	countriesByName ??= makeCountriesByName();
	return countriesByName.get(key);
}
