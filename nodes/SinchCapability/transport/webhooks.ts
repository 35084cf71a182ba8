import type { Webhook } from '../sinch/types';
import type { SinchClient } from './client';

/** The trigger of Sinch's webhooks that capability notifications belong to. */
export const CAPABILITY_TRIGGER = 'CAPABILITY';

/** The webhooks of an app, at most five. Sinch returns their secrets in clear. */
export async function listWebhooks(client: SinchClient, appId: string): Promise<Webhook[]> {
	const { webhooks = [] } = await client.request<{ webhooks?: Webhook[] }>({
		method: 'GET',
		path: `/apps/${encodeURIComponent(appId)}/webhooks`,
	});
	return webhooks;
}
