import type { INodeExecutionData } from 'n8n-workflow';

import type { CapabilityNotification } from '../sinch/types';
import { type ReceivedCallback, simplifyCallback } from './callback';

/** What an answer means for the next step of a workflow, in the order of the nodes' outputs. */
export const OUTCOMES = ['Full', 'Partial', 'None', 'Unknown', 'Failed'] as const;

export type Outcome = (typeof OUTCOMES)[number];

export const isUsable = (outcome: string): boolean => outcome === 'Full' || outcome === 'Partial';

/**
 * Documented reasons that concern the recipient or a message. Every other reason, including one
 * that Sinch has not documented, means that the check itself failed.
 */
export const RECIPIENT_REASONS: ReadonlySet<string> = new Set([
	'CHANNEL_REJECT',
	'DELIVERY_REJECTED_DUE_TO_POLICY',
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

const toName = (value: unknown): string =>
	typeof value === 'string' ? value.trim().toUpperCase() : '';

const CLEAR_STATUSES = ['CAPABILITY_FULL', 'CAPABILITY_PARTIAL', 'NO_CAPABILITY'];

/** Sinch's status, in any case and with spaces around it; one that Sinch has added since is unknown. */
export function statusOf({ capability_status }: CapabilityNotification): string {
	const status = toName(capability_status);
	return CLEAR_STATUSES.includes(status) ? status : 'CAPABILITY_UNKNOWN';
}

/** The outcome of one notification; names count in any case and with spaces around them. */
export function outcomeOf(notification: CapabilityNotification): Outcome {
	const status = statusOf(notification);
	const { reason } = notification;
	if (status === 'CAPABILITY_FULL') {
		return 'Full';
	}
	if (status === 'CAPABILITY_PARTIAL') {
		return 'Partial';
	}
	const code = toName(reason?.code);
	// An inactive sender cannot query, whatever the code says.
	if (toName(reason?.sub_code) === 'INACTIVE_SENDER' || (code && !RECIPIENT_REASONS.has(code))) {
		return 'Failed';
	}
	// A closed window forbids free text only: the recipient can still receive a template.
	return status === 'NO_CAPABILITY' && code !== 'OUTSIDE_ALLOWED_SENDING_WINDOW'
		? 'None'
		: 'Unknown';
}

export interface Emission<Name extends string = Outcome> {
	outcome: Name;
	item: INodeExecutionData;
}

export function toEmission({ callback, body, id }: ReceivedCallback, simplify: boolean): Emission {
	const outcome = outcomeOf(callback.capability_notification);
	const json = simplify ? { outcome, ...simplifyCallback(callback), notification_id: id } : body;
	return { outcome, item: { json } };
}

/** The items on the outputs of their outcomes, or on a single one without `outcomes`, in the order of arrival. */
export const toOutputs = <Name extends string>(
	emissions: ReadonlyArray<Emission<Name>>,
	outcomes?: readonly Name[],
): INodeExecutionData[][] =>
	outcomes
		? outcomes.map((name) =>
				emissions.flatMap(({ outcome, item }) => (outcome === name ? item : [])),
			)
		: [emissions.map(({ item }) => item)];
