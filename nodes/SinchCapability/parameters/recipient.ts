import { type INodeProperties, updateDisplayOptions } from 'n8n-workflow';

import { readChoices } from '../shared/choices';
import { channelName, findChannel, isPhoneChannel, PHONE_CHANNELS } from '../sinch/channels';
import type { ChannelIdentity, Recipient } from '../sinch/types';
import { identitiesField, readIdentities } from './channelIdentities';
import type { Item } from './item';
import { readNumber } from './phoneNumberField';
import { contactField, readContactId } from './pickers';

const typeField: INodeProperties = {
	displayName: 'Recipient',
	name: 'recipientType',
	type: 'options',
	options: [
		{
			name: 'Phone Number',
			value: 'phoneNumber',
			description: 'Check one phone number on the channels that you choose',
		},
		{
			name: 'Channel Identities',
			value: 'channelIdentities',
			description: 'Check a different number or ID on each channel',
		},
		{
			name: 'Contact',
			value: 'contact',
			description: 'Check every channel identity of a contact stored at Sinch',
		},
	],
	default: 'phoneNumber',
	description: 'The recipient to check',
};

/** The recipient's parameters, shared by every operation that queries one. */
export const recipientFields: INodeProperties[] = [
	typeField,
	...updateDisplayOptions({ show: { recipientType: ['phoneNumber'] } }, [
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
			options: PHONE_CHANNELS.map((value) => ({ name: channelName(value), value })),
			default: ['RCS', 'WHATSAPP', 'SMS'],
			description:
				'The channels to check, in the order you prefer them: the order in which you choose them. To move a channel to the end, remove it and choose it again.',
		},
	]),
	...updateDisplayOptions({ show: { recipientType: ['channelIdentities'] } }, [
		identitiesField(
			'How to identify the recipient. Each channel gets its own answer, even if several share a phone number.',
			'The channel to check',
		),
	]),
	...updateDisplayOptions({ show: { recipientType: ['contact'] } }, [
		contactField(
			'The contact to check. Only apps in CONVERSATION mode store contacts; in DISPATCH mode use Phone Number.',
			'searchContactsOfApp',
		),
	]),
];

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
	const other = read.values.find((channel) => !isPhoneChannel(channel));
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

function readPhoneRecipient(item: Item): ChannelIdentity[] {
	const label = 'Phone Number';
	if (item.text('phoneNumber', label).trim() === '') {
		throw item.emptyFieldError(label, 'Enter a phone number with its country code.');
	}
	const identity = readNumber(item, label, item.read('phoneNumber'));
	return readChannels(item).map((channel) => ({ channel, identity }));
}

/** The recipient of one item as Sinch expects it. @throws NodeOperationError that names the field */
export function readRecipient(item: Item): Recipient {
	const type = item.choice<'phoneNumber' | 'channelIdentities' | 'contact'>(typeField);
	if (type === 'contact') {
		return { contact_id: readContactId(item) };
	}
	const identities = type === 'phoneNumber' ? readPhoneRecipient(item) : readIdentities(item);
	return { identified_by: { channel_identities: identities } };
}
