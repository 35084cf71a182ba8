import {
	type NodeApiError,
	NodeHelpers,
	NodeOperationError,
	type WebhookType,
	sleep,
} from 'n8n-workflow';

import type { Webhook } from '../sinch/types';
import { CAPABILITY_TRIGGER } from '../sinch/webhookTriggers';
import { deleteWebhook, isIntact, repairWebhook, listWebhooks } from '../transport/webhooks';
import { type Context, forget, registrationOf, retire } from './staticData';
import {
	canonical,
	isSameAddress,
	pathInN8n,
	shown,
	createSecret,
	isOwnSecret,
	receiverOf,
	TRIGGER_PATHS,
	WEBHOOK_NAMES,
} from '../shared/webhookAddresses';
import { ExpiringMap } from '../shared/expiringMap';
import { appIdError } from '../parameters/pickers';
import { DEFAULT_MAX_AGE_HOURS } from '../parameters/verification';
import { SinchClient } from '../transport/client';
import type { TriggerOptions } from './options';

const addressOf = (context: Context, name: WebhookType): string =>
	canonical(context.getNodeWebhookUrl(name) ?? '');

/** The address that Sinch is to post to, for which app, and a client for it. */
export async function findEndpoint(
	context: Context,
	{ acknowledge, appId, maxAgeHours }: TriggerOptions,
) {
	const client = await SinchClient.create(context);
	return {
		client,
		appId: appId || client.appId,
		target: addressOf(context, WEBHOOK_NAMES[acknowledge]),
		/** How long callbacks signed with a former secret are accepted, in hours. */
		rotationHours: maxAgeHours || DEFAULT_MAX_AGE_HOURS,
	};
}

type Endpoint = Awaited<ReturnType<typeof findEndpoint>>;

/** The webhooks of the app, and the one among them with this node's address. @throws NodeOperationError when the App ID is none */
export async function listAppWebhooks(context: Context, { client, appId, target }: Endpoint) {
	const wrong = appIdError(appId);
	if (wrong) {
		throw new NodeOperationError(context.getNode(), wrong.message, wrong);
	}
	const webhooks = await listWebhooks(client, appId);
	return { webhooks, own: webhooks.find((webhook) => isSameAddress(webhook.target, target)) };
}

/** Whether a retry of a request with this error can succeed. */
export const mayPass = ({ context }: NodeApiError): boolean => context?.isRetryable === true;

/** How often a deletion is tried, and the milliseconds between. */
const MAX_DELETIONS = 3;
const PAUSE_MS = 1_000;

/** Deletes a webhook, if Sinch still has it. Tried several times, because n8n deactivates a workflow only once. */
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

/** Stores what was registered at Sinch in the static data of the node. */
export function register(context: Context, endpoint: Endpoint, webhookId: string, secret: string) {
	const { client, appId, target } = endpoint;
	const { projectId } = client;
	// n8n does not encrypt it.
	const apiUrl = shown(client.address);
	const instanceId = context.getInstanceId();
	const registration = { webhookId, instanceId, secret, target, appId, projectId, apiUrl };
	Object.assign(registrationOf(context), registration);
}

/** Takes over a webhook that already points at this node, and repairs what differs. */
export async function adopt(context: Context, endpoint: Endpoint, webhook: Webhook) {
	const { client, target, rotationHours } = endpoint;
	const registered = registrationOf(context).secret;
	// Without a secret of our own, the webhook's: another process may be about to use it too, when
	// two activate the same node at once, and callbacks in transit are signed with it.
	const secret = registered ?? (isOwnSecret(webhook.secret) ? webhook.secret : createSecret());
	const settings = { target, triggers: [CAPABILITY_TRIGGER], secret };
	if (!isIntact(webhook, settings)) {
		await repairWebhook(client, webhook.id, settings);
	}
	if (webhook.secret !== secret) {
		retire(context, webhook.secret, rotationHours, Date.now());
	}
	register(context, endpoint, webhook.id, secret);
}

/** Whether an address is this node's, at any public address of its n8n and for any choice of *Confirm to Sinch*. */
function isOfNode(context: Context, address: string): boolean {
	const { id } = context.getWorkflow();
	return Object.values(TRIGGER_PATHS)
		.map((path) => NodeHelpers.getNodeWebhookPath(String(id), context.getNode(), path))
		.some((own) => canonical(address).endsWith(new URL(own, 'http://n8n/').pathname));
}

/**
 * Forgets a registration that came with a copy of the workflow, from this n8n or from another one: the
 * original still needs its webhook. An older version of this package did not store the n8n.
 */
export function forgetCopied(context: Context, endpoint: Endpoint): void {
	const own = context.getInstanceId();
	const { target = endpoint.target, instanceId = own } = registrationOf(context);
	if (!isOfNode(context, target) || instanceId !== own) {
		forget(context, 0, Date.now());
	}
}

/** Removes the webhook that this node has registered, unless it is `ownId`, that of its current address; forgets it. */
export async function removeRegistered(context: Context, endpoint: Endpoint, ownId?: string) {
	const { client } = endpoint;
	const { webhookId, target = '', projectId, apiUrl = client.address } = registrationOf(context);
	if (!webhookId || webhookId === ownId) {
		return;
	}
	if (projectId === client.projectId && shown(apiUrl) === shown(client.address)) {
		await remove(client, webhookId);
	} else {
		context.logger.warn(
			`Sinch Capability Trigger: the credential is now for another project or region, so the webhook ${webhookId} of project ${projectId} at ${shown(apiUrl)} to ${shown(target)} stays at Sinch. Delete it in the Sinch Build Dashboard.`,
		);
	}
	forget(context, endpoint.rotationHours, Date.now());
}

/** How long a trigger listens for a test at most, in milliseconds: n8n ends it after two minutes. */
const MAX_TEST_MS = 150_000;

const tests = new ExpiringMap<true>(MAX_TEST_MS, 1_000);

/** Whether a trigger begins to listen for a test; n8n does not say so when it ends one. */
const startsTest = (context: Context): boolean => context.getMode() === 'manual';

export function noteTest(context: Context, { target }: Endpoint): void {
	if (startsTest(context)) {
		tests.set(target, true, performance.now());
	}
}

export const noteTestEnd = ({ target }: Endpoint): void => tests.delete(target);

/**
 * Removes what else this node has at Sinch: the webhook of the other choice of *Confirm to Sinch* and, in
 * production, those of former tests, which stay when n8n stops during a test. @param kept webhooks that stay
 */
export async function removeOthers(
	context: Context,
	{ client, target: own, rotationHours }: Endpoint,
	webhooks: readonly Webhook[],
	kept: ReadonlyArray<string | undefined> = [],
): Promise<void> {
	const current = Object.values(WEBHOOK_NAMES).map((name) => addressOf(context, name));
	// Another n8n may have an address below this one's, and a copy of the node.
	const depthOf = (target: string) => pathInN8n(context, target)?.split('/').length ?? 0;
	const isFormerTest = (webhook: Webhook) =>
		!startsTest(context) &&
		receiverOf(context, webhook)?.kind === 'test' &&
		isOfNode(context, webhook.target) &&
		depthOf(webhook.target) <= depthOf(own);
	for (const webhook of webhooks) {
		const target = canonical(webhook.target);
		const isNeeded = kept.includes(webhook.id) || tests.get(target, performance.now());
		if (!isNeeded && (current.includes(target) || isFormerTest(webhook))) {
			await remove(client, webhook.id);
			retire(context, webhook.secret, rotationHours, Date.now());
		}
	}
}
