import { createHash } from 'node:crypto';
import type { GenericValue, IDataObject } from 'n8n-workflow';

import { isObject } from '../shared/isObject';
import type { CapabilityCallback, CapabilityNotification } from '../sinch/types';
import { type Refused, type SignedRequest, refusalByAge, verifySignature } from './signature';

/** A number where Sinch documents text is read as its digits; anything else is ignored. */
function textOf(value: unknown): string | undefined {
	if (typeof value === 'number') {
		return String(value);
	}
	return typeof value === 'string' ? value : undefined;
}

/** The fields that this package reads, in the types that Sinch documents; all others unchanged. */
function readNotification(given: Record<string, unknown>): CapabilityNotification {
	const { channel_capabilities: capabilities, reason } = given;
	return {
		...given,
		request_id: textOf(given.request_id),
		contact_id: textOf(given.contact_id),
		channel: textOf(given.channel),
		identity: textOf(given.identity),
		capability_status: textOf(given.capability_status),
		channel_capabilities: Array.isArray(capabilities) ? capabilities : undefined,
		reason: isObject(reason) ? { ...reason, code: textOf(reason.code) } : undefined,
	};
}

/**
 * Recognizes a capability notification in the body of a callback: the documented envelope, or the flat form
 * that Sinch's capability guide shows; undefined for anything else.
 */
export function readCapabilityCallback(body: unknown): CapabilityCallback | undefined {
	if (!isObject(body)) {
		return undefined;
	}
	if (isObject(body.capability_notification)) {
		return {
			...body,
			app_id: textOf(body.app_id),
			accepted_time: textOf(body.accepted_time),
			event_time: textOf(body.event_time),
			capability_notification: readNotification(body.capability_notification),
		};
	}
	if (textOf(body.capability_status) && textOf(body.channel)) {
		return { capability_notification: readNotification(body) };
	}
	return undefined;
}

/**
 * An id that is the same for every delivery of the same answer, so that a workflow can recognize it:
 * 32 hexadecimal digits of SHA-256.
 *
 * @param delivery identifies the delivery when Sinch gave no request id (the flat form): its nonce
 */
export function notificationId(callback: CapabilityCallback, delivery: string): string {
	const { request_id, channel, identity, capability_status } = callback.capability_notification;
	return createHash('sha256')
		.update(JSON.stringify([request_id || delivery, channel, identity, capability_status]))
		.digest('hex')
		.slice(0, 32);
}

/** The notification as flat fields that always exist; `null` where Sinch gave none. */
export function simplifyCallback(callback: CapabilityCallback) {
	const notification = callback.capability_notification;
	return {
		channel: notification.channel ?? null,
		identity: notification.identity ?? null,
		contact_id: notification.contact_id ?? null,
		capability_status: notification.capability_status ?? null,
		reason: notification.reason ?? null,
		channel_capabilities: notification.channel_capabilities ?? [],
		request_id: notification.request_id ?? null,
		event_time: callback.event_time ?? callback.accepted_time ?? null,
		app_id: callback.app_id ?? null,
	};
}

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
