import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { findOwner } from '../waiting/deliver';
import { statusOf } from '../notification/outcomes';
import { noteReceived } from '../waiting/across/place';
import { toChannel } from '../sinch/channels';
import { notificationId, readCapabilityCallback } from '../notification/notification';
import type { CapabilityNotification } from '../sinch/types';
import { receive } from './acknowledgement';
import { countAsLoad, recognise, remember, triggerKey } from './deliveries';
import { collect, isCollectRequest, isTaken } from '../waiting/across/collectServer';
import { parseBody } from '../notification/body';
import type { Emission, OutputMode } from '../notification/outputs';
import { toEmission, toNotificationOutputs } from '../notification/outputs';
import { flowOf } from './executions';
import type { TriggerOptions } from './options';
import { maxAgeOf, readOptions, windowOf } from './options';
import { registrationOf, secretsOf } from './registration';
import { refusalByAge, verifySignature } from '../notification/signature';

/** Responds with 200 and starts no execution. */
const IGNORED: IWebhookResponseData = {};

const NOT_ACCEPTED = 'n8n did not accept the execution with the answer';

/** Responds itself; n8n starts no execution. */
function respond(
	context: IWebhookFunctions,
	status: number,
	message: string,
): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

/** The log says why a request was refused, but shows nothing from the request itself. */
function refuse(context: IWebhookFunctions, refusal: string): IWebhookResponseData {
	context.logger.warn(`Sinch Capability Trigger refused a request with 401: ${refusal}`);
	return respond(context, 401, 'The signature is missing or not valid');
}

/** Sinch repeats a callback with the same nonce; another one is the answer to another query. */
function warnOfReuse(context: IWebhookFunctions, { channel, request_id }: CapabilityNotification) {
	context.logger.warn(
		`Sinch Capability Trigger ignored an answer for ${channel}: request ID ${request_id} had the same answer before. Give each query its own Request ID.`,
	);
}

/**
 * Responds with 503 and starts no execution, so that Sinch delivers the answer again.
 *
 * @param because the reason, for the log
 */
function postpone(context: IWebhookFunctions, because: string): IWebhookResponseData {
	context.logger.warn(
		`Sinch Capability Trigger answered 503 because ${because}. Sinch will deliver the answer again.`,
	);
	return respond(context, 503, 'Busy, please try again');
}

/** Responds when the result of a delivery is known, after n8n's handler has returned. */
function respondLater(
	context: IWebhookFunctions,
	result: Promise<boolean>,
	because: string,
): IWebhookResponseData {
	void result.then((isAccepted) =>
		isAccepted ? respond(context, 200, 'Received') : postpone(context, because),
	);
	return { noWebhookResponse: true };
}

const outputsOf = (context: IWebhookFunctions, emissions: readonly Emission[]) =>
	toNotificationOutputs(emissions, context.getNodeParameter('outputMode') as OutputMode);

/** An empty filter lets everything pass. */
function passes(
	{ channels = [], statuses = [] }: TriggerOptions,
	notification: CapabilityNotification,
) {
	return (
		(channels.length === 0 ||
			channels.map(toChannel).includes(toChannel(notification.channel ?? ''))) &&
		(statuses.length === 0 || statuses.includes(statusOf(notification)))
	);
}

/** One request to the webhook: refuse, ignore, or emit the notification on its output. */
export async function handleRequest(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	if (isCollectRequest(this)) {
		return collect(this);
	}
	const { rawBody, headers } = this.getRequestObject();
	const secrets = secretsOf(registrationOf(this), Date.now());
	const verification = verifySignature({ rawBody, headers }, secrets);
	if (!verification.genuine) {
		return refuse(this, verification.refusal);
	}
	// Not earlier: an expression in them can fail, which would start a failed execution.
	const options = readOptions(this);
	const refusal = refusalByAge(verification.signedAt, maxAgeOf(options), Date.now());
	if (refusal) {
		return refuse(this, refusal);
	}

	const body = parseBody(rawBody);
	const callback = readCapabilityCallback(body);
	if (!callback) {
		return IGNORED;
	}
	const id = notificationId(callback, verification.nonce);
	const names = [verification.nonce, id];
	const earlier = recognise(this, names);
	if (earlier) {
		if (!recognise(this, [verification.nonce])) {
			warnOfReuse(this, callback.capability_notification);
		}
		if (earlier.isAccepted) {
			return IGNORED;
		}
		const result = earlier.follow();
		return result
			? respondLater(this, result, NOT_ACCEPTED)
			: postpone(this, 'too many repeats of the same answer wait for its execution');
	}
	if (this.getMode() !== 'manual') {
		noteReceived(Date.now());
	}
	const owner = findOwner(callback, Date.now());
	if (owner === 'full') {
		return postpone(this, 'too many answers for Query and Wait in other processes wait here');
	}
	const isAwaited = owner !== 'none';
	if ((isAwaited && !options.emitAwaited) || !passes(options, callback.capability_notification)) {
		const delivery = remember(this, names);
		if (typeof owner !== 'object') {
			delivery.settle(true);
			return IGNORED;
		}
		void isTaken(owner).then((taken) => delivery.settle(taken));
		return respondLater(this, delivery.result, 'no Query and Wait has collected the answer yet');
	}

	const simplify = this.getNodeParameter('simplify') as boolean;
	const emission = toEmission(callback, body, id, simplify);
	const delivery = remember(this, names);
	countAsLoad(this, delivery);
	const member = { emission, delivery, reception: receive(this) };
	const flow = flowOf(triggerKey(this));
	const outcome = await (options.executions === 'onePerAnswer'
		? flow.queue(member)
		: flow.group(member, windowOf(options)));
	if (outcome === 'refused') {
		return postpone(this, 'n8n is busy');
	}
	return outcome === 'held'
		? respondLater(this, delivery.result, NOT_ACCEPTED)
		: { workflowData: outputsOf(this, outcome.carries) };
}
