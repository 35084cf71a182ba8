import type { Answer } from './wire.ts';

export const FULL: Answer = { capability_status: 'CAPABILITY_FULL' };
export const NONE: Answer = { capability_status: 'NO_CAPABILITY' };
export const UNKNOWN: Answer = { capability_status: 'CAPABILITY_UNKNOWN' };
/** The check ended before it had a status: Sinch marks no field of the notification as required. */
export const MISSING: Answer = {};

export function partial(...features: string[]): Answer {
	return { capability_status: 'CAPABILITY_PARTIAL', channel_capabilities: features };
}

/** The description of each reason code. */
const DESCRIPTIONS = {
	CHANNEL_BAD_CONFIGURATION: 'The RCS agent of the app is not launched',
	CHANNEL_CONFIGURATION_MISSING: 'The channel is not set up in the app',
	CHANNEL_FAILURE: 'The channel did not answer',
	/** Not documented anywhere: clients must cope with new codes. */
	CHANNEL_UNDER_MAINTENANCE: 'The channel is under maintenance',
	CONTACT_NOT_FOUND: 'No such contact: an app in DISPATCH mode stores none',
	INACTIVE_CREDENTIAL: 'The credential of the channel is not active',
	INTERNAL_ERROR: 'The check could not be finished',
	OUTSIDE_ALLOWED_SENDING_WINDOW: 'The recipient has not written in the last 24 hours',
	RATE_LIMITED: 'The channel refuses more checks for now',
	RECIPIENT_INVALID_CHANNEL_IDENTITY: 'The channel has no such identity',
	RECIPIENT_NOT_OPTED_IN: 'The recipient has not opted in',
	RECIPIENT_NOT_REACHABLE: 'The recipient has no account on the channel',
	UNSUPPORTED_OPERATION: 'The channel cannot be queried for capabilities',
};

/** The reason for a status. `channelCode` is the provider's own code; only WhatsApp has one. */
export function because(code: keyof typeof DESCRIPTIONS, channelCode?: string): Answer {
	const reason = { code, description: DESCRIPTIONS[code], sub_code: 'UNSPECIFIED_SUB_CODE' };
	return { reason: channelCode ? { ...reason, channel_code: channelCode } : reason };
}
