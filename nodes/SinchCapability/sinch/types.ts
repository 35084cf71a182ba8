/**
 * The part of Sinch's Conversation API that this package uses, field by field as on the
 * wire. Enumerations are open: Sinch adds channels, statuses and reasons without notice.
 */

/** One way to reach a contact, e.g. `{ channel: 'RCS', identity: '46701234567' }`. */
export interface ChannelIdentity {
	channel: string;
	identity: string;
}

/** The recipient of a query: exactly one of the two forms. */
export type Recipient =
	{ contact_id: string } | { identified_by: { channel_identities: ChannelIdentity[] } };

/** Body of `POST /v1/projects/{project}/capability:query`. */
export interface CapabilityQuery {
	app_id: string;
	project_id: string;
	recipient: Recipient;
	request_id: string;
}

/** Sinch's acknowledgement; the answers come to the webhooks with the CAPABILITY trigger. */
export type RegisteredQuery = Omit<CapabilityQuery, 'project_id'>;

/** Why a channel gave no better answer, e.g. `{ code: 'RECIPIENT_NOT_REACHABLE' }`. */
export interface Reason {
	code?: string;
	description?: string;
	sub_code?: string;
	channel_code?: string;
}

/** The answer for one channel identity. Sinch marks no field as required. */
export interface CapabilityNotification {
	request_id?: string;
	contact_id?: string;
	channel?: string;
	identity?: string;
	capability_status?: string;
	channel_capabilities?: string[];
	reason?: Reason;
}

/** The callback that carries a notification; times are RFC 3339 in UTC. */
export interface CapabilityCallback {
	app_id?: string;
	accepted_time?: string;
	event_time?: string;
	capability_notification: CapabilityNotification;
}

/** A webhook of an app. Sinch returns the secret in clear text. */
export interface Webhook {
	id: string;
	app_id: string;
	target: string;
	target_type?: string;
	triggers?: string[];
	secret?: string;
}

/** An app, as far as this package reads it. Sinch's response also holds the channels' secrets. */
export interface App {
	id: string;
	display_name?: string;
	/** `CONVERSATION`, or `DISPATCH`, which stores no contacts. */
	processing_mode?: string;
	/** The channels that are set up, in order of priority. */
	channel_credentials?: Array<{ channel?: string }>;
}

/** A channel identity as contacts hold it; some channels have identities of their own in each app. */
export interface ContactIdentity extends ChannelIdentity {
	app_id?: string;
}

/** Body of `POST /v1/projects/{project}/contacts`; Sinch fills in omitted fields. */
export interface NewContact {
	channel_identities: ContactIdentity[];
	/** E.g. `EN_US`. */
	language: string;
	display_name?: string;
	email?: string;
	external_id?: string;
	metadata?: string;
}

/** A contact of the project; all apps in CONVERSATION mode share it. */
export type Contact = NewContact & { id: string };
