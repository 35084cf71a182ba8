import type { INodeProperties } from 'n8n-workflow';

import { countryName, findCountry, PLAN_BY_COUNTRY } from '../sinch/countries';
import { type PhoneNumber, readPhoneNumber } from '../sinch/phoneNumber';
import type { Item } from './item';

const countries = [...PLAN_BY_COUNTRY]
	.map(([country, { callingCode }]) => ({
		name: `${countryName(country)} (+${callingCode})`,
		value: country,
	}))
	.sort((one, other) => one.name.localeCompare(other.name));

const defaultCountryOption: INodeProperties = {
	displayName: 'Default Country',
	name: 'defaultCountry',
	type: 'options',
	options: [{ name: 'None', value: '' }, ...countries],
	default: '',
	description: 'The country of phone numbers that are entered without a country code',
};

/** @returns the ISO 3166 code, empty for none */
function readDefaultCountry({ options }: Item): string {
	const typed = options.text('defaultCountry', 'Default Country').trim();
	const country = /^(none)?$/i.test(typed) ? '' : findCountry(typed);
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

const phoneNumberFormatOption: INodeProperties = {
	displayName: 'Phone Number Format',
	name: 'phoneNumberFormat',
	type: 'options',
	options: [
		{
			name: 'As Entered',
			value: 'asEntered',
			description: 'Send exactly what is entered',
		},
		{
			name: 'Digits Only',
			value: 'digits',
			description: 'Send the country code and number without plus, spaces and punctuation',
		},
	],
	default: 'digits',
	description: 'How to send phone numbers on SMS, MMS, RCS, WhatsApp and Viber',
};

/** The options of every operation that takes a phone number. */
export const phoneNumberOptions = [defaultCountryOption, phoneNumberFormatOption];

/**
 * The phone number of one field as Sinch expects it: what is not clearly one number is refused.
 *
 * @param given one value, or a list with one
 */
export function readNumber(item: Item, label: string, given: unknown): string {
	if (item.options.choice(phoneNumberFormatOption) === 'asEntered') {
		return String(given);
	}
	const defaultCountry = readDefaultCountry(item);
	// A fraction shows that a spreadsheet has calculated or shortened a value, as for +46.701234560.
	const number: PhoneNumber =
		typeof given === 'number' && !Number.isInteger(given)
			? { problem: 'it is a decimal number. Format the column as text' }
			: readPhoneNumber(String(given), defaultCountry);
	if ('digits' in number) {
		return number.digits;
	}
	const { problem, lacksCode } = number;
	const isUnclear = lacksCode ?? problem.startsWith('it may be');
	const title = isUnclear ? problem.replace(/^it /, '') : 'is not a phone number';
	const reason = isUnclear ? '' : `${problem.replace(/^it/, 'It')}. `;
	const country = lacksCode ? ', or add Default Country under Options' : '';
	const advice = `${reason}Enter one phone number with + and the country code, such as +46 70 123 45 67${country}.`;
	const skipping = item.context.continueOnFail()
		? ''
		: ' To skip such items, set Settings > On Error to Continue.';
	throw item.fieldError(label, title, `${advice}${skipping}`, String(given));
}
