import { type AddressContext, shown } from '../shared/ownAddresses';
import { type Receiver, receiverOf } from '../shared/triggerWebhook';
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
	context: AddressContext,
	webhooks: readonly Webhook[],
	then: string,
): { message: string; description: string } {
	const of = (kind: Receiver['kind']) =>
		webhooks.filter((webhook) => receiverOf(context, webhook)?.kind === kind);
	const own = of('trigger');
	const tests = of('test');
	const others = webhooks.filter((webhook) => ![...own, ...tests].includes(webhook));
	const list = (some: Webhook[]) =>
		some.map(({ target, id }) => `${shown(target)} (ID ${id})`).join(', ');
	return {
		message: `The Sinch app already has ${webhooks.length} webhooks, the maximum`,
		description: [
			own.length > 0 &&
				`${own.length} of them belong to this n8n: ${list(own)}. Unpublish (deactivate) a workflow with a Sinch Capability Trigger that you no longer need; one is enough for all workflows with Check Reachability and Wait.`,
			tests.length > 0 &&
				`${tests.length} of them are for tests of a trigger in this n8n: ${list(tests)}. When no test is running, delete them ${DELETE}.`,
			others.length > 0 &&
				`${others.length} of them do not belong to a trigger of this n8n: ${list(others)}. Delete one that is no longer needed ${DELETE}.`,
			`Then ${then}.`,
		]
			.filter(Boolean)
			.join(' '),
	};
}
