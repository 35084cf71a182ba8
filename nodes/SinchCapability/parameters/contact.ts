import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { pickerField, readId } from './resourceLocator';

/**
 * The picker of a contact.
 *
 * @param searchListMethod `searchContacts`, or `searchContactsOfApp` where the app must know them
 */
export const contactField = (
	description: string,
	searchListMethod: 'searchContacts' | 'searchContactsOfApp',
): INodeProperties =>
	pickerField({
		displayName: 'Contact',
		name: 'contactId',
		required: true,
		description,
		one: 'a contact',
		searchListMethod,
		exampleId: '01W4FFL35P4NC4K35CONTACT01',
		hint: 'Search by phone number with country code, external ID, or name (first 100 contacts)',
	});

/** @throws NodeOperationError naming field and item when there is no ID, or not a valid one */
export const readContactId = (context: IExecuteFunctions, itemIndex: number): string =>
	readId(context, itemIndex, 'contactId', 'Contact');
