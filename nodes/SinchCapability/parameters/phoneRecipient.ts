import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { CHANNELS, findChannel, PHONE_CHANNELS } from '../sinch/channels';
import { readPhoneNumber } from '../sinch/phoneNumber';
import type { ChannelIdentity } from '../sinch/types';
import { readChoices } from './choices';
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
		const { problem, lacksCode } = number;
		const title = lacksCode ? problem.replace(/^it /, '') : 'is not a phone number';
		const advice = lacksCode
			? 'Write it with + and the country code, such as +46 70 123 45 67, or add Default Country under Options.'
			: `${problem[0].toUpperCase()}${problem.slice(1)}. Enter digits with the country code, such as +46 70 123 45 67.`;
		const description = `${advice} To skip such items, set Settings > On Error to Continue.`;
		throw fieldError(context, itemIndex, label, title, description, typed);
	}
	return number.digits;
}

/** The channels in the user's order, each once. */
function readChannels(context: IExecuteFunctions, itemIndex: number): string[] {
	const read = readChoices(context.getNodeParameter('channels', itemIndex, []), findChannel);
	const use = `Use ${PHONE_CHANNELS.join(', ')} here.`;
	if ('other' in read) {
		const problem = 'has an entry that is not a channel';
		throw fieldError(context, itemIndex, 'Channels', problem, use, read.other);
	}
	if (read.values.length === 0) {
		throw emptyFieldError(context, itemIndex, 'Channels', 'Choose at least one channel.');
	}
	const other = read.values.find((channel) => !PHONE_CHANNELS.includes(channel));
	if (other !== undefined) {
		throw fieldError(
			context,
			itemIndex,
			'Channels',
			'has a channel without phone numbers',
			`${use} For other channels, set Recipient to Channel Identities.`,
			other,
		);
	}
	return read.values;
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
