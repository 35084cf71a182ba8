import type { IExecuteFunctions } from 'n8n-workflow';

import { appField, readAppId } from '../../parameters/pickers';
import { listWebhooks, shownWebhook } from '../../transport/webhooks';
import { createClient, forEachItem } from '../operation';
import type { Operation } from '../operation';

/** Reads an app's webhooks, one item for each. */
export const getAll: Operation = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		description: 'List the webhooks of an app (five at most)',
		action: 'Get many webhooks',
	},
	fields: [appField('The app whose webhooks to list; leave empty for the app in the credential')],
	async execute(this: IExecuteFunctions) {
		const client = await createClient(this);
		return await forEachItem(this, client, {
			caption: { one: 'list of webhooks read', many: 'lists of webhooks read' },
			prepare: (item) => readAppId(item, client.sinch),
			send: async (sender, appId) => (await listWebhooks(sender, appId)).map(shownWebhook),
		});
	},
};
