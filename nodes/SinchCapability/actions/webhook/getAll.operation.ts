import type { IExecuteFunctions } from 'n8n-workflow';

import { appField, readAppId } from '../../parameters/pickers';
import type { Webhook } from '../../sinch/types';
import { listWebhooks } from '../../transport/webhooks';
import { createClient, forEachItem } from '../operation';
import type { Operation } from '../operation';

/** What may be shown of a webhook: Sinch's response holds its secret and its client credentials. */
const withoutSecrets = ({ id, app_id, target, target_type, triggers, secret }: Webhook) => ({
	id,
	app_id,
	target,
	target_type,
	triggers,
	signed: Boolean(secret),
});

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
			prepare: (item) => readAppId(item, client),
			send: async (sender, appId) => (await listWebhooks(sender, appId)).map(withoutSecrets),
		});
	},
};
