import type { IExecuteFunctions } from 'n8n-workflow';

import * as webhooks from '../../transport/webhooks';
import { forEachItem } from '../operation';
import { appField } from '../../parameters/app';
import { readWebhookId, webhookField } from '../../parameters/webhook';
import type { Operation } from '../operation';

/** Deletes one webhook, whoever created it. */
export const deleteWebhook: Operation = {
	option: {
		name: 'Delete',
		value: 'delete',
		description: 'Remove a webhook, to make room for another one',
		action: 'Delete webhook',
	},
	fields: [
		appField('The app that the webhook belongs to; leave empty for the app in the credential'),
		webhookField(
			'The webhook to delete. Without its webhook, an active Sinch Capability Trigger receives no more answers until its workflow is published (activated) again.',
		),
	],
	async execute(this: IExecuteFunctions) {
		return await forEachItem(this, {
			done: 'webhooks deleted',
			prepare: (_, item) => readWebhookId(this, item),
			answer: async (client, id, item) => await webhooks.deleteWebhook(client, id, item),
		});
	},
};
