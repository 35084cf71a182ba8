import type { IExecuteFunctions } from 'n8n-workflow';

import { type Receiver, PUBLISH_TRIGGER, REPUBLISH } from '../shared/webhookAddresses';
import type { PacedClient } from '../transport/pacedClient';
import { type CollectProblem, probe } from './queueMode/collectClient';
import { whereAnswersArrive } from './queueMode/place';
import { processName } from './queueMode/protocol';
import { REFUSAL_KINDS, type RefusalKind, refusals } from '../notification/signature';
import { addressesOf, findReceivers, published } from './listeners';

/** A wait that has ended without any answer. */
export interface EndedWait {
	appIds: Iterable<string>;
	/** The `refusals` when the wait began. */
	refusedBefore: Readonly<typeof refusals>;
	/** Of the latest attempt to collect answers from other processes of n8n. */
	problem?: CollectProblem;
}

/** What refused requests show. @param remedy for a wrong secret */
const refusalCauses = (remedy: string): Readonly<Record<RefusalKind, string>> => ({
	future:
		'the clock of this n8n is more than 5 minutes behind the time of the signature. Set the clock.',
	signature: `the signature does not match the secret. If Sinch was the sender, ${remedy}.`,
	old: 'the signature is older than the node allows. Check the clock of this n8n.',
	unsigned: `there was no signature. If Sinch was the sender, its webhook has no secret: ${remedy}.`,
});

/** Why no answer has arrived although a webhook is registered: the one cause that was found. */
export async function causeOfSilence(
	context: IExecuteFunctions,
	client: PacedClient,
	{ appIds, refusedBefore, problem }: EndedWait,
): Promise<string> {
	const receivers: Receiver[] = [];
	for (const appId of appIds) {
		const found = await findReceivers(context, client, appId).catch(() => undefined);
		if (found?.length === 0) {
			return `While this node waited, the webhook that receives the answers of the app ${appId} disappeared: its workflow was unpublished (deactivated), or the webhook was deleted at Sinch. ${PUBLISH_TRIGGER} Then run this node again.`;
		}
		receivers.push(...(found ?? []));
	}
	const addresses = addressesOf(receivers);
	if (receivers.length > 0 && (await published(context, receivers, true)).length === 0) {
		return `No workflow is published at ${addresses}, where Sinch posts the answers. Publish (activate) the workflow; if it is published already, ${REPUBLISH}.`;
	}
	const trigger = receivers.find(({ kind }) => kind !== 'other');
	const remedy = trigger
		? REPUBLISH
		: "make 'Webhook Secret' and the secret of the webhook at Sinch the same";
	const kind = REFUSAL_KINDS.find((one) => refusals[one] > refusedBefore[one]);
	if (kind) {
		const count = refusals[kind] - refusedBefore[kind];
		const requests = count === 1 ? '1 request' : `${count} requests`;
		return `While this node waited, n8n refused ${requests}: ${refusalCauses(remedy)[kind]}`;
	}
	if (problem) {
		return `${problem.message}. ${problem.description}`;
	}
	const place = whereAnswersArrive(context);
	if (place === 'elsewhere') {
		return `Sinch has delivered no answer to a process of n8n from which this worker could collect it. Make sure that the load balancer sends the requests of Sinch and of the workers to the same processes at ${addresses}.`;
	}
	const either = `Either Sinch cannot reach ${addresses} from the internet, or the channels need more time (see the field Timeout (Seconds))`;
	if (!trigger && place === 'unknown') {
		return `This process of n8n has received nothing. ${either}, or n8n runs in queue mode: there, a Webhook node keeps no answers for this node, so publish (activate) a workflow with a Sinch Capability Trigger for the app.`;
	}
	const response = trigger && (await probe(context, trigger.target)).response;
	if (response && response.process !== processName) {
		return place === 'here'
			? `Another n8n, or another process of this one, receives the requests to ${addresses}. Give each n8n its own address.`
			: `The process of n8n that receives the requests of Sinch has no answer. ${either}.`;
	}
	return `Sinch has delivered nothing to n8n. ${either}.`;
}
