import type { IHookFunctions, NodeApiError } from 'n8n-workflow';
import { NodeOperationError, sleep } from 'n8n-workflow';

import { DEFAULT_MAX_AGE_HOURS } from '../callbacks/maxAge';
import { idOf, idProblem } from '../parameters/resourceLocator';
import type { Webhook } from '../sinch/types';
import { SinchClient } from '../transport/client';
import {
	createWebhook,
	deleteWebhook,
	isIntact,
	listWebhooks,
	repairWebhook,
} from '../transport/webhooks';
import { NOT_FROM_SINCH } from '../transport/expect';
import { isRetryable } from '../transport/retry';
import type { Acknowledge } from './acknowledgement';
import { WEBHOOK_NAMES } from './acknowledgement';
import { explainErrors } from './lifecycleErrors';
import { maxAgeOf, readOptions } from './options';
import { createSecret, forget, isOwnSecret, registrationOf, retire } from './registration';
import { isSameNode, isSameTarget, unreachableBecause } from './target';

/** Sinch's limit of webhooks for one app. */
const MAX_WEBHOOKS_PER_APP = 5;

/** Whether a retry of a request with this error can succeed. */
const mayPass = ({ httpCode, message }: NodeApiError): boolean =>
	isRetryable({ status: Number(httpCode) || undefined, isForeign: message === NOT_FROM_SINCH });

/** How often a deletion is tried, and the milliseconds between. */
const MAX_DELETIONS = 3;
const PAUSE_MS = 1_000;

/** Sinch, the app and the address of one trigger node. */
interface Endpoint {
	client: SinchClient;
	appId: string;
	target: string;
	/** The same node's address for the other choice of *Acknowledge*. */
	otherTarget: string;
	/** How long callbacks signed with a former secret are accepted, in hours. */
	rotationHours: number;
}

async function findEndpoint(context: IHookFunctions): Promise<Endpoint> {
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

const listOf = async ({ client, appId }: Endpoint): Promise<Webhook[]> =>
	await listWebhooks(client, appId);

/**
 * Deletes a webhook; one that is already gone is fine. Retried for some seconds when Sinch has a
 * problem, because n8n deactivates a workflow only once.
 */
async function remove(client: SinchClient, id: string): Promise<void> {
	for (let tries = 1; ; tries++) {
		const failure = await deleteWebhook(client, id).then(
			() => undefined,
			(error: NodeApiError) => error,
		);
		if (!failure || failure.httpCode === '404') {
			return;
		}
		if (tries === MAX_DELETIONS || !mayPass(failure)) {
			throw failure;
		}
		await sleep(PAUSE_MS * tries);
	}
}

const find = (webhooks: Webhook[], target: string) =>
	webhooks.find((webhook) => isSameTarget(webhook.target, target));

function register(context: IHookFunctions, endpoint: Endpoint, webhookId: string, secret: string) {
	const { client, appId, target } = endpoint;
	const registration = { webhookId, secret, target, appId, projectId: client.projectId };
	Object.assign(registrationOf(context), registration);
}

/** Takes over a webhook that already points at this node, and repairs what differs. */
async function adopt(context: IHookFunctions, endpoint: Endpoint, webhook: Webhook) {
	const { client, target, rotationHours } = endpoint;
	const registration = registrationOf(context);
	// Without a secret of our own, the webhook's: another process may be about to use it too, when
	// two activate the same node at once, and callbacks in transit are signed with it.
	const secret =
		registration.secret ?? (isOwnSecret(webhook.secret) ? webhook.secret : createSecret());
	if (!isIntact(webhook, secret)) {
		await repairWebhook(client, webhook.id, target, secret);
	}
	if (webhook.secret !== secret) {
		retire(registration, webhook.secret, rotationHours, Date.now());
	}
	register(context, endpoint, webhook.id, secret);
}

/**
 * Removes this node's webhook under another address, or for another app, and forgets it.
 *
 * @param ownId the node's webhook under its current address
 */
async function removeRegistered(context: IHookFunctions, endpoint: Endpoint, ownId?: string) {
	const registration = registrationOf(context);
	const { webhookId, target = '', projectId } = registration;
	if (!webhookId || webhookId === ownId) {
		return;
	}
	if (!isSameNode(target, endpoint.target)) {
		// The static data was copied with the workflow: the original still needs its webhook.
		forget(registration, 0, Date.now());
		return;
	}
	if (projectId === endpoint.client.projectId) {
		await remove(endpoint.client, webhookId);
	} else {
		context.logger.warn(
			`Sinch Capability Trigger: the credential is now for another project, so the webhook ${webhookId} of project ${projectId} to ${target} stays at Sinch. Delete it in the Sinch Build Dashboard.`,
		);
	}
	forget(registration, endpoint.rotationHours, Date.now());
}

/** Removes a webhook that this node has at Sinch and does not remember. */
async function removeUnregistered(context: IHookFunctions, endpoint: Endpoint, webhook: Webhook) {
	await remove(endpoint.client, webhook.id);
	retire(registrationOf(context), webhook.secret, endpoint.rotationHours, Date.now());
}

/** Looks for the node's own webhook at Sinch, and adopts and repairs it if it exists. */
async function checkExists(this: IHookFunctions): Promise<boolean> {
	const endpoint = await findEndpoint(this);
	const { client, appId, target } = endpoint;
	const wrong = idProblem(appId);
	if (wrong) {
		throw new NodeOperationError(this.getNode(), `'App' ${wrong.problem}: ${appId}`, {
			description: wrong.advice,
		});
	}
	const problem = client.isSinchRegion ? unreachableBecause(target) : undefined;
	if (problem) {
		throw new NodeOperationError(
			this.getNode(),
			`Sinch cannot deliver to ${target}: ${problem}. Set the environment variable WEBHOOK_URL of n8n to its public https address.`,
		);
	}
	const webhooks = await listOf(endpoint);
	const own = find(webhooks, target);
	const registeredId = registrationOf(this).webhookId;
	await removeRegistered(this, endpoint, own?.id);
	const other = find(webhooks, endpoint.otherTarget);
	if (other && other.id !== registeredId) {
		await removeUnregistered(this, endpoint, other);
	}
	if (!own) {
		return false;
	}
	await adopt(this, endpoint, own);
	return true;
}

/** Registers a webhook with its own secret for the CAPABILITY trigger. */
async function create(this: IHookFunctions): Promise<boolean> {
	const endpoint = await findEndpoint(this);
	const { client, appId, target } = endpoint;
	const secret = createSecret();
	let failure: Error;
	try {
		register(this, endpoint, await createWebhook(client, appId, target, secret), secret);
		return true;
	} catch (error) {
		failure = error as Error;
	}
	const webhooks = await listOf(endpoint);
	const own = find(webhooks, target);
	if (own) {
		// The same node was activated at the same time, or only Sinch's response was lost.
		await adopt(this, endpoint, own);
		return true;
	}
	if (webhooks.length >= MAX_WEBHOOKS_PER_APP) {
		throw new NodeOperationError(
			this.getNode(),
			`The Sinch app has no free webhook: its ${webhooks.length} go to ${webhooks.map((webhook) => webhook.target).join(', ')}. Delete one that is no longer needed in the Sinch Build Dashboard, then publish (activate) this workflow again.`,
		);
	}
	throw failure;
}

/** Deletes the node's own webhooks and no other; one that is gone already is fine. */
async function deleteOwn(this: IHookFunctions): Promise<boolean> {
	const endpoint = await findEndpoint(this);
	const registration = registrationOf(this);
	if (registration.webhookId) {
		await removeRegistered(this, endpoint);
		return true;
	}
	const webhooks = await listOf(endpoint);
	for (const target of [endpoint.target, endpoint.otherTarget]) {
		const own = find(webhooks, target);
		if (own) {
			await removeUnregistered(this, endpoint, own);
		}
	}
	return true;
}

/** The methods that n8n calls when the workflow is activated and deactivated. */
export const lifecycle = {
	checkExists: explainErrors(checkExists),
	create: explainErrors(create),
	delete: explainErrors(
		deleteOwn,
		(context) =>
			registrationOf(context).webhookId &&
			'The webhook may still be at Sinch. Publish (activate) and unpublish (deactivate) this workflow again, or delete the webhook in the Sinch Build Dashboard.',
	),
};
