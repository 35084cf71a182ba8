import type { IExecuteFunctions } from 'n8n-workflow';

import { appField, readAppId } from '../../parameters/pickers';
import type { ResourceLocatorValue } from '../../parameters/pickers';
import type { Webhook } from '../../sinch/types';
import { listWebhooks } from '../../transport/webhooks';
import { forEachItem } from '../operation';
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
		return await forEachItem(this, {
			caption: { one: 'list of webhooks read', many: 'lists of webhooks read' },
			prepare: (client, itemIndex) => {
				const picked = this.getNodeParameter('appId', itemIndex, '') as ResourceLocatorValue;
				return readAppId(this, itemIndex, picked, client.appId);
			},
			send: async (client, appId, itemIndex) =>
				(await listWebhooks(client, appId, itemIndex)).map(withoutSecrets),
		});
	},
};
