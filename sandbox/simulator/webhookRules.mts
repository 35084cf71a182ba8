import { invalid, notFound } from './errors.mts';
import { findApp, webhooksOf, type State, type Webhook } from './state.mts';

/** Triggers of the Conversation API. The last two appear in only some of Sinch's sources. */
const TRIGGERS = [
	'MESSAGE_DELIVERY',
	'EVENT_DELIVERY',
	'MESSAGE_INBOUND',
	'EVENT_INBOUND',
	'CONVERSATION_START',
	'CONVERSATION_STOP',
	'CONVERSATION_DELETE',
	'CONTACT_CREATE',
	'CONTACT_DELETE',
	'CONTACT_MERGE',
	'CONTACT_UPDATE',
	'CONTACT_IDENTITIES_DUPLICATION',
	'UNSUPPORTED',
	'OPT_IN',
	'OPT_OUT',
	'CAPABILITY',
	'CHANNEL_EVENT',
	'SMART_CONVERSATION',
	'MESSAGE_INBOUND_SMART_CONVERSATION_REDACTION',
	'RECORD_NOTIFICATION',
	'MESSAGE_SUBMIT',
	'SMART_CONVERSATIONS',
	'BATCH_STATUS_UPDATE',
];

const MAX_WEBHOOKS_PER_APP = 5;
const MAX_TARGET_LENGTH = 742;

/** Throws Sinch's error if the new or changed webhook is not allowed. */
export function checkWebhook(state: State, projectId: string, webhook: Webhook): void {
	if (!findApp(projectId, webhook.app_id)) throw notFound('App', webhook.app_id);
	checkTarget(webhook.target);
	checkTriggers(webhook.triggers);
	const others = webhooksOf(state, webhook.app_id).filter(({ id }) => id !== webhook.id);
	if (others.some(({ target }) => target === webhook.target)) {
		throw invalid(`A webhook with target ${webhook.target} already exists for this app`);
	}
	if (others.length >= MAX_WEBHOOKS_PER_APP) {
		throw invalid(`The app already has the maximum of ${MAX_WEBHOOKS_PER_APP} webhooks`);
	}
}

function checkTarget(target: string): void {
	if (target.length > MAX_TARGET_LENGTH) {
		throw invalid(`target is longer than ${MAX_TARGET_LENGTH} characters`);
	}
	const url = URL.canParse(target) ? new URL(target) : undefined;
	if (!url || !['http:', 'https:'].includes(url.protocol))
		throw invalid('target is not a valid URL');
	if (/(^|\.)conversation-api\.([^.]+\.)*sinch\.com$/.test(url.hostname)) {
		throw invalid('target must not be a Conversation API host');
	}
}

function checkTriggers(names: string[]): void {
	if (names.includes('UNSPECIFIED_TRIGGER')) throw invalid('UNSPECIFIED_TRIGGER cannot be used');
	const unknown = names.find((name) => !TRIGGERS.includes(name));
	if (unknown !== undefined) throw invalid(`Invalid value for enum field triggers: "${unknown}"`);
	if (new Set(names).size < names.length) throw invalid('triggers must not contain duplicates');
}
