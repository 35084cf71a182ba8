import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { CHANNELS, isPhoneChannel, toChannel } from '../../sinch/channels';
import { readPhoneNumber } from '../../sinch/phoneNumber';
import type { ChannelIdentity, Recipient } from '../../sinch/types';

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
		displayName: 'Channel Identities',
		name: 'channelIdentities',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Channel Identity' },
		placeholder: 'Add Channel Identity',
		default: { identity: [{ channel: 'RCS', identity: '' }] },
		description:
			'Where to look for the recipient. Each channel gets an answer of its own, also when they share a phone number.',
		options: [
			{
				displayName: 'Channel Identity',
				name: 'identity',
				values: [
					{
						displayName: 'Channel',
						name: 'channel',
						type: 'options',
						options: CHANNELS.map(({ name, value }) => ({ name, value })),
						default: 'RCS',
						description: 'The channel to check',
					},
					{
						displayName: 'Identity',
						name: 'identity',
						type: 'string',
						default: '',
						placeholder: 'e.g. +46 70 123 45 67',
						description:
							'The recipient on this channel: a phone number with its country code, or for other channels the ID that Sinch knows',
					},
				],
			},
		],
		displayOptions: { show: { recipientType: ['channelIdentities'] } },
	},
	{
		displayName: 'Contact',
		name: 'contactId',
		type: 'resourceLocator',
		default: { mode: 'id', value: '' },
		required: true,
		description:
			'The contact to ask about. Only apps in CONVERSATION mode store contacts; in DISPATCH mode use Channel Identities.',
		modes: [
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 01W4FFL35P4NC4K35CONTACT01',
			},
		],
		displayOptions: { show: { recipientType: ['contact'] } },
	},
];

export const phoneNumberFormatOption: INodeProperties = {
	displayName: 'Phone Number Format',
	name: 'phoneNumberFormat',
	type: 'options',
	options: [
		{
			name: 'As Entered',
			value: 'asEntered',
			description: 'Send exactly what is in Identity',
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

export type PhoneNumberFormat = 'digits' | 'asEntered';

/**
 * The recipient of one item as Sinch expects it.
 *
 * @throws NodeOperationError naming field and item for input that Sinch could not use
 */
export function readRecipient(
	context: IExecuteFunctions,
	itemIndex: number,
	format: PhoneNumberFormat = 'digits',
): Recipient {
	const fail = (message: string, description: string): never => {
		throw new NodeOperationError(context.getNode(), message, { itemIndex, description });
	};
	if (context.getNodeParameter('recipientType', itemIndex) === 'contact') {
		const contactId = String(
			context.getNodeParameter('contactId', itemIndex, '', { extractValue: true }) ?? '',
		).trim();
		if (contactId === '') {
			fail("'Contact' is empty", 'Enter the ID of a contact that is stored at Sinch.');
		}
		if (/\s/.test(contactId)) {
			fail("'Contact' contains spaces", 'A contact ID has 26 letters and digits and no spaces.');
		}
		return { contact_id: contactId };
	}
	const entered = context.getNodeParameter('channelIdentities.identity', itemIndex, []);
	const rows = (entered ?? []) as Array<Partial<Record<keyof ChannelIdentity, unknown>>>;
	if (rows.length === 0) {
		fail('No recipient', "Add at least one pair of channel and identity to 'Channel Identities'.");
	}
	return {
		identified_by: {
			channel_identities: rows.map((row, index) => {
				const where = rows.length > 1 ? ` in channel identity ${index + 1}` : '';
				const channel = toChannel(String(row.channel ?? ''));
				const identity = String(row.identity ?? '');
				if (channel === '') {
					fail(`'Channel' is empty${where}`, 'Choose the channel that the identity belongs to.');
				}
				if (identity.trim() === '') {
					fail(`'Identity' is empty${where}`, `Enter whom to ask about on ${channel}.`);
				}
				if (format === 'asEntered' || !isPhoneChannel(channel)) {
					return { channel, identity };
				}
				const number = readPhoneNumber(identity);
				return 'digits' in number
					? { channel, identity: number.digits }
					: fail(
							`'Identity'${where} is no phone number: it ${number.problem}`,
							`${channel} needs a phone number with its country code, such as +46 70 123 45 67. To send it unchanged, set the option 'Phone Number Format' to 'As Entered'.`,
						);
			}),
		},
	};
}
