import { appField, readAppId } from '../../parameters/pickers';
import { listWebhooks, shownWebhook } from '../../transport/webhooks';
import { eachItem } from '../operation';

export const getAll = eachItem({
	name: 'Get Many',
	value: 'getAll',
	description: 'List the webhooks of an app (five at most)',
	action: 'Get many webhooks',
	fields: [appField('The app whose webhooks to list; leave empty for the app in the credential')],
	prepare: (item, { sinch }) => readAppId(item, sinch),
	send: async (client, appId) => (await listWebhooks(client, appId)).map(shownWebhook),
});
