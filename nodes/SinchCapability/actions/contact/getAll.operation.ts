import { type INodeProperties, updateDisplayOptions } from 'n8n-workflow';

import type { Contact } from '../../sinch/types';
import type { ApiClient } from '../../transport/client';
import { type ContactFilter, contactPages } from '../../transport/contacts';
import { eachItem } from '../operation';
import { phoneNumberOptions } from '../../parameters/phoneNumberField';
import { type Item, optionsCollection } from '../../parameters/item';
import { channelField, identityField, readIdentity } from '../../parameters/channelIdentities';

const limitField: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: { show: { returnAll: [false] } },
};

const filterByField: INodeProperties = {
	displayName: 'Filter By',
	name: 'filterBy',
	type: 'options',
	options: [
		{
			name: 'Channel Identity',
			value: 'channelIdentity',
			description: 'The contact that has an identity, such as a phone number, on a channel',
		},
		{
			name: 'External ID',
			value: 'externalId',
			description: 'The contacts with an ID of your own',
		},
		{
			name: 'No Filter',
			value: 'nothing',
			description: 'Every contact of the project',
		},
	],
	default: 'nothing',
	description: 'Which contacts to return. Sinch matches exact values only.',
};

const fields: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	limitField,
	filterByField,
	{
		displayName: 'External ID',
		name: 'externalId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. crm-1001',
		description: 'Your own ID for the contact, as given when it was created',
		displayOptions: { show: { filterBy: ['externalId'] } },
	},
	...updateDisplayOptions({ show: { filterBy: ['channelIdentity'] } }, [
		channelField('The channel of the identity'),
		identityField(
			'A phone number with its country code or, on other channels, the ID on that channel',
		),
		optionsCollection(phoneNumberOptions),
	]),
];

function readFilter(item: Item): ContactFilter {
	const filterBy = item.choice<'nothing' | 'channelIdentity' | 'externalId'>(filterByField);
	if (filterBy === 'externalId') {
		const externalId = item.text('externalId', 'External ID').trim();
		if (externalId === '') {
			const advice = "Enter the ID to look for, or set 'Filter By' to 'No Filter'.";
			throw item.emptyFieldError('External ID', advice);
		}
		return { external_id: externalId };
	}
	return filterBy === 'channelIdentity' ? readIdentity(item, item) : {};
}

function readWanted(item: Item) {
	const isAll = item.isOn('returnAll', 'Return All');
	const limit = isAll ? Infinity : Math.floor(item.positiveNumber(limitField));
	return { filter: readFilter(item), limit };
}

/** Reads pages until there are enough contacts, or no new ones. */
async function readPages(client: ApiClient, { filter, limit }: ReturnType<typeof readWanted>) {
	const found: Contact[] = [];
	for await (const contacts of contactPages(client, filter, limit)) {
		found.push(...contacts);
	}
	return found.slice(0, limit);
}

export const getAll = eachItem({
	name: 'Get Many',
	value: 'getAll',
	description: 'List contacts that are stored at Sinch, or find one by its identity',
	action: 'Get many contacts',
	fields,
	prepare: readWanted,
	send: readPages,
});
