import type { INodeProperties } from 'n8n-workflow';

import { CHANNELS, findChannel, PHONE_CHANNELS } from '../sinch/channels';
import { readPhoneNumber } from '../sinch/phoneNumber';
import type { ChannelIdentity } from '../sinch/types';
import { readChoices } from './choices';
import { readDefaultCountry } from './defaultCountry';
import type { Item } from './item';

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
export function readNumber(item: Item, label: string, typed: string): string {
	if (item.options.read('phoneNumberFormat') === 'asEntered') {
		return typed;
	}
	const number = readPhoneNumber(typed, readDefaultCountry(item));
	if ('digits' in number) {
		return number.digits;
	}
	const { problem, lacksCode } = number;
	const title = lacksCode ? problem.replace(/^it /, '') : 'is not a phone number';
	const advice = lacksCode
		? 'Write it with + and the country code, such as +46 70 123 45 67, or add Default Country under Options.'
		: `${problem.replace(/^it/, 'It')}. Enter digits with the country code, such as +46 70 123 45 67.`;
	const skipping = item.context.continueOnFail()
		? ''
		: ' To skip such items, set Settings > On Error to Continue.';
	throw item.fieldError(label, title, `${advice}${skipping}`, typed);
}

/** The channels in the user's order, each once. */
function readChannels(item: Item): string[] {
	const label = 'Channels';
	const read = readChoices(item.read('channels'), findChannel);
	const use = `Use ${PHONE_CHANNELS.join(', ')} here.`;
	if ('other' in read) {
		throw item.fieldError(label, 'has an entry that is not a channel', use, read.other);
	}
	if (read.values.length === 0) {
		throw item.emptyFieldError(label, 'Choose at least one channel.');
	}
	const other = read.values.find((channel) => !PHONE_CHANNELS.includes(channel));
	if (other !== undefined) {
		throw item.fieldError(
			label,
			'has a channel that cannot be checked by phone number',
			`${use} For other channels, set Recipient to Channel Identities.`,
			other,
		);
	}
	return read.values;
}

/** The number of one item on each of its channels. @throws NodeOperationError naming field and item */
export function readPhoneRecipient(item: Item): ChannelIdentity[] {
	const label = 'Phone Number';
	const typed = item.text('phoneNumber');
	if (typed.trim() === '') {
		throw item.emptyFieldError(label, 'Enter a phone number with its country code.');
	}
	const identity = readNumber(item, label, typed);
	return readChannels(item).map((channel) => ({ channel, identity }));
}
