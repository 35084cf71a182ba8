import { randomBytes } from 'node:crypto';
import type { IHookFunctions, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { Webhook } from '../sinch/types';
import { SinchClient } from '../transport/client';
import { isSameTarget, unreachableBecause } from './target';

/** Sinch's limit of webhooks for one app. */
const WEBHOOKS_PER_APP = 5;

const TRIGGER = 'CAPABILITY';

/**
 * The node's static data: what was registered at Sinch, and the secret to verify notifications
 * with. n8n keeps that of test and production webhooks apart.
 */
export interface Registration {
	webhookId?: string;
	secret?: string;
}

const registrationOf = (context: IHookFunctions) =>
	context.getWorkflowStaticData('node') as Registration;

/** Sinch, the app and the address of one trigger node. */
interface Endpoint {
	client: SinchClient;
	appId: string;
	target: string;
}

async function findEndpoint(context: IHookFunctions): Promise<Endpoint> {
	const client = await SinchClient.create(context);
	const { appId } = context.getNodeParameter('options', {}) as { appId?: string };
	return {
		client,
		appId: appId?.trim() || client.appId,
		target: context.getNodeWebhookUrl('default') as string,
	};
}

const settingsOf = (target: string, secret: string) => ({
	target,
	target_type: 'HTTP',
	triggers: [TRIGGER],
	secret,
});

async function listWebhooks({ client, appId }: Endpoint): Promise<Webhook[]> {
	const { webhooks = [] } = await client.request<{ webhooks?: Webhook[] }>({
		method: 'GET',
		path: `/apps/${encodeURIComponent(appId)}/webhooks`,
	});
	return webhooks;
}

/** Takes over a webhook that already points at this node, and repairs what differs. */
async function adopt(context: IHookFunctions, { client, target }: Endpoint, webhook: Webhook) {
	const registration = registrationOf(context);
	const secret = registration.secret ?? createSecret();
	const intact =
		webhook.secret === secret &&
		webhook.target_type === 'HTTP' &&
		webhook.triggers?.length === 1 &&
		webhook.triggers[0] === TRIGGER;
	if (!intact) {
		const body = settingsOf(target, secret);
		await client.request({
			method: 'PATCH',
			path: `/webhooks/${encodeURIComponent(webhook.id)}`,
			query: { update_mask: Object.keys(body).join(',') },
			body,
		});
	}
	registration.webhookId = webhook.id;
	registration.secret = secret;
}

const createSecret = () => randomBytes(32).toString('base64url');

/** Looks for the node's own webhook at Sinch; one that is there is adopted and mended. */
async function checkExists(this: IHookFunctions): Promise<boolean> {
	const endpoint = await findEndpoint(this);
	const { client, target } = endpoint;
	const problem = client.isSinchItself ? unreachableBecause(target) : undefined;
	if (problem) {
		throw new NodeOperationError(
			this.getNode(),
			`Sinch cannot deliver to ${target}: ${problem}. Set the environment variable WEBHOOK_URL of n8n to its public https address.`,
		);
	}
	const own = (await listWebhooks(endpoint)).find((webhook) =>
		isSameTarget(webhook.target, target),
	);
	if (!own) {
		return false;
	}
	await adopt(this, endpoint, own);
	return true;
}

/** Registers a webhook with a secret of its own for the CAPABILITY trigger. */
async function create(this: IHookFunctions): Promise<boolean> {
	const endpoint = await findEndpoint(this);
	const { client, appId, target } = endpoint;
	const secret = createSecret();
	try {
		const { id } = await client.request<Webhook>({
			method: 'POST',
			path: '/webhooks',
			body: { app_id: appId, ...settingsOf(target, secret) },
		});
		Object.assign(registrationOf(this), { webhookId: id, secret } satisfies Registration);
		return true;
	} catch (error) {
		const webhooks = await listWebhooks(endpoint);
		const own = webhooks.find((webhook) => isSameTarget(webhook.target, target));
		if (own) {
			// Somebody activated the same node at the same time.
			await adopt(this, endpoint, own);
			return true;
		}
		if (webhooks.length >= WEBHOOKS_PER_APP) {
			throw new NodeOperationError(
				this.getNode(),
				`The Sinch app has no free webhook: its ${webhooks.length} go to ${webhooks.map((webhook) => webhook.target).join(', ')}. Delete one that nobody needs in the Sinch Build Dashboard, then activate this workflow again.`,
			);
		}
		throw new NodeApiError(this.getNode(), error as JsonObject);
	}
}

/** Deletes the node's own webhook and no other; one that is gone already is fine. */
async function deleteOwn(this: IHookFunctions): Promise<boolean> {
	const registration = registrationOf(this);
	const endpoint = await findEndpoint(this);
	const id =
		registration.webhookId ??
		(await listWebhooks(endpoint)).find(({ target }) => isSameTarget(target, endpoint.target))?.id;
	if (id) {
		try {
			await endpoint.client.request({
				method: 'DELETE',
				path: `/webhooks/${encodeURIComponent(id)}`,
			});
		} catch (error) {
			if ((error as NodeApiError).httpCode !== '404') {
				throw new NodeApiError(this.getNode(), error as JsonObject);
			}
		}
	}
	delete registration.webhookId;
	delete registration.secret;
	return true;
}

/** The methods that n8n calls when the workflow is activated and deactivated. */
export const lifecycle = { checkExists, create, delete: deleteOwn };
