import { AnswerTable } from './answerTable.mts';
import { APP_SCOPED_CHANNELS } from './channels.mts';
import { DEMO_CONTACTS } from './demoContacts.mts';
import { APPS, CONVERSATION_APP, DEMO_PROJECT, PROJECTS, type App } from './demoProject.mts';
import { FaultRules } from './faults.mts';
import { Log } from './log.mts';
import { MORE_CONTACTS } from './moreContacts.mts';
import { SlidingWindow, TokenBucket } from './rateLimit.mts';
import { DEFAULT_SETTINGS } from './settings.mts';
import { TokenIssuer } from './tokenIssuer.mts';
import type { Settings } from './wire.ts';

export interface ChannelIdentity {
	channel: string;
	identity: string;
	app_id: string;
}

/** A contact in the API's form. */
export interface Contact {
	id: string;
	channel_identities: ChannelIdentity[];
	channel_priority: string[];
	display_name: string;
	email: string;
	external_id: string;
	metadata: string;
	language: string;
}

/** A webhook in the API's form, with its secret in plain text. */
export interface Webhook {
	id: string;
	app_id: string;
	target: string;
	target_type: 'HTTP' | 'DISMISS';
	secret: string;
	triggers: string[];
	client_credentials: null;
}

/** The simulator's state. */
export interface State {
	settings: Settings;
	readonly log: Log;
	readonly tokens: TokenIssuer;
	readonly tokenBucket: TokenBucket;
	/** Request limits by project ID. */
	readonly requestWindows: Map<string, SlidingWindow>;
	readonly answers: AnswerTable;
	readonly faults: FaultRules;
	readonly webhooks: Map<string, Webhook>;
	/** Contacts by project ID and contact ID. */
	readonly contacts: Map<string, Map<string, Contact>>;
	/** Restores the initial state. */
	reset(): void;
}

export function createState(changes: Partial<Settings>, narrate: (line: string) => void): State {
	const state: State = {
		settings: { ...DEFAULT_SETTINGS, ...changes },
		log: new Log(() => state.settings.logSize, narrate),
		tokens: new TokenIssuer(),
		tokenBucket: new TokenBucket(() => ({
			burst: state.settings.tokenBurst,
			perSecond: state.settings.tokensPerSecond,
		})),
		requestWindows: new Map(),
		answers: new AnswerTable(),
		faults: new FaultRules(),
		webhooks: new Map(),
		contacts: new Map(),
		reset() {
			state.settings = { ...DEFAULT_SETTINGS, ...changes };
			state.log.clear();
			state.tokenBucket.reset();
			state.answers.reset();
			state.faults.clear();
			state.webhooks.clear();
			for (const { projectId } of PROJECTS) {
				const window = new SlidingWindow(() => state.settings.requestsPerSecond);
				state.requestWindows.set(projectId, window);
				const contacts = projectId === DEMO_PROJECT.projectId ? seedContacts() : [];
				state.contacts.set(projectId, new Map(contacts.map((contact) => [contact.id, contact])));
			}
		},
	};
	state.reset();
	return state;
}

/** The app if it belongs to the project; one of another project counts as unknown. */
export function findApp(projectId: string, appId: string): App | undefined {
	return APPS.find((app) => app.appId === appId && app.projectId === projectId);
}

export function webhooksOf(state: State, appId: string): Webhook[] {
	return [...state.webhooks.values()].filter((webhook) => webhook.app_id === appId);
}

function seedContacts(): Contact[] {
	const demo = DEMO_CONTACTS.map((contact) => ({
		id: contact.contactId,
		channel_identities: contact.channels.map(({ channel, identity }) => ({
			channel,
			identity,
			app_id: APP_SCOPED_CHANNELS.includes(channel) ? CONVERSATION_APP.appId : '',
		})),
		channel_priority: [],
		display_name: contact.name,
		email: '',
		external_id: contact.externalId,
		metadata: '',
		language: contact.language,
	}));
	return [...demo, ...structuredClone(MORE_CONTACTS)];
}
