import type { Answer } from '../wire.ts';

/** One result of a query, for the webhooks. */
export interface Notification {
	appId: string;
	requestId: string;
	/** Empty when Sinch knows no contact for the identity, and in DISPATCH mode. */
	contactId: string;
	channel: string;
	identity: string;
	answer: Answer;
	/** Milliseconds since 1970 when the query was accepted. */
	acceptedAt: number;
}

/**
 * The JSON text of a CAPABILITY callback, as in the callbacks reference: an envelope with
 * `capability_notification`, and an empty `project_id` as in the official examples.
 */
export function capabilityCallback(notification: Notification, eventAt: number): string {
	const { appId, requestId, contactId, channel, identity, answer, acceptedAt } = notification;
	return JSON.stringify({
		app_id: appId,
		accepted_time: rfc3339(acceptedAt),
		event_time: rfc3339(eventAt),
		project_id: '',
		capability_notification: {
			request_id: requestId,
			contact_id: contactId,
			channel,
			identity,
			capability_status: answer.capability_status,
			channel_capabilities: answer.channel_capabilities,
			reason: answer.reason,
		},
		message_metadata: '',
	});
}

/** RFC 3339 in UTC with six fraction digits, e.g. `2026-01-15T10:20:30.123456Z`. */
export function rfc3339(epochMs: number): string {
	const whole = Math.floor(epochMs);
	const micros = Math.floor((epochMs - whole) * 1000);
	return `${new Date(whole).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}
