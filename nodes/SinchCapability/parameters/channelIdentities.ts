import type { INodeProperties } from 'n8n-workflow';

import { channelName, identityKey, isPerApp, isPhoneChannel, toChannel } from '../sinch/channels';
import type { ChannelIdentity, ContactIdentity } from '../sinch/types';
import type { Item } from './item';
import { readNumber } from './phoneNumberField';

/** The channel dropdown. Sinch adds channels over time, so any other name is sent as well. */
export const channelField = (description: string): INodeProperties => ({
	displayName: 'Channel Name or ID',
	name: 'channel',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getChannels', loadOptionsDependsOn: ['options.appId.value'] },
	default: 'RCS',
	description: `${description}. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.`,
});

export const identityField = (description: string): INodeProperties => ({
	displayName: 'Phone Number or ID',
	name: 'identity',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. +46 70 123 45 67',
	description,
});

export const identitiesField = (description: string, ofChannel: string): INodeProperties => ({
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
				channelField(ofChannel),
				identityField(
					'The recipient on this channel: a phone number with its country code or, on other channels, the ID on that channel',
				),
			],
		},
	],
});

/**
 * One channel identity as Sinch expects it.
 *
 * @param row the item with the fields Channel Name or ID and Phone Number or ID
 * @param place follows the field's name in an error, e.g. ` (channel identity 2)`
 */
export function readIdentity(item: Item, row: Item, place = ''): ChannelIdentity {
	const channelLabel = `Channel Name or ID${place}`;
	const entered = row.text('channel', channelLabel);
	const channel = toChannel(entered);
	const label = `Phone Number or ID${place}`;
	const identity = row.text('identity', label).trim();
	if (channel === '') {
		throw row.emptyFieldError(channelLabel, 'Choose the channel that the identity belongs to.');
	}
	if (!/^[A-Z][A-Z\d_]*$/.test(channel)) {
		throw row.fieldError(
			channelLabel,
			'is not a channel',
			'Choose one from the list, or enter its ID, such as RCS.',
			entered,
		);
	}
	const isPhone = isPhoneChannel(channel);
	if (identity === '') {
		throw row.emptyFieldError(
			label,
			isPhone
				? 'Enter a phone number with its country code.'
				: `Enter the ID of the recipient on ${channelName(channel)}.`,
		);
	}
	return { channel, identity: isPhone ? readNumber(item, label, row.read('identity')) : identity };
}

/** All channel identities of one item, at least one and each once. */
export function readIdentities(item: Item): ChannelIdentity[] {
	const rows = item.rows('channelIdentities.identity');
	if (rows.length === 0) {
		throw item.emptyFieldError(
			'Channel Identities',
			'Add at least one channel with a phone number or ID.',
		);
	}
	const identities = rows.map((row, index) => {
		const place = rows.length > 1 ? ` (channel identity ${index + 1})` : '';
		return readIdentity(item, row, place);
	});
	// Sinch answers once for an identity that is given twice.
	return [...new Map(identities.map((one) => [identityKey(one), one])).values()];
}

/**
 * Identities as contacts hold them: with their app on channels where each app has its own. The app is read
 * only when a channel needs it.
 */
export function withApp(identities: ChannelIdentity[], appId: () => string): ContactIdentity[] {
	return identities.map((one) => (isPerApp(one.channel) ? { ...one, app_id: appId() } : one));
}
