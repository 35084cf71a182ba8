import type { AddressContext, Receiver } from '../shared/webhookAddresses';
import { isSameAddress, shown, receiverOf } from '../shared/webhookAddresses';
import type { Webhook } from '../sinch/types';
import { type ApiClient, deleteOne } from './client';
import { asText, listOf, thing } from './expect';

/** For every webhook request: n8n shows nothing while it waits for an activation. */
const WEBHOOK_TIMEOUT_SECONDS = 10;

/** A webhook may come without target or triggers. */
const complete = ({ target, triggers, ...webhook }: Webhook): Webhook => ({
	...webhook,
	target: asText(target),
	triggers: Array.isArray(triggers) ? triggers.filter(asText) : [],
});

/** What may be shown of a webhook: Sinch's response holds its secret and its client credentials. */
export const shownWebhook = ({ id, app_id, target, target_type, triggers, secret }: Webhook) => ({
	id,
	app_id,
	target,
	target_type,
	triggers,
	signed: Boolean(secret),
});

const isOf = (appId: string) => (webhook: Webhook) => (webhook.app_id || appId) === appId;

/** The webhooks of an app, at most five. Sinch returns their secrets in clear text. */
export async function listWebhooks(client: ApiClient, appId: string): Promise<Webhook[]> {
	const { webhooks } = await client.request({
		method: 'GET',
		path: `/apps/${encodeURIComponent(appId)}/webhooks`,
		expect: listOf<{ webhooks: Webhook[] }>('webhooks', isOf(appId)),
		timeoutSeconds: WEBHOOK_TIMEOUT_SECONDS,
	});
	return webhooks.map(complete);
}

/** A webhook to register; Sinch signs its callbacks with the secret. */
export type NewWebhook = Required<Pick<Webhook, 'app_id' | 'target' | 'triggers' | 'secret'>>;

type Settings = Omit<NewWebhook, 'app_id'>;

/** Sinch's default for the type is to throw callbacks away. */
const TARGET_TYPE = 'HTTP';

/** Whether Sinch delivers for these triggers and no other, signed with the secret. */
export const isIntact = (webhook: Webhook, { secret, triggers }: Settings): boolean =>
	webhook.secret === secret &&
	webhook.target_type === TARGET_TYPE &&
	webhook.triggers?.length === triggers.length &&
	triggers.every((trigger) => webhook.triggers?.includes(trigger));

/** Registers a webhook. Looks for it after a lost response: Sinch accepts each target once for an app. */
export async function createWebhook(client: ApiClient, webhook: NewWebhook): Promise<Webhook> {
	const recover = async () =>
		(await listWebhooks(client, webhook.app_id)).find(
			(found) => isSameAddress(found.target, webhook.target) && isIntact(found, webhook),
		);
	const created = await client.request({
		method: 'POST',
		path: '/webhooks',
		body: { ...webhook, target_type: TARGET_TYPE },
		secret: webhook.secret,
		expect: (body) => {
			const created = thing<Webhook>()(body);
			return created && isOf(webhook.app_id)(created) ? created : undefined;
		},
		timeoutSeconds: WEBHOOK_TIMEOUT_SECONDS,
		recover,
	});
	return complete(created);
}

/** Gives a webhook the target type, triggers and secret that it should have. @throws NodeApiError */
export async function repairWebhook(client: ApiClient, id: string, settings: Settings) {
	const body = { target_type: TARGET_TYPE, ...settings };
	await client.request({
		method: 'PATCH',
		path: `/webhooks/${encodeURIComponent(id)}`,
		query: { update_mask: Object.keys(body).join(',') },
		body,
		secret: settings.secret,
		expect: thing<Webhook>(id),
		timeoutSeconds: WEBHOOK_TIMEOUT_SECONDS,
	});
}

/** Deletes a webhook. @throws NodeApiError when Sinch still has it, or does not say */
export async function deleteWebhook(client: ApiClient, id: string) {
	return await deleteOne(client, '/webhooks', id, WEBHOOK_TIMEOUT_SECONDS);
}

/** Sinch's limit of webhooks for one app. */
const MAX_WEBHOOKS_PER_APP = 5;

const DELETE =
	'in the Sinch Build Dashboard, or with its ID and the operation Delete of the resource Webhook';

/**
 * Which webhooks take all places of an app, and what to do about each kind; a title and its description.
 * Undefined while there is a place. @param then what to do once there is one, e.g. `run this node again`
 */
export function noFreeWebhook(context: AddressContext, webhooks: readonly Webhook[], then: string) {
	if (webhooks.length < MAX_WEBHOOKS_PER_APP) {
		return undefined;
	}
	const of = (kind: Receiver['kind']) =>
		webhooks.filter((webhook) => receiverOf(context, webhook)?.kind === kind);
	const own = of('trigger');
	const tests = of('test');
	const others = webhooks.filter((webhook) => ![...own, ...tests].includes(webhook));
	const list = (some: Webhook[]) =>
		some.map(({ target, id }) => `${shown(target)} (ID ${id})`).join(', ');
	const advice = [
		own.length > 0 &&
			`Triggers of this n8n (${own.length}): ${list(own)}. Unpublish (deactivate) a workflow whose Sinch Capability Trigger you no longer need; one is enough for all workflows with Check Reachability and Wait.`,
		tests.length > 0 &&
			`Tests of a trigger in this n8n (${tests.length}): ${list(tests)}. When no test is running, delete these webhooks ${DELETE}.`,
		others.length > 0 &&
			`Others (${others.length}): ${list(others)}. Delete one that is no longer needed ${DELETE}.`,
		`Then ${then}.`,
	];
	const message = `The Sinch app already has ${webhooks.length} webhooks, the maximum`;
	return { message, description: advice.filter(Boolean).join(' ') };
}
