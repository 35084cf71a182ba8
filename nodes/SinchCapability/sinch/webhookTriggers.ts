export const CAPABILITY_TRIGGER = 'CAPABILITY';

/** What a webhook can receive; UNSPECIFIED_TRIGGER is an error. Sinch may add others. */
const TRIGGERS = `${CAPABILITY_TRIGGER} CHANNEL_EVENT CONTACT_CREATE CONTACT_DELETE
	CONTACT_IDENTITIES_DUPLICATION CONTACT_MERGE CONTACT_UPDATE CONVERSATION_DELETE
	CONVERSATION_START CONVERSATION_STOP EVENT_DELIVERY EVENT_INBOUND MESSAGE_DELIVERY
	MESSAGE_INBOUND MESSAGE_INBOUND_SMART_CONVERSATION_REDACTION MESSAGE_SUBMIT OPT_IN OPT_OUT
	RECORD_NOTIFICATION SMART_CONVERSATION UNSUPPORTED`.split(/\s+/);

/** `Message Inbound` for `MESSAGE_INBOUND`. */
const inWords = (trigger: string) =>
	trigger
		.toLowerCase()
		.replace(/_/g, ' ')
		.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());

export const WEBHOOK_TRIGGERS = TRIGGERS.map((value) => ({ name: inWords(value), value }));

/**
 * Sinch's spelling of a trigger, e.g. `MESSAGE_INBOUND` for `message inbound`; one that is not listed yet is
 * sent as well. Undefined for text that cannot be a trigger.
 */
export function toTrigger(typed: string): string | undefined {
	const trigger = typed
		.trim()
		.toUpperCase()
		.replace(/[\s-]+/g, '_');
	return /^[A-Z]+(_[A-Z]+)*$/.test(trigger) ? trigger : undefined;
}
