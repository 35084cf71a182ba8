import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { PLAN_BY_COUNTRY } from '../sinch/numberingPlans';
import { fieldError } from './fieldError';

const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });

const countries = [...PLAN_BY_COUNTRY.values()]
	.map(({ country, callingCode }) => ({
		name: `${countryNames.of(country) ?? country} (+${callingCode})`,
		value: country,
	}))
	.sort((one, other) => one.name.localeCompare(other.name));

export const defaultCountryOption: INodeProperties = {
	displayName: 'Default Country',
	name: 'defaultCountry',
	type: 'options',
	options: [{ name: 'None', value: '' }, ...countries],
	default: '',
	description: 'The country of phone numbers that are entered without a country code',
};

/** @returns the ISO 3166 code, empty for none @throws NodeOperationError for an unknown country */
export function readDefaultCountry(
	context: IExecuteFunctions,
	itemIndex: number,
	given: unknown,
): string {
	const country = String(given ?? '')
		.trim()
		.toUpperCase();
	if (country !== '' && !PLAN_BY_COUNTRY.has(country)) {
		throw fieldError(
			context,
			itemIndex,
			'Default Country',
			'is not a country',
			'Choose a country from the list, or enter its two-letter ISO code, such as SE.',
			country,
		);
	}
	return country;
}
