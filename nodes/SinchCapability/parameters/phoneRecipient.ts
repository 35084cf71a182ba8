import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { CHANNELS, PHONE_CHANNELS, toChannel } from '../sinch/channels';
import { readPhoneNumber } from '../sinch/phoneNumber';
import type { ChannelIdentity } from '../sinch/types';
import { readDefaultCountry } from './defaultCountry';
import { emptyFieldError, fieldError } from './fieldError';

type PhoneNumberFormat = 'digits' | 'asEntered';

/** The options that say how to read phone numbers. */
export interface PhoneNumberOptions {
	phoneNumberFormat?: PhoneNumberFormat;
	defaultCountry?: string;
}

/** One number for several channels. */
export const phoneNumberFields: INodeProperties[] = [
	{
		displayName: 'Phone Number',
		name: 'phoneNumber',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. +46 70 123 45 67',
		description:
			'The number to check, with its country code. For numbers without one, set the option Default Country.',
	},
	{
		displayName: 'Channels',
		name: 'channels',
		type: 'multiOptions',
		required: true,
		options: CHANNELS.filter(({ phone }) => phone).map(({ name, value }) => ({ name, value })),
		default: ['RCS', 'WHATSAPP', 'SMS'],
		description:
			'The channels to check, in the order you prefer them: the order in which you choose them. To move a channel to the end, remove it and choose it again.',
	},
];

/**
 * The phone number of one field as Sinch expects it.
 *
 * @param label the field's, with its place where there are several
 * @throws NodeOperationError naming field, item and value for anything that is not clearly one number
 */
export function readNumber(
	context: IExecuteFunctions,
	itemIndex: number,
	label: string,
	typed: string,
	{ phoneNumberFormat, defaultCountry }: PhoneNumberOptions,
): string {
	if (phoneNumberFormat === 'asEntered') {
		return typed;
	}
	const country = readDefaultCountry(context, itemIndex, defaultCountry);
	const number = readPhoneNumber(typed, country);
	if ('problem' in number) {
		const [first, ...rest] = number.problem;
		throw fieldError(
			context,
			itemIndex,
			label,
			'is not a phone number',
			`${first.toUpperCase()}${rest.join('')}. Enter digits with the country code, such as +46 70 123 45 67. To skip such items, set Settings > On Error to Continue.`,
			typed,
		);
	}
	return number.digits;
}

/** The channels in the user's order, each once; an expression can give them as text with commas. */
function readChannels(context: IExecuteFunctions, itemIndex: number): string[] {
	const given: unknown = context.getNodeParameter('channels', itemIndex, []);
	const entries: unknown[] = Array.isArray(given) ? given : String(given ?? '').split(',');
	const channels = new Set(entries.map((entry) => toChannel(String(entry ?? ''))));
	channels.delete('');
	if (channels.size === 0) {
		throw emptyFieldError(context, itemIndex, 'Channels', 'Choose at least one channel.');
	}
	const other = [...channels].find((channel) => !PHONE_CHANNELS.includes(channel));
	if (other !== undefined) {
		throw fieldError(
			context,
			itemIndex,
			'Channels',
			'has a channel without phone numbers',
			`Use ${PHONE_CHANNELS.join(', ')} here. For other channels, set Recipient to Channel Identities.`,
			other,
		);
	}
	return [...channels];
}

/** The number of one item on each of its channels. @throws NodeOperationError naming field and item */
export function readPhoneRecipient(
	context: IExecuteFunctions,
	itemIndex: number,
	options: PhoneNumberOptions,
): ChannelIdentity[] {
	const label = 'Phone Number';
	const typed = String(context.getNodeParameter('phoneNumber', itemIndex, '') ?? '');
	if (typed.trim() === '') {
		throw emptyFieldError(context, itemIndex, label, 'Enter a phone number with its country code.');
	}
	const identity = readNumber(context, itemIndex, label, typed, options);
	return readChannels(context, itemIndex).map((channel) => ({ channel, identity }));
}
