import type { IWebhookFunctions, NodeApiError } from 'n8n-workflow';

import { ExpiringMap } from '../shared/expiringMap';
import { refusalByAge } from '../notification/signature';
import { REPUBLISH } from '../shared/webhookAddresses';
import { DEFAULT_MAX_AGE_HOURS } from '../parameters/verification';
import { findEndpoint, listAppWebhooks, mayPass, register } from './registration';
import { readOptions } from './options';
import { registrationOf, retire, secretsOf, triggerKey } from './staticData';

/** How often one trigger looks at its webhook at Sinch at most, in milliseconds. */
const LOOK_EVERY_MS = 5 * 60_000;

/** How long requests that came before a secret was adopted may still be under way, in milliseconds. */
const OVERLAP_MS = 10_000;

const MAX_TRIGGERS = 1_000;

/** Looks at Sinch, and until when requests with an unknown signature are to be sent again after each. */
const looks = new ExpiringMap<{ repeatUntil: number }>(LOOK_EVERY_MS, MAX_TRIGGERS);

const logFor = (context: IWebhookFunctions) => (text: string) =>
	context.logger.warn(`Sinch Capability Trigger: ${text}`);

/** Adopts the secret that the node's own webhook has at Sinch. @returns whether the node did not know it */
async function adoptSecret(context: IWebhookFunctions): Promise<boolean> {
	const log = logFor(context);
	const endpoint = await findEndpoint(context, readOptions(context));
	const { own } = await listAppWebhooks(context, endpoint);
	const now = Date.now();
	if (!own?.secret) {
		const problem = own
			? 'its webhook at Sinch has no secret'
			: 'Sinch has no webhook with its address';
		log(`the signature of a request is not valid, and ${problem}. To repair it, ${REPUBLISH}.`);
		return false;
	}
	if (secretsOf(context, now).includes(own.secret)) {
		log(
			'the signature of a request is not valid, although this node has the same secret as its webhook at Sinch. The request came from someone else.',
		);
		return false;
	}
	retire(context, registrationOf(context).secret, endpoint.rotationHours, now);
	register(context, endpoint, own.id, own.secret);
	log(
		'its webhook has a different secret at Sinch, which this node uses from now on. Sinch will deliver the refused answers again.',
	);
	return true;
}

/**
 * Looks at the node's own webhook at Sinch when a signature fits no known secret, as after the restoration of a
 * database: rarely, whatever arrives. @param signedAt in seconds since 1970, as the request claims
 * @returns whether the sender is to repeat the request, because its signature may be valid then
 */
export async function repairSecret(context: IWebhookFunctions, signedAt: number): Promise<boolean> {
	const isRecent = refusalByAge(signedAt, DEFAULT_MAX_AGE_HOURS, Date.now()) === undefined;
	if (!isRecent || context.getMode() === 'manual') {
		return false;
	}
	const now = performance.now();
	const earlier = looks.get(triggerKey(context), now);
	if (earlier) {
		return now < earlier.repeatUntil;
	}
	const look = { repeatUntil: Infinity };
	looks.set(triggerKey(context), look, now);
	const isToRepeat = await adoptSecret(context).catch((error: NodeApiError) => {
		logFor(context)(`its webhook could not be looked up at Sinch: ${error.message}`);
		return mayPass(error);
	});
	look.repeatUntil = isToRepeat ? performance.now() + OVERLAP_MS : 0;
	return isToRepeat;
}
