import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { noteAnswer } from '../transport/queries';
import { mailbox } from '../waiting/mailbox';
import { OUTCOMES, statusOf, toEmission, toOutputs } from '../notification/outcomes';
import { noteReceived } from '../waiting/queueMode/place';
import { toChannel } from '../sinch/channels';
import { readCallback } from '../notification/callback';
import type { CapabilityNotification } from '../sinch/types';
import { type Delivery, deliveries } from './deliveries';
import { collect, isCollectRequest, isTaken } from '../waiting/queueMode/collectServer';
import { remoteAnswers } from '../waiting/queueMode/keptAnswers';
import { acknowledgeOf, flowOf, receive } from './executions';
import { type TriggerOptions, readOptions, warnOfProblems } from './options';
import { secretsOf, triggerKey } from './staticData';
import { repairSecret } from './repair';
import { type Refused, refusals } from '../notification/signature';

/** Responds with 200 and starts no execution. */
const IGNORED: IWebhookResponseData = {};

const NOT_ACCEPTED = 'n8n did not accept the execution with the answer';

/** Responds itself; n8n starts no execution. */
function respond(context: IWebhookFunctions, status: number, message: string) {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

/** The log says why a request was refused, but shows nothing from the request itself. */
function refuse(context: IWebhookFunctions, { kind, refusal }: Refused): IWebhookResponseData {
	refusals[kind] += 1;
	context.logger.warn(`Sinch Capability Trigger refused a request with 401: ${refusal}`);
	return respond(context, 401, 'The signature is missing or not valid');
}

/** Responds with 503 and starts no execution, so that Sinch delivers the answer again. @param because for the log */
function postpone(context: IWebhookFunctions, because: string): IWebhookResponseData {
	context.logger.warn(
		`Sinch Capability Trigger responded with 503 because ${because}. Sinch will deliver the answer again.`,
	);
	return respond(context, 503, 'Busy, please try again');
}

/** Responds when the result of a delivery is known, after n8n's handler has returned. */
function respondLater(context: IWebhookFunctions, result: Promise<boolean>, because: string) {
	void result.then((isAccepted) =>
		isAccepted ? respond(context, 200, 'Received') : postpone(context, because),
	);
	return { noWebhookResponse: true };
}

function repeat(context: IWebhookFunctions, delivery: Delivery): IWebhookResponseData {
	if (delivery.accepted) {
		return IGNORED;
	}
	const result = flowOf(triggerKey(context)).follow(delivery);
	return result
		? respondLater(context, result, NOT_ACCEPTED)
		: postpone(context, 'too many repeats wait for the results of their answers');
}

function passes({ channels, statuses }: TriggerOptions, notification: CapabilityNotification) {
	return (
		(channels.length === 0 || channels.includes(toChannel(notification.channel ?? ''))) &&
		(statuses.length === 0 || statuses.includes(statusOf(notification)))
	);
}

/**
 * One request to the webhook. How it ends:
 *
 * | request | response |
 * |---|---|
 * | not genuine, or too old | 401 at once |
 * | no notification, filtered out, awaited in this process, or accepted before | 200 at once |
 * | more than can wait, more repeats than can wait, or a secret that Sinch has and this node had not | 503 at once |
 * | kept for another process, held for the next execution, or a repeat of either | 200 or 503 when the result is known |
 * | carries an execution | n8n's, when the execution is stored or finished |
 */
export async function handleRequest(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	if (isCollectRequest(this)) {
		return collect(this);
	}
	const secrets = secretsOf(this, Date.now());
	let known: TriggerOptions | undefined;
	// Not earlier: expressions in them take time, which a forged request should not cost.
	const options = () => (known ??= readOptions(this));
	const maxAge = () => options().maxAgeHours;
	const read = readCallback(this.getRequestObject(), secrets, maxAge, Date.now());
	if ('refusal' in read) {
		return read.claimedAt !== undefined && (await repairSecret(this, read.claimedAt))
			? respond(this, 503, 'Please try again')
			: refuse(this, read);
	}
	if ('ignored' in read) {
		return IGNORED;
	}
	const { callback, nonce, id } = read;
	const notification = callback.capability_notification;
	const now = performance.now();
	const nonceName = `${triggerKey(this)} ${nonce}`;
	const names = [nonceName, `${triggerKey(this)} ${id}`];
	const earlier = deliveries.find(names, now);
	if (earlier) {
		// Sinch repeats a callback with the same nonce; another one is the answer to another query.
		if (!deliveries.find([nonceName], now)) {
			this.logger.warn(
				`Sinch Capability Trigger ignored an answer for ${notification.channel}: request ID ${notification.request_id} had the same answer before. Give each query its own Request ID.`,
			);
		}
		return repeat(this, earlier);
	}
	if (this.getMode() !== 'manual') {
		noteReceived(now);
	}
	warnOfProblems(this, options());
	// A wait in this process comes first, then one in another process.
	const offer = mailbox.deliver(callback, now)
		? 'received'
		: remoteAnswers.offer(callback, this.getInstanceId(), now, Date.now());
	if (offer === 'full') {
		return postpone(this, 'too many answers wait here for executions in other processes');
	}
	const delivery = deliveries.begin(names, now);
	const isForWait = offer !== 'notAwaited' && !options().emitAwaited;
	if (isForWait || !passes(options(), notification)) {
		noteAnswer(callback);
		if (typeof offer === 'string') {
			delivery.settle(true);
			return IGNORED;
		}
		void isTaken(offer).then((taken) => delivery.settle(taken));
		return respondLater(this, delivery.result, 'no execution has collected the answer yet');
	}

	const { executions, outputMode, simplify, windowSeconds } = options();
	const windowMs = executions === 'groupedByTime' ? windowSeconds * 1000 : 0;
	// Another query may follow when n8n has stored an answer, but need not wait for a workflow or a window.
	if (windowMs > 0 || acknowledgeOf(this) === 'finished') {
		noteAnswer(callback);
	} else {
		void delivery.result.then((isStored) => isStored && noteAnswer(callback));
	}
	const member = { emission: toEmission(read, simplify), delivery, reception: receive(this) };
	const flow = flowOf(triggerKey(this));
	const outcome = await (executions === 'onePerAnswer'
		? flow.queue(member)
		: flow.group(member, windowMs));
	if (outcome === 'refused') {
		return postpone(this, 'n8n is busy');
	}
	if (outcome === 'held') {
		return respondLater(this, delivery.result, NOT_ACCEPTED);
	}
	const outcomes = outputMode === 'single' ? undefined : OUTCOMES;
	return { workflowData: toOutputs(outcome.carries, outcomes) };
}
