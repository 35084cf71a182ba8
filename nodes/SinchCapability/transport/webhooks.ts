import type { Webhook } from '../sinch/types';
import type { ApiClient } from './client';
import { deleteOne } from './deleteOne';
import { listOf, thing, thingWithId } from './expect';

/** The webhook trigger of capability notifications. */
export const CAPABILITY_TRIGGER = 'CAPABILITY';

/** For every webhook request: n8n shows nothing while it waits for an activation. */
const WEBHOOK_TIMEOUT_SECONDS = 10;

/** The webhooks of an app, at most five. Sinch returns their secrets in clear text. */
export async function listWebhooks(client: ApiClient, appId: string): Promise<Webhook[]> {
	const { webhooks } = await client.request({
		method: 'GET',
		path: `/apps/${encodeURIComponent(appId)}/webhooks`,
		expect: listOf<{ webhooks: Webhook[] }>('webhooks'),
		timeoutSeconds: WEBHOOK_TIMEOUT_SECONDS,
	});
	return webhooks.map(({ target, triggers, ...webhook }) => ({
		...webhook,
		target: String(target ?? ''),
		triggers: Array.isArray(triggers) ? triggers : [],
	}));
}

const settingsOf = (target: string, secret: string) => ({
	target,
	target_type: 'HTTP',
	triggers: [CAPABILITY_TRIGGER],
	secret,
});

/** Whether Sinch delivers capability notifications and nothing else, signed with the secret. */
export const isIntact = (webhook: Webhook, secret: string): boolean =>
	webhook.secret === secret &&
	webhook.target_type === 'HTTP' &&
	webhook.triggers?.length === 1 &&
	webhook.triggers[0] === CAPABILITY_TRIGGER;

/** @returns the id of the new webhook */
export async function createWebhook(
	client: ApiClient,
	appId: string,
	target: string,
	secret: string,
): Promise<string> {
	const { id } = await client.request({
		method: 'POST',
		path: '/webhooks',
		body: { app_id: appId, ...settingsOf(target, secret) },
		expect: thing<Webhook>,
		timeoutSeconds: WEBHOOK_TIMEOUT_SECONDS,
	});
	return id;
}

/** Gives a webhook the settings it should have. */
export async function repairWebhook(
	client: ApiClient,
	id: string,
	target: string,
	secret: string,
): Promise<void> {
	const body = settingsOf(target, secret);
	await client.request({
		method: 'PATCH',
		path: `/webhooks/${encodeURIComponent(id)}`,
		query: { update_mask: Object.keys(body).join(',') },
		body,
		expect: thingWithId<Webhook>(id),
		timeoutSeconds: WEBHOOK_TIMEOUT_SECONDS,
	});
}

/** Deletes a webhook. @throws NodeApiError when Sinch still has it, or does not say */
export async function deleteWebhook(client: ApiClient, id: string) {
	return await deleteOne(client, '/webhooks', id, WEBHOOK_TIMEOUT_SECONDS);
}
