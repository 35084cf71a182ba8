import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { contactField, readContactId } from './contact';
import type { Recipient } from '../sinch/types';
import { channelIdentitiesField, readIdentities } from './channelIdentities';
import type { PhoneNumberFormat } from './channelIdentities';

/** The recipient's parameters, shared by every operation that asks about one. */
export const recipientFields: INodeProperties[] = [
	{
		displayName: 'Recipient',
		name: 'recipientType',
		type: 'options',
		options: [
			{
				name: 'Channel Identities',
				value: 'channelIdentities',
				description: 'Ask about phone numbers or other identities on channels that you choose',
			},
			{
				name: 'Contact',
				value: 'contact',
				description: 'Ask about every channel identity of a contact stored at Sinch',
			},
		],
		default: 'channelIdentities',
		description: 'Whom to ask about',
	},
	{
		...channelIdentitiesField(
			'Where to look for the recipient. Each channel gets an answer of its own, also when they share a phone number.',
			'The channel to check',
		),
		displayOptions: { show: { recipientType: ['channelIdentities'] } },
	},
	{
		...contactField(
			'The contact to ask about. Only apps in CONVERSATION mode store contacts; in DISPATCH mode use Channel Identities.',
			'searchContactsOfApp',
		),
		displayOptions: { show: { recipientType: ['contact'] } },
	},
];

/**
 * The recipient of one item as Sinch expects it.
 *
 * @throws NodeOperationError naming field and item for input that Sinch could not use
 */
export function readRecipient(
	context: IExecuteFunctions,
	itemIndex: number,
	format?: PhoneNumberFormat,
): Recipient {
	if (context.getNodeParameter('recipientType', itemIndex) === 'contact') {
		return { contact_id: readContactId(context, itemIndex) };
	}
	return {
		identified_by: { channel_identities: readIdentities(context, itemIndex, format) },
	};
}
