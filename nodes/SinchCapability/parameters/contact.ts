import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { readId } from './resourceLocator';

/**
 * The picker of a contact.
 *
 * @param searchListMethod `searchContacts`, or `searchContactsOfApp` where the app must know them
 */
export const contactField = (
	description: string,
	searchListMethod: 'searchContacts' | 'searchContactsOfApp',
): INodeProperties => ({
	displayName: 'Contact',
	name: 'contactId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a contact...',
			hint: 'Search by phone number with country code, external ID, or name (first 100 contacts)',
			typeOptions: { searchListMethod, searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 01W4FFL35P4NC4K35CONTACT01',
		},
	],
});

/** @throws NodeOperationError naming field and item when there is no ID, or not a valid one */
export const readContactId = (context: IExecuteFunctions, itemIndex: number): string =>
	readId(context, itemIndex, 'contactId', 'Contact');
