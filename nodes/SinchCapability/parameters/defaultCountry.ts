import type { INodeProperties } from 'n8n-workflow';

import { countryName, findCountry, PLAN_BY_COUNTRY } from '../sinch/countries';
import type { Item } from './item';

const countries = [...PLAN_BY_COUNTRY]
	.map(([country, { callingCode }]) => ({
		name: `${countryName(country)} (+${callingCode})`,
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
export function readDefaultCountry({ options }: Item): string {
	const typed = options.text('defaultCountry').trim();
	const isNone = typed === '' || /^none$/i.test(typed);
	const country = isNone ? '' : findCountry(typed);
	if (country === undefined) {
		throw options.fieldError(
			'Default Country',
			'is not a country',
			'Choose a country from the list, or enter its name or two-letter ISO code, such as SE.',
			typed,
		);
	}
	return country;
}
