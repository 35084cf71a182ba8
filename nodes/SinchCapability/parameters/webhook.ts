import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { readId } from './resourceLocator';

/** The picker of a webhook, among those of the app in the same form. */
export const webhookField = (description: string): INodeProperties => ({
	displayName: 'Webhook',
	name: 'webhookId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a webhook...',
			typeOptions: { searchListMethod: 'searchWebhooks', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 01W4FFL35P4NC4K35WEBHOOK04',
		},
	],
});

/** @throws NodeOperationError naming field and item when there is no ID, or not a valid one */
export const readWebhookId = (context: IExecuteFunctions, itemIndex: number): string =>
	readId(context, itemIndex, 'webhookId', 'Webhook');
