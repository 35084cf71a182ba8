import type { Webhook } from '../sinch/types';
import type { Requester } from './client';

/** The trigger of Sinch's webhooks that capability notifications belong to. */
export const CAPABILITY_TRIGGER = 'CAPABILITY';

/** For every call about webhooks: n8n shows nothing while it waits for an activation. */
export const WEBHOOK_TIMEOUT_SECONDS = 10;

/** The webhooks of an app, at most five. Sinch returns their secrets in clear. */
export async function listWebhooks(
	client: Requester,
	appId: string,
	itemIndex?: number,
): Promise<Webhook[]> {
	const { webhooks = [] } = await client.request<{ webhooks?: Webhook[] }>({
		method: 'GET',
		path: `/apps/${encodeURIComponent(appId)}/webhooks`,
		timeoutSeconds: WEBHOOK_TIMEOUT_SECONDS,
		itemIndex,
	});
	return webhooks;
}
