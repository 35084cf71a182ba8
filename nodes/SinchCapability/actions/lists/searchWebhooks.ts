import { type ILoadOptionsFunctions, NodeOperationError } from 'n8n-workflow';

import { idOf, isExpression } from '../../parameters/pickers';
import type { Webhook } from '../../sinch/types';
import { SinchClient } from '../../transport/client';
import { listWebhooks } from '../../transport/webhooks';
import { matching } from './appsAndChannels';

/** E.g. `https://n8n.example.com/webhook/… (CAPABILITY) — signed`. Never the secret itself. */
const describe = ({ target, triggers = [], secret }: Webhook): string =>
	`${target} (${triggers.join(', ') || 'no triggers'}) — ${secret ? 'signed' : 'not signed'}`;

/** The list of the Webhook picker: the webhooks of the app in the form, else of the credential's. */
export async function searchWebhooks(this: ILoadOptionsFunctions, filter?: string) {
	const chosen = idOf(this.getCurrentNodeParameter('appId'));
	if (isExpression(chosen)) {
		throw new NodeOperationError(
			this.getNode(),
			// The list shows this sentence and no description.
			"The webhooks cannot be listed, because an expression sets the app. Choose the app from the list, or enter the webhook's ID.",
		);
	}
	const client = await SinchClient.create(this);
	const webhooks = await listWebhooks(client, chosen || client.appId);
	const items = webhooks.map((webhook) => ({ name: describe(webhook), value: webhook.id }));
	return { results: matching(items, filter) };
}
