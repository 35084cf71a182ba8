import type { IExecuteFunctions } from 'n8n-workflow';

import * as webhooks from '../../transport/webhooks';
import { forEachItem } from '../operation';
import { readId } from '../../parameters/resourceLocator';
import type { Operation } from '../operation';

/** Deletes one webhook, whoever made it. */
export const deleteWebhook: Operation = {
	option: {
		name: 'Delete',
		value: 'delete',
		description: 'Remove a webhook, to make room for another one',
		action: 'Delete webhook',
	},
	fields: [
		{
			displayName: 'Webhook ID',
			name: 'webhookId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 01W4FFL35P4NC4K35WEBHOOK04',
			description:
				'The ID that Get Many gives. Without its webhook, an active Sinch Capability Trigger gets no more answers until its workflow is activated again.',
		},
	],
	async execute(this: IExecuteFunctions) {
		return await forEachItem(this, {
			done: 'webhooks deleted',
			prepare: (_, item) => readId(this, item, 'webhookId', 'Webhook ID'),
			answer: async (client, id, item) => await webhooks.deleteWebhook(client, id, item),
		});
	},
};
