import type { IHookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { idProblem } from '../parameters/pickers';
import { createWebhook } from '../transport/webhooks';
import { explainErrors, noFreeWebhook } from './lifecycleErrors';
import {
	adopt,
	forgetCopied,
	noteTest,
	noteTestEnd,
	removeFormerTests,
	register,
	removeRegistered,
	removeUnregistered,
	find,
	findEndpoint,
	listAppWebhooks,
} from './ownWebhook';
import { requireUsableOptions } from './options';
import { createSecret, registrationOf } from './registration';
import { unreachableBecause } from './target';

/** Sinch's limit of webhooks for one app. */
const MAX_WEBHOOKS_PER_APP = 5;

/** Looks for the node's own webhook at Sinch, and adopts and repairs it if it exists. */
async function checkExists(this: IHookFunctions): Promise<boolean> {
	requireUsableOptions(this);
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
	noteTest(endpoint);
	forgetCopied(this, endpoint);
	const webhooks = await listAppWebhooks(endpoint);
	const own = find(webhooks, target);
	const registeredId = registrationOf(this).webhookId;
	await removeRegistered(this, endpoint, own?.id);
	const other = find(webhooks, endpoint.otherTarget);
	if (other && other.id !== registeredId) {
		await removeUnregistered(this, endpoint, other);
	}
	await removeFormerTests(endpoint, webhooks);
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
	const webhooks = await listAppWebhooks(endpoint);
	const own = find(webhooks, target);
	if (own) {
		// The same node was activated at the same time, or only Sinch's response was lost.
		await adopt(this, endpoint, own);
		return true;
	}
	if (webhooks.length >= MAX_WEBHOOKS_PER_APP) {
		throw new NodeOperationError(this.getNode(), noFreeWebhook(webhooks, target));
	}
	throw failure;
}

/** Deletes the node's own webhooks and no other; one that is gone already is fine. */
async function deleteOwn(this: IHookFunctions): Promise<boolean> {
	const endpoint = await findEndpoint(this);
	noteTestEnd(endpoint);
	forgetCopied(this, endpoint);
	if (registrationOf(this).webhookId) {
		await removeRegistered(this, endpoint);
		// They are looked for again when the workflow is published.
		await listAppWebhooks(endpoint)
			.then(async (webhooks) => await removeFormerTests(endpoint, webhooks))
			.catch(() => {});
		return true;
	}
	const webhooks = await listAppWebhooks(endpoint);
	for (const target of [endpoint.target, endpoint.otherTarget]) {
		const own = find(webhooks, target);
		if (own) {
			await removeUnregistered(this, endpoint, own);
		}
	}
	await removeFormerTests(endpoint, webhooks);
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
