import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { channelName, isAppScoped, isPhoneChannel, toChannel } from '../sinch/channels';
import type { ChannelIdentity, ContactIdentity } from '../sinch/types';
import { emptyFieldError } from './fieldError';
import type { PhoneNumberOptions } from './phoneRecipient';
import { readNumber } from './phoneRecipient';

/** The channel dropdown. Sinch adds channels over time, so any other name is sent as well. */
export const channelField = (description: string): INodeProperties => ({
	displayName: 'Channel Name or ID',
	name: 'channel',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getChannels', loadOptionsDependsOn: ['options.appId.value'] },
	default: 'RCS',
	description: `${description}. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.`,
});

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
					displayName: 'Phone Number or ID',
					name: 'identity',
					type: 'string',
					required: true,
					default: '',
					placeholder: 'e.g. +46 70 123 45 67',
					description:
						'The recipient on this channel: a phone number with its country code or, on other channels, the ID on that channel',
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

const emptyIdentityError = (
	context: IExecuteFunctions,
	itemIndex: number,
	label: string,
	channel: string,
) =>
	emptyFieldError(
		context,
		itemIndex,
		label,
		isPhoneChannel(channel)
			? 'Enter a phone number with its country code.'
			: `Enter the ID of the recipient on ${channelName(channel)}.`,
	);

/**
 * One channel identity as Sinch expects it.
 *
 * @param place follows the field's name in an error, e.g. ` (channel identity 2)`
 * @throws NodeOperationError naming field, item and value for input that Sinch could not use
 */
export function readIdentity(
	context: IExecuteFunctions,
	itemIndex: number,
	row: Partial<Record<keyof ChannelIdentity, unknown>>,
	options: PhoneNumberOptions,
	place = '',
): ChannelIdentity {
	const channel = toChannel(String(row.channel ?? ''));
	const identity = String(row.identity ?? '');
	const label = `Phone Number or ID${place}`;
	if (channel === '') {
		throw emptyFieldError(
			context,
			itemIndex,
			`Channel${place}`,
			'Choose the channel that the identity belongs to.',
		);
	}
	if (identity.trim() === '') {
		throw emptyIdentityError(context, itemIndex, label, channel);
	}
	return {
		channel,
		identity: isPhoneChannel(channel)
			? readNumber(context, itemIndex, label, identity, options)
			: identity,
	};
}

/**
 * All channel identities of one item.
 *
 * @throws NodeOperationError naming field and item, also when there are none
 */
export function readIdentities(
	context: IExecuteFunctions,
	itemIndex: number,
	options: PhoneNumberOptions = {},
): ChannelIdentity[] {
	const entered = context.getNodeParameter('channelIdentities.identity', itemIndex, []);
	const rows = (entered ?? []) as Array<Partial<Record<keyof ChannelIdentity, unknown>>>;
	if (rows.length === 0) {
		throw emptyFieldError(
			context,
			itemIndex,
			'Channel Identities',
			'Add at least one channel with a phone number or ID.',
		);
	}
	return rows.map((row, index) => {
		const place = rows.length > 1 ? ` (channel identity ${index + 1})` : '';
		return readIdentity(context, itemIndex, row, options, place);
	});
}

/**
 * Identities as contacts hold them: with their app on channels where each app has its own.
 *
 * @param appId called only when a channel needs an app
 */
export function withApp(identities: ChannelIdentity[], appId: () => string): ContactIdentity[] {
	return identities.map((identity) =>
		isAppScoped(identity.channel) ? { ...identity, app_id: appId() } : identity,
	);
}
