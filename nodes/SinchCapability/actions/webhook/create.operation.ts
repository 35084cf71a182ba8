import type { NodeApiError } from 'n8n-workflow';

import { readChoices } from '../../shared/choices';
import { type Item, quote } from '../../parameters/item';
import { appField, readAppId } from '../../parameters/pickers';
import { noSecretError } from '../../parameters/verification';
import { isSameAddress, shown, unreachableBecause } from '../../shared/webhookAddresses';
import { CAPABILITY_TRIGGER, toTrigger, WEBHOOK_TRIGGERS } from '../../sinch/webhookTriggers';
import type { ApiClient } from '../../transport/client';
import { isRejected } from '../../transport/errors';
import type { PacedClient } from '../../transport/pacedClient';
import type { NewWebhook } from '../../transport/webhooks';
import { createWebhook, listWebhooks, noFreeWebhook, shownWebhook } from '../../transport/webhooks';
import { eachItem } from '../operation';

function readTarget(item: Item, isSinchRegion: boolean): string {
	const target = item.text('targetUrl', 'Target URL').trim();
	const advice = "Enter the Production URL of n8n's Webhook node";
	if (target === '') {
		throw item.emptyFieldError('Target URL', `${advice}.`);
	}
	const problem = unreachableBecause(target, isSinchRegion);
	if (problem) {
		throw item.fieldError(
			'Target URL',
			'is not an address that Sinch can deliver to',
			`${problem.replace(/^it\b/, 'It')}. ${advice}, which begins with https. If n8n shows another address there, set its environment variable WEBHOOK_URL to the public one.`,
			shown(target),
		);
	}
	return target;
}

function readTriggers(item: Item): string[] {
	const advice = `Choose what Sinch should post, such as ${CAPABILITY_TRIGGER}.`;
	const read = readChoices(item.read('triggers'), toTrigger);
	if ('other' in read) {
		throw item.fieldError('Triggers', 'has a value that is not a trigger', advice, read.other);
	}
	if (read.values.length === 0) {
		throw item.emptyFieldError('Triggers', advice);
	}
	return read.values;
}

function readWebhook(item: Item, { sinch }: PacedClient): NewWebhook {
	if (sinch.webhookSecret === '') {
		throw noSecretError(
			item,
			"Enter a long random text into the field 'Webhook Secret' of the credential: Sinch signs the callbacks with it, and Parse Notification verifies them with it.",
		);
	}
	return {
		app_id: readAppId(item, sinch),
		target: readTarget(item, sinch.isSinchRegion),
		triggers: readTriggers(item),
		secret: sinch.webhookSecret,
	};
}

/** Why Sinch has refused, as far as the app's webhooks show it; otherwise the error itself. */
async function explainRefusal(
	item: Item,
	client: ApiClient,
	{ app_id, target }: NewWebhook,
	error: NodeApiError,
): Promise<Error> {
	if (!isRejected(Number(error.httpCode))) {
		return error;
	}
	const webhooks = await listWebhooks(client, app_id).catch(() => []);
	const same = webhooks.find((webhook) => isSameAddress(webhook.target, target));
	if (same) {
		const { id, triggers = [], secret } = same;
		const what = [...triggers, secret ? 'signed' : 'not signed'].join(', ');
		return item.error(
			`'Target URL' already has a webhook in this app: ${quote(shown(target))}`,
			`Sinch accepts each target only once per app. It belongs to the webhook ${id} (${what}). Use that one, or remove it with the operation Delete of the resource Webhook and run this node again.`,
		);
	}
	const isFull = noFreeWebhook(item.context, webhooks, 'run this node again');
	return isFull ? item.error(isFull.message, isFull.description) : error;
}

export const webhookCreate = eachItem({
	name: 'Create',
	value: 'create',
	description: "Register a webhook at Sinch, for n8n's own Webhook node and Parse Notification",
	action: 'Create webhook',
	fields: [
		{
			displayName:
				"Sinch signs the callbacks with the 'Webhook Secret' in the credential. Not needed for the Sinch Capability Trigger, which registers its own webhook.",
			name: 'webhookNotice',
			type: 'notice',
			default: '',
		},
		appField('The app whose callbacks to receive; leave empty for the app in the credential'),
		{
			displayName: 'Target URL',
			name: 'targetUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://n8n.example.com/webhook/sinch-callbacks',
			description: "Where Sinch posts the callbacks: the Production URL of n8n's Webhook node",
		},
		{
			displayName: 'Triggers',
			name: 'triggers',
			type: 'multiOptions',
			options: WEBHOOK_TRIGGERS,
			default: [CAPABILITY_TRIGGER],
			description: 'What Sinch posts to the target; Capability stands for the answers to queries',
		},
	],
	prepare: readWebhook,
	send: async (client, webhook, item) => {
		try {
			return shownWebhook(await createWebhook(client, webhook));
		} catch (error) {
			throw await explainRefusal(item, client, webhook, error as NodeApiError);
		}
	},
});
