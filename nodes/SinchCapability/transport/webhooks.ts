import type { NodeApiError } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import type { Webhook } from '../sinch/types';
import type { ApiClient } from './client';

/** The trigger of Sinch's webhooks that capability notifications belong to. */
export const CAPABILITY_TRIGGER = 'CAPABILITY';

/** For every call about webhooks: n8n shows nothing while it waits for an activation. */
export const WEBHOOK_TIMEOUT_SECONDS = 10;

/** How often a deletion is tried, and the milliseconds between. */
const DELETIONS = 3;
const PAUSE_MS = 1_000;

/** The webhooks of an app, at most five. Sinch returns their secrets in clear. */
export async function listWebhooks(
	client: ApiClient,
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

/** A proxy or a captive portal may answer 200 with a page of its own. */
function readId(answer: Partial<Webhook> | undefined): string {
	if (typeof answer?.id !== 'string' || answer.id === '') {
		throw new TypeError('No webhook in the answer');
	}
	return answer.id;
}

/** @returns the id of the new webhook */
export async function createWebhook(
	client: ApiClient,
	appId: string,
	target: string,
	secret: string,
): Promise<string> {
	const webhook = await client.request<Webhook>({
		method: 'POST',
		path: '/webhooks',
		body: { app_id: appId, ...settingsOf(target, secret) },
		timeoutSeconds: WEBHOOK_TIMEOUT_SECONDS,
	});
	return readId(webhook);
}

/** Gives a webhook the settings it should have. */
export async function repairWebhook(
	client: ApiClient,
	id: string,
	target: string,
	secret: string,
): Promise<void> {
	const body = settingsOf(target, secret);
	const webhook = await client.request<Webhook>({
		method: 'PATCH',
		path: `/webhooks/${encodeURIComponent(id)}`,
		query: { update_mask: Object.keys(body).join(',') },
		body,
		timeoutSeconds: WEBHOOK_TIMEOUT_SECONDS,
	});
	readId(webhook);
}

const statusOf = (error: unknown) => Number((error as NodeApiError).httpCode ?? 0);

/** No answer, too many requests, or a problem of Sinch's own. */
const mayPass = (status: number) => status === 0 || status === 429 || status >= 500;

/**
 * Deletes a webhook; one that is gone already is fine. Tried again for some seconds when Sinch has a
 * problem, because n8n deactivates a workflow only once.
 */
export async function deleteWebhook(client: ApiClient, id: string): Promise<void> {
	for (let tries = 1; ; tries++) {
		const failure = await client
			.request({
				method: 'DELETE',
				path: `/webhooks/${encodeURIComponent(id)}`,
				timeoutSeconds: WEBHOOK_TIMEOUT_SECONDS,
			})
			.then(
				() => undefined,
				(error: NodeApiError) => error,
			);
		const status = failure && statusOf(failure);
		if (status === undefined || status === 404) {
			return;
		}
		if (tries === DELETIONS || !mayPass(status)) {
			throw failure as NodeApiError;
		}
		await sleep(PAUSE_MS * tries);
	}
}
