import type { CapabilityCallback } from '../sinch/types';
import { parseBody } from './body';
import { notificationId, readCapabilityCallback } from './notification';
import type { Refused, SignedRequest } from './signature';
import { refusalByAge, verifySignature } from './signature';

/** A capability notification in a genuine request. */
export interface ReceivedCallback {
	callback: CapabilityCallback;
	/** The whole body. */
	body: unknown;
	/** Names the delivery; Sinch repeats a callback with the same one. */
	nonce: string;
	/** Names the answer. */
	id: string;
}

/**
 * Verifies a request and reads the notification in it. Parses nothing that is not genuine.
 *
 * @param secrets the webhook's own, then its recent former ones
 * @param maxAgeHours called for genuine requests only; 0 for any age
 * @param now milliseconds since 1970
 * @returns why it was refused, or the body of a genuine request that is no capability notification
 */
export function readCallback(
	request: SignedRequest,
	secrets: readonly string[],
	maxAgeHours: () => number,
	now: number,
): Refused | { ignored: unknown } | ReceivedCallback {
	const verification = verifySignature(request, secrets);
	if ('refusal' in verification) {
		return verification;
	}
	const { nonce, signedAt, rawBody } = verification;
	const tooOld = refusalByAge(signedAt, maxAgeHours(), now);
	if (tooOld) {
		return tooOld;
	}
	const body = parseBody(rawBody);
	const callback = readCapabilityCallback(body);
	return callback
		? { callback, body, nonce, id: notificationId(callback, nonce) }
		: { ignored: body };
}
