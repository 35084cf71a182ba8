import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { pickerField, readId } from './resourceLocator';

/** The picker of a webhook, among those of the app in the same form. */
export const webhookField = (description: string): INodeProperties =>
	pickerField({
		displayName: 'Webhook',
		name: 'webhookId',
		required: true,
		description,
		one: 'a webhook',
		searchListMethod: 'searchWebhooks',
		exampleId: '01W4FFL35P4NC4K35WEBHOOK04',
	});

/** @throws NodeOperationError naming field and item when there is no ID, or not a valid one */
export const readWebhookId = (context: IExecuteFunctions, itemIndex: number): string =>
	readId(context, itemIndex, 'webhookId', 'Webhook');
