import type { NumberingPlan } from './numberingPlans';
import { NUMBERING_PLANS } from './numberingPlans';

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

/** Names in use that are neither ISO 3166 codes nor what countries are called in a list. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
	BRITAIN: 'GB',
	ENGLAND: 'GB',
	'GREAT BRITAIN': 'GB',
	UK: 'GB',
	'CZECH REPUBLIC': 'CZ',
	HOLLAND: 'NL',
	KOREA: 'KR',
	TURKEY: 'TR',
	UAE: 'AE',
	'U.S.': 'US',
	'UNITED STATES OF AMERICA': 'US',
	USA: 'US',
};

/** What a country is called in its own language, e.g. Sverige. */
function ownName(country: string): string | undefined {
	const { language } = new Intl.Locale(`und-${country}`).maximize();
	return new Intl.DisplayNames([language], { type: 'region' }).of(country);
}

let countriesByName: ReadonlyMap<string, string> | undefined;

/** The names of all countries take a while to make, which only a typed name needs. */
const makeCountriesByName = (): ReadonlyMap<string, string> =>
	new Map(
		[...PLAN_BY_COUNTRY.keys()].flatMap((country) =>
			[ownName(country), countryName(country)].map(
				(name) => [String(name).toUpperCase(), country] as const,
			),
		),
	);

/** @returns the ISO 3166 code for a code or a name of a country, undefined for anything else */
export function findCountry(typed: string): string | undefined {
	const name = typed.trim().toUpperCase();
	const code = OTHER_NAMES[name] ?? name;
	if (PLAN_BY_COUNTRY.has(code)) {
		return code;
	}
	countriesByName ??= makeCountriesByName();
	return countriesByName.get(name);
}
