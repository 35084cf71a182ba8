import type { INodeProperties } from 'n8n-workflow';

import { contactField, readContactId } from './pickers';
import { identityKey } from '../sinch/channels';
import type { Recipient } from '../sinch/types';
import { channelIdentitiesField, readIdentities } from './channelIdentities';
import type { Item } from './item';
import { phoneNumberFields, readPhoneRecipient } from './phoneRecipient';

/** The recipient's parameters, shared by every operation that queries one. */
export const recipientFields: INodeProperties[] = [
	{
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
		description: 'Who to check',
	},
	...phoneNumberFields.map((field) => ({
		...field,
		displayOptions: { show: { recipientType: ['phoneNumber'] } },
	})),
	{
		...channelIdentitiesField(
			'How to identify the recipient. Each channel gets its own answer, even if several share a phone number.',
			'The channel to check',
		),
		displayOptions: { show: { recipientType: ['channelIdentities'] } },
	},
	{
		...contactField(
			'The contact to check. Only apps in CONVERSATION mode store contacts; in DISPATCH mode use Phone Number.',
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
export function readRecipient(item: Item): Recipient {
	const type = item.read('recipientType');
	if (type === 'contact') {
		return { contact_id: readContactId(item) };
	}
	const identities = type === 'phoneNumber' ? readPhoneRecipient(item) : readIdentities(item);
	// Sinch answers once for an identity that is given twice.
	const byKey = new Map(identities.map((identity) => [identityKey(identity), identity]));
	return { identified_by: { channel_identities: [...byKey.values()] } };
}
