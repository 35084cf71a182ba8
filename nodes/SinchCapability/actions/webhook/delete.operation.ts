import { deleteWebhook } from '../../transport/webhooks';
import { eachItem } from '../operation';
import { appField, readWebhookId, webhookField } from '../../parameters/pickers';

export const webhookDelete = eachItem({
	name: 'Delete',
	value: 'delete',
	description: 'Remove a webhook, to make room for another one',
	action: 'Delete webhook',
	fields: [
		appField('The app that the webhook belongs to; leave empty for the app in the credential'),
		webhookField(
			'The webhook to delete. Without its webhook, a published Sinch Capability Trigger receives no more answers until its workflow is unpublished (deactivated) and published (activated) again.',
		),
	],
	prepare: readWebhookId,
	send: deleteWebhook,
});
