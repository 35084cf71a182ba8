import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { channelName, isAppScoped, isPhoneChannel, toChannel } from '../sinch/channels';
import { readPhoneNumber } from '../sinch/phoneNumber';
import type { ChannelIdentity, ContactIdentity } from '../sinch/types';

/** The channel dropdown. Sinch adds channels now and then, so any other name is sent as well. */
export const channelField = (description: string): INodeProperties => ({
	displayName: 'Channel Name or ID',
	name: 'channel',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getChannels', loadOptionsDependsOn: ['options.appId.value'] },
	default: 'RCS',
	description: `${description}. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.`,
});

export type PhoneNumberFormat = 'digits' | 'asEntered';

/**
 * Pairs of channel and identity, one or more.
 *
 * @param channelDescription without full stop
 */
export const channelIdentitiesField = (
	description: string,
	channelDescription: string,
): INodeProperties => ({
	displayName: 'Channel Identities',
	name: 'channelIdentities',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Channel Identity' },
	placeholder: 'Add Channel Identity',
	default: { identity: [{ channel: 'RCS', identity: '' }] },
	description,
	options: [
		{
			displayName: 'Channel Identity',
			name: 'identity',
			values: [
				channelField(channelDescription),
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
});

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

/**
 * One channel identity as Sinch expects it.
 *
 * @param where named after the field in an error, e.g. ` in channel identity 2`
 * @throws NodeOperationError naming field and item for input that Sinch could not use
 */
export function readIdentity(
	context: IExecuteFunctions,
	itemIndex: number,
	row: Partial<Record<keyof ChannelIdentity, unknown>>,
	format: PhoneNumberFormat,
	where = '',
): ChannelIdentity {
	const fail = (message: string, description: string): never => {
		throw new NodeOperationError(context.getNode(), message, { itemIndex, description });
	};
	const channel = toChannel(String(row.channel ?? ''));
	const identity = String(row.identity ?? '');
	if (channel === '') {
		fail(`'Channel' is empty${where}`, 'Choose the channel that the identity belongs to.');
	}
	if (identity.trim() === '') {
		fail(`'Identity' is empty${where}`, `Enter who it is on ${channelName(channel)}.`);
	}
	if (format === 'asEntered' || !isPhoneChannel(channel)) {
		return { channel, identity };
	}
	const number = readPhoneNumber(identity);
	return 'digits' in number
		? { channel, identity: number.digits }
		: fail(
				`'Identity'${where} is not a phone number: it ${number.problem}`,
				`${channelName(channel)} needs a phone number with its country code, such as +46 70 123 45 67. To send it unchanged, set the option 'Phone Number Format' to 'As Entered'.`,
			);
}

/**
 * All channel identities of one item.
 *
 * @throws NodeOperationError naming field and item, also when there are none
 */
export function readIdentities(
	context: IExecuteFunctions,
	itemIndex: number,
	format: PhoneNumberFormat = 'digits',
): ChannelIdentity[] {
	const entered = context.getNodeParameter('channelIdentities.identity', itemIndex, []);
	const rows = (entered ?? []) as Array<Partial<Record<keyof ChannelIdentity, unknown>>>;
	if (rows.length === 0) {
		throw new NodeOperationError(context.getNode(), 'No recipient', {
			itemIndex,
			description: "Add at least one pair of channel and identity to 'Channel Identities'.",
		});
	}
	return rows.map((row, index) => {
		const where = rows.length > 1 ? ` in channel identity ${index + 1}` : '';
		return readIdentity(context, itemIndex, row, format, where);
	});
}

/**
 * Identities as contacts hold them: with their app on channels where each app has its own.
 *
 * @param appId asked for the app only where a channel needs one
 */
export function withApp(identities: ChannelIdentity[], appId: () => string): ContactIdentity[] {
	return identities.map((identity) =>
		isAppScoped(identity.channel) ? { ...identity, app_id: appId() } : identity,
	);
}
