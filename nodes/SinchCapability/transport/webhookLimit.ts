import { isBelow } from '../shared/ownAddresses';
import { isTestTarget } from '../shared/triggerWebhook';
import type { Webhook } from '../sinch/types';

/** Sinch's limit of webhooks for one app. */
export const MAX_WEBHOOKS_PER_APP = 5;

const DELETE =
	'in the Sinch Build Dashboard, or with its ID and the operation Delete of the resource Webhook';

/**
 * Which webhooks take all places of the app, and what to do about each kind; a title and its description.
 *
 * @param then what to do once there is a place, e.g. `run this node again`
 */
export function noFreeWebhook(
	webhooks: readonly Webhook[],
	base: string,
	then: string,
): { message: string; description: string } {
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
	return {
		message: `The Sinch app already has ${webhooks.length} webhooks, the maximum`,
		description: [
			own.count > 0 &&
				`${own.count} of them belong to this n8n: ${own.list}. Unpublish (deactivate) a workflow with a Sinch Capability Trigger that you no longer need; one is enough for all workflows with Check Reachability and Wait.`,
			test.count > 0 &&
				`${test.count} of them are for tests of a trigger in this n8n: ${test.list}. When no test is running, delete them ${DELETE}.`,
			other.count > 0 &&
				`${other.count} of them lead elsewhere: ${other.list}. Delete one that is no longer needed ${DELETE}.`,
			`Then ${then}.`,
		]
			.filter(Boolean)
			.join(' '),
	};
}
