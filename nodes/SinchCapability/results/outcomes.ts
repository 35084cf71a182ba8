import type { CapabilityNotification } from '../sinch/types';

/** What an answer means for the next step of a workflow, in the order of the nodes' outputs. */
export const OUTCOMES = ['Full', 'Partial', 'None', 'Unknown', 'Failed'] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** Reasons that mean the check itself failed, so that nothing is known about the recipient. */
export const CHECK_FAILED_REASONS: ReadonlySet<string> = new Set([
	'BAD_REQUEST',
	'CHANNEL_BAD_CONFIGURATION',
	'CHANNEL_CONFIGURATION_MISSING',
	'CHANNEL_FAILURE',
	'CONTACT_NOT_FOUND',
	'INACTIVE_CREDENTIAL',
	'INTERNAL_ERROR',
	'NO_CHANNEL_IDENTITY_FOR_CONTACT',
	'NO_PERMISSION',
	'RATE_LIMITED',
	'UNKNOWN_APP',
	'UNSUPPORTED_OPERATION',
]);

/** Documented reasons that say something about the recipient or a message, not about the check. */
export const OTHER_REASONS: ReadonlySet<string> = new Set([
	'CHANNEL_REJECT',
	'DELIVERY_REJECTED_DUE_TO_POLICY',
	'DELIVERY_REPORT_TIME_OUT',
	'DELIVERY_TIMED_OUT',
	'MEDIA_NOT_REACHABLE',
	'MEDIA_TOO_LARGE',
	'MEDIA_TYPE_UNSUPPORTED',
	'MESSAGE_EXPIRED',
	'MESSAGE_SPLIT_REQUIRED',
	'NO_CHANNELS_LEFT',
	'NO_PROFILE_AVAILABLE',
	'OUTSIDE_ALLOWED_SENDING_WINDOW',
	'RECIPIENT_INVALID_CHANNEL_IDENTITY',
	'RECIPIENT_NOT_OPTED_IN',
	'RECIPIENT_NOT_REACHABLE',
	'TEMPLATE_INSUFFICIENT_PARAMETERS',
	'TEMPLATE_NON_EXISTING_LANGUAGE_OR_VERSION',
	'TEMPLATE_NOT_FOUND',
]);

/**
 * The outcome of one notification. A reason that nobody has documented counts as a failed check
 * where no status says more, because Sinch gives a reason when the query failed.
 */
export function outcomeOf({ capability_status, reason }: CapabilityNotification): Outcome {
	if (capability_status === 'CAPABILITY_FULL') {
		return 'Full';
	}
	if (capability_status === 'CAPABILITY_PARTIAL') {
		return 'Partial';
	}
	const code = reason?.code;
	if (capability_status === 'NO_CAPABILITY') {
		return code && CHECK_FAILED_REASONS.has(code) ? 'Failed' : 'None';
	}
	if (!capability_status || capability_status === 'CAPABILITY_UNKNOWN') {
		return code && !OTHER_REASONS.has(code) ? 'Failed' : 'Unknown';
	}
	return 'Unknown';
}
