import { type NodeApiError, sleep } from 'n8n-workflow';

import type { Webhook } from '../sinch/types';
import { deleteWebhook, isIntact, repairWebhook, listWebhooks } from '../transport/webhooks';
import type { Context } from './registration';
import { createSecret, forget, isOwnSecret, registrationOf, retire } from './registration';
import { canonical, isSameAddress } from '../shared/ownAddresses';
import { ExpiringMap } from '../shared/expiringMap';
import { baseOfTarget, isSameNode, isTestTarget, isTriggerTarget } from '../shared/triggerWebhook';
import { DEFAULT_MAX_AGE_HOURS } from '../parameters/maxAge';
import { SinchClient } from '../transport/client';
import { WEBHOOK_NAMES } from './acknowledgement';
import type { TriggerOptions } from './options';

export interface Endpoint {
	client: SinchClient;
	appId: string;
	target: string;
	/** How long callbacks signed with a former secret are accepted, in hours. */
	rotationHours: number;
}

export async function findEndpoint(
	context: Context,
	{ acknowledge, appId, maxAgeHours }: TriggerOptions,
): Promise<Endpoint> {
	const client = await SinchClient.create(context);
	return {
		client,
		appId: appId || client.appId,
		target: canonical(context.getNodeWebhookUrl(WEBHOOK_NAMES[acknowledge]) ?? ''),
		rotationHours: maxAgeHours || DEFAULT_MAX_AGE_HOURS,
	};
}

export const listAppWebhooks = async ({ client, appId }: Endpoint): Promise<Webhook[]> =>
	await listWebhooks(client, appId);

export const find = (webhooks: Webhook[], target: string) =>
	webhooks.find((webhook) => isSameAddress(webhook.target, target));

/** Whether a retry of a request with this error can succeed. */
export const mayPass = ({ context }: NodeApiError): boolean => context?.isRetryable === true;

/** How often a deletion is tried, and the milliseconds between. */
const MAX_DELETIONS = 3;
const PAUSE_MS = 1_000;

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

export function register(context: Context, endpoint: Endpoint, webhookId: string, secret: string) {
	const { client, appId, target } = endpoint;
	const { projectId, address: apiUrl } = client;
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
	if (!isIntact(webhook, secret)) {
		await repairWebhook(client, webhook.id, target, secret);
	}
	if (webhook.secret !== secret) {
		retire(context, webhook.secret, rotationHours, Date.now());
	}
	register(context, endpoint, webhook.id, secret);
}

/**
 * Forgets a registration that came with a copy of the workflow, from this n8n or from another one: the
 * original still needs its webhook. An older version of this package did not store the n8n.
 */
export function forgetCopied(context: Context, endpoint: Endpoint): void {
	const own = context.getInstanceId();
	const { target = endpoint.target, instanceId = own } = registrationOf(context);
	if (!isSameNode(target, endpoint.target) || instanceId !== own) {
		forget(context, 0, Date.now());
	}
}

/** Removes the webhook that this node has registered, unless it is `ownId`, that of its current address; forgets it. */
export async function removeRegistered(context: Context, endpoint: Endpoint, ownId?: string) {
	const { client } = endpoint;
	const { webhookId, target, projectId, apiUrl = client.address } = registrationOf(context);
	if (!webhookId || webhookId === ownId) {
		return;
	}
	if (projectId === client.projectId && apiUrl === client.address) {
		await remove(client, webhookId);
	} else {
		context.logger.warn(
			`Sinch Capability Trigger: the credential is now for another project or region, so the webhook ${webhookId} of project ${projectId} at ${apiUrl} to ${target} stays at Sinch. Delete it in the Sinch Build Dashboard.`,
		);
	}
	forget(context, endpoint.rotationHours, Date.now());
}

/** How long a trigger listens for a test at most, in milliseconds: n8n ends it after two minutes. */
const MAX_TEST_MS = 150_000;

const tests = new ExpiringMap<true>(MAX_TEST_MS, 1_000);

export function noteTest({ target }: Endpoint): void {
	if (isTestTarget(target)) {
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
	{ client, target, rotationHours }: Endpoint,
	webhooks: readonly Webhook[],
	kept: ReadonlyArray<string | undefined> = [],
): Promise<void> {
	for (const { id, target: other, secret } of webhooks) {
		const isOwn = isSameNode(other, target) && baseOfTarget(other) === baseOfTarget(target);
		const isOfTest = isTestTarget(other);
		const isNeeded = isOfTest
			? tests.get(canonical(other), performance.now()) !== undefined
			: isTestTarget(target);
		if (isOwn && isTriggerTarget(other) && !isNeeded && !kept.includes(id)) {
			await remove(client, id);
			retire(context, secret, rotationHours, Date.now());
		}
	}
}
