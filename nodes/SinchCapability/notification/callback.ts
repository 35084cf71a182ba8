import type { GenericValue, IDataObject } from 'n8n-workflow';

import { isObject } from '../shared/isObject';
import type { CapabilityCallback } from '../sinch/types';
import { notificationId, readCapabilityCallback } from './notification';
import { type Refused, type SignedRequest, refusalByAge, verifySignature } from './signature';

/** Deeper than any Sinch callback, shallow enough for recursive code downstream. */
const MAX_DEPTH = 64;

function isDeeperThan(levels: number, value: unknown): boolean {
	return (
		typeof value === 'object' &&
		value !== null &&
		(levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner)))
	);
}

/** Keys that could change a prototype when the object is copied. */
const dropPrototypes = (key: string, value: unknown): unknown =>
	key === '__proto__' ? undefined : value;

/**
 * The body as it was signed, not as n8n parsed it by its content type; undefined for anything that is not
 * JSON, or is nested deeper than 64 levels.
 */
export function parseBody(rawBody: Buffer): GenericValue {
	try {
		const text = rawBody.toString('utf8').replace(/^\uFEFF/, '');
		const body: GenericValue = JSON.parse(text, dropPrototypes);
		return isDeeperThan(MAX_DEPTH, body) ? undefined : body;
	} catch {
		return undefined;
	}
}

/** A capability notification in a genuine request. */
export interface ReceivedCallback {
	callback: CapabilityCallback;
	body: IDataObject;
	/** Names the delivery; Sinch repeats a callback with the same one. */
	nonce: string;
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
): Refused | { ignored: GenericValue } | ReceivedCallback {
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
	return isObject(body) && callback
		? { callback, body, nonce, id: notificationId(callback, nonce) }
		: { ignored: body };
}
