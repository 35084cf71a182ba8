import { type IHookFunctions, type NodeApiError, NodeOperationError } from 'n8n-workflow';

import { unreachableBecause, createSecret, shown } from '../shared/webhookAddresses';
import { CAPABILITY_TRIGGER } from '../sinch/webhookTriggers';
import { createWebhook, noFreeWebhook } from '../transport/webhooks';
import {
	adopt,
	forgetCopied,
	noteTest,
	noteTestEnd,
	register,
	removeOthers,
	removeRegistered,
	findEndpoint,
	listAppWebhooks,
} from './registration';
import { readOptions, requireNoProblem, warnOfProblems } from './options';
import { registrationOf, removeExpired } from './staticData';

async function checkExists(this: IHookFunctions): Promise<boolean> {
	const options = readOptions(this);
	const { webhookId } = registrationOf(this);
	// n8n 1 and n8n in queue mode also call this when they start: a published workflow must go on then.
	if (webhookId) {
		warnOfProblems(this, options);
	} else {
		requireNoProblem(this, options);
	}
	const endpoint = await findEndpoint(this, options);
	const { client, target } = endpoint;
	const problem = unreachableBecause(target, client.isSinchRegion);
	if (problem) {
		throw new NodeOperationError(
			this.getNode(),
			`Sinch cannot deliver to ${shown(target)}: ${problem}. Set the environment variable WEBHOOK_URL of n8n to its public https address.`,
		);
	}
	noteTest(this, endpoint);
	removeExpired(this, Date.now());
	forgetCopied(this, endpoint);
	const { webhooks, own } = await listAppWebhooks(this, endpoint);
	await removeRegistered(this, endpoint, own?.id);
	await removeOthers(this, endpoint, webhooks, [own?.id, webhookId]);
	if (own) {
		await adopt(this, endpoint, own);
	}
	return own !== undefined;
}

async function create(this: IHookFunctions): Promise<boolean> {
	const options = readOptions(this);
	requireNoProblem(this, options);
	const endpoint = await findEndpoint(this, options);
	const { client, appId, target } = endpoint;
	const secret = createSecret();
	const webhook = { app_id: appId, target, triggers: [CAPABILITY_TRIGGER], secret };
	const created = await createWebhook(client, webhook).catch((error: NodeApiError) => error);
	if (!(created instanceof Error)) {
		register(this, endpoint, created.id, secret);
		return true;
	}
	const { webhooks, own } = await listAppWebhooks(this, endpoint);
	if (own) {
		// The same node was activated at the same time.
		await adopt(this, endpoint, own);
		return true;
	}
	const isFull = noFreeWebhook(this, webhooks, 'publish (activate) or test the workflow again');
	throw isFull ? new NodeOperationError(this.getNode(), isFull.message, isFull) : created;
}

/** Deletes the node's own webhooks and no other; one that is gone already is fine. */
async function deleteOwn(this: IHookFunctions): Promise<boolean> {
	const endpoint = await findEndpoint(this, readOptions(this));
	noteTestEnd(endpoint);
	forgetCopied(this, endpoint);
	const { webhookId } = registrationOf(this);
	await removeRegistered(this, endpoint);
	const others = listAppWebhooks(this, endpoint).then(
		async ({ webhooks }) => await removeOthers(this, endpoint, webhooks),
	);
	// With the registered one gone, the others are looked for again when the workflow is published.
	await (webhookId ? others.catch(() => {}) : others);
	return true;
}

type LifecycleMethod = (this: IHookFunctions) => Promise<boolean>;

/**
 * Puts everything an error says into its message, as sentences: when publishing fails, n8n shows the user
 * nothing else. @param consequence what to say at the end of every error, if anything
 */
export function explainErrors(
	method: LifecycleMethod,
	consequence?: (context: IHookFunctions) => string | undefined,
): LifecycleMethod {
	return async function (this: IHookFunctions) {
		try {
			return await method.call(this);
		} catch (error) {
			const { message, description } = error as NodeApiError;
			const words = [message, description, consequence?.(this)]
				.filter(Boolean)
				.map((text) => `${text}`.replace(/[^.!?]$/, '$&.'))
				.join(' ');
			const shown = new NodeOperationError(this.getNode(), words);
			// n8n has replaced a message that names a code like ECONNREFUSED with its own sentence.
			shown.message = words;
			throw shown;
		}
	};
}

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
