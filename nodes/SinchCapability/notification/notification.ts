import { createHash } from 'node:crypto';

import { isObject } from '../shared/isObject';
import type { CapabilityCallback, CapabilityNotification } from '../sinch/types';

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
 * An id that is the same for every delivery of the same answer, so that Remove Duplicates or an
 * upsert can recognize it: 32 hexadecimal digits of SHA-256.
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
