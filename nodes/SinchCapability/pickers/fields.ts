import type { INodeProperties } from 'n8n-workflow';

/** The picker of an app; where nothing is picked, the credential's app counts. */
export const appField = (description: string): INodeProperties => ({
	displayName: 'App',
	name: 'appId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select an app...',
			typeOptions: { searchListMethod: 'searchApps', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 01W4FFL35P4NC4K35CONVAPP01',
		},
	],
});

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

/** The channel dropdown. Sinch adds channels now and then, so any other name is sent as well. */
export const channelField = (description: string): INodeProperties => ({
	displayName: 'Channel Name or ID',
	name: 'channel',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getChannels', loadOptionsDependsOn: ['options.appId.value'] },
	default: 'RCS',
	description: `${description}. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.`,
});
