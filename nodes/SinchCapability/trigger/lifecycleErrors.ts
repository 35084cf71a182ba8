import type { IHookFunctions, NodeApiError } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { isBelow } from '../shared/ownAddresses';
import { REPUBLISH } from '../shared/republish';
import { baseOfTarget, isTestTarget } from '../shared/triggerPaths';
import type { Webhook } from '../sinch/types';

type LifecycleMethod = (this: IHookFunctions) => Promise<boolean>;

/** Title and advice as one text, e.g. `Sinch is not available at the moment. Try again in a few minutes. …`. */
function wordsOf(error: unknown): string {
	const { message, description } = error as NodeApiError;
	return [message, description]
		.filter((text) => typeof text === 'string' && text !== '')
		.map((text) => `${text}`.replace(/[^.!?]$/, '$&.'))
		.join(' ');
}

/**
 * Puts everything an error says into its message: when publishing fails, n8n shows the user
 * nothing else.
 *
 * @param consequence what to say at the end of every error, as a sentence; nothing when it is empty
 */
export function explainErrors(
	method: LifecycleMethod,
	consequence?: (context: IHookFunctions) => string | undefined,
): LifecycleMethod {
	return async function (this: IHookFunctions) {
		try {
			return await method.call(this);
		} catch (error) {
			const words = [wordsOf(error), consequence?.(this)].filter(Boolean).join(' ');
			const shown = new NodeOperationError(this.getNode(), words);
			// n8n has replaced a message that names a code like ECONNREFUSED with its own sentence.
			shown.message = words;
			throw shown;
		}
	};
}

const DELETE =
	'in the Sinch Build Dashboard, or with its ID and the operation Delete of the resource Webhook';

/**
 * Which webhooks take all places of the app, and what to do about each kind.
 *
 * @param target the address of the trigger that has no place
 */
export function noFreeWebhook(webhooks: readonly Webhook[], target: string): string {
	const base = baseOfTarget(target);
	const kindOf = (webhook: Webhook) => {
		if (!isBelow(base, webhook.target)) {
			return 'other';
		}
		return isTestTarget(webhook.target) ? 'test' : 'own';
	};
	const listOf = (kind: ReturnType<typeof kindOf>) => {
		const those = webhooks.filter((webhook) => kindOf(webhook) === kind);
		const list = those.map((webhook) => `${webhook.target} (ID ${webhook.id})`).join(', ');
		return { count: those.length, list };
	};
	const [own, test, other] = [listOf('own'), listOf('test'), listOf('other')];
	return [
		`The Sinch app already has ${webhooks.length} webhooks, the maximum.`,
		own.count > 0 &&
			`${own.count} of them belong to this n8n: ${own.list}. Unpublish (deactivate) a workflow with a Sinch Capability Trigger that you no longer need; one is enough for all workflows with Check Reachability and Wait.`,
		test.count > 0 &&
			`${test.count} of them are for tests of a trigger in this n8n: ${test.list}. When no test is running, delete them ${DELETE}.`,
		other.count > 0 &&
			`${other.count} of them lead elsewhere: ${other.list}. Delete one that is no longer needed ${DELETE}.`,
		`Then ${REPUBLISH}.`,
	]
		.filter(Boolean)
		.join(' ');
}
