import type { IHookFunctions } from 'n8n-workflow';

import { DEFAULT_MAX_AGE_HOURS } from '../callbacks/maxAge';
import { idOf } from '../parameters/resourceLocator';
import type { Webhook } from '../sinch/types';
import { SinchClient } from '../transport/client';
import { listWebhooks } from '../transport/webhooks';
import type { Acknowledge } from './acknowledgement';
import { WEBHOOK_NAMES } from './acknowledgement';
import { maxAgeOf, readOptions } from './options';
import { isSameTarget } from './target';

/** Sinch, the app and the address of one trigger node. */
export interface Endpoint {
	client: SinchClient;
	appId: string;
	target: string;
	/** The same node's address for the other choice of *Acknowledge*. */
	otherTarget: string;
	/** How long callbacks signed with a former secret are accepted, in hours. */
	rotationHours: number;
}

export async function findEndpoint(context: IHookFunctions): Promise<Endpoint> {
	const client = await SinchClient.create(context);
	const options = readOptions(context);
	const [own, other]: Acknowledge[] =
		options.acknowledge === 'finished' ? ['finished', 'stored'] : ['stored', 'finished'];
	const targetOf = (choice: Acknowledge) =>
		context.getNodeWebhookUrl(WEBHOOK_NAMES[choice]) as string;
	return {
		client,
		appId: idOf(options.appId) || client.appId,
		target: targetOf(own),
		otherTarget: targetOf(other),
		rotationHours: maxAgeOf(options) || DEFAULT_MAX_AGE_HOURS,
	};
}

/** The webhooks of the app. */
export const listAppWebhooks = async ({ client, appId }: Endpoint): Promise<Webhook[]> =>
	await listWebhooks(client, appId);

/** The webhook with a target. */
export const find = (webhooks: Webhook[], target: string) =>
	webhooks.find((webhook) => isSameTarget(webhook.target, target));
