/**
 * What goes over the wire of `/_control`: types alone, and in a file of CommonJS, so that the tests
 * that n8n's engine keeps in CommonJS read the same ones as the simulator, the demo and the benchmark.
 */

/** The branch that a careful client takes for a notification. */
export type Outcome = 'Full' | 'Partial' | 'None' | 'Unknown' | 'Failed';

/** `reason` of a capability notification, as Sinch sends it. */
interface Reason {
	code: string;
	description: string;
	sub_code: string;
	channel_code?: string;
}

/** What a channel answers about one identity. Without `capability_status`, Sinch sends none. */
export interface Answer {
	capability_status?: string;
	channel_capabilities?: string[];
	reason?: Reason;
}

export interface DemoChannel extends Answer {
	channel: string;
	identity: string;
	outcome: Outcome;
}

export interface DemoContact {
	contactId: string;
	name: string;
	externalId: string;
	language: string;
	channels: DemoChannel[];
}

/** A project and its one access key. All values are invented and open nothing at Sinch. */
export interface Project {
	projectId: string;
	keyId: string;
	keySecret: string;
}

export type ProcessingMode = 'CONVERSATION' | 'DISPATCH';

/** `GET /_control/demo`: everything invented that one needs to know to use the simulator. */
export interface Demo {
	project: Project;
	/** A second project with a valid key of its own. */
	otherProject: Project & { appId: string };
	/** The apps of the first project. */
	apps: Array<{ appId: string; displayName: string; processingMode: ProcessingMode }>;
	contacts: Array<Pick<DemoContact, 'contactId' | 'name' | 'channels'>>;
}

/** One HTTP request to the simulator, `/_control` excepted. Never holds a secret or a token. */
export interface RequestEntry {
	/** When it came in, ISO 8601 in UTC with milliseconds; so are all times in the log. */
	at: string;
	method: string;
	path: string;
	/** null while unanswered, or when a fault cut the connection. */
	status: number | null;
	/** Milliseconds until the answer was sent. */
	ms: number | null;
	requestId?: string;
	/** The message of an error answer. */
	error?: string;
	/** Kind of the fault that was put on this request. */
	fault?: string;
}

/** One accepted capability query. */
export interface QueryEntry {
	at: string;
	requestId: string;
	appId: string;
	recipient: unknown;
	/** Callbacks that belong to it: channel identities times subscribed webhooks. 0 = lost. */
	callbacks: number;
}

/** One accepted message. It is not delivered to anybody. */
export interface MessageEntry {
	at: string;
	messageId: string;
	appId: string;
	/** The channel that Sinch would try first. */
	channel: string;
	recipient: unknown;
	message: unknown;
}

export interface AttemptEntry {
	at: string;
	/** null when no answer came. */
	httpStatus: number | null;
	ms: number;
	error?: string;
}

/** One callback to one webhook with all its attempts. */
export interface DeliveryEntry {
	requestId: string;
	appId: string;
	webhookId: string;
	target: string;
	contactId: string;
	channel: string;
	identity: string;
	capabilityStatus?: string;
	reasonCode?: string;
	/** When the query was accepted. */
	askedAt: string;
	state: 'waiting' | 'retrying' | 'delivered' | 'given-up' | 'dropped' | 'cancelled';
	attempts: AttemptEntry[];
	/** From the accepted query until the webhook answered 2xx. */
	msFromQuery: number | null;
	fault?: string;
}

export interface Totals {
	tokenCalls: number;
	tokensIssued: number;
	requests: number;
	queries: number;
	/** Milliseconds from the first accepted query to the latest. */
	queriesSpan: number;
	messages: number;
	attempts: number;
	delivered: number;
}

/** Answer to `GET /_control/log`. */
export interface LogLists {
	totals: Totals;
	requests: RequestEntry[];
	queries: QueryEntry[];
	messages: MessageEntry[];
	deliveries: DeliveryEntry[];
}

/** What can be changed while the simulator runs (`PATCH /_control/settings`). */
export interface Settings {
	/** Life time of a new access token in seconds. Sinch: 3600. */
	tokenLifetimeSeconds: number;
	/** Token endpoint bucket: calls that may come at once. Sinch's gateway: 30. */
	tokenBurst: number;
	/** Token endpoint bucket: calls that come back per second. Sinch's gateway: 10. */
	tokensPerSecond: number;
	/** API requests per second and project before 429. Sinch: 800. */
	requestsPerSecond: number;
	/** Milliseconds that every API answer is held back. */
	apiLatencyMs: number;
	/** Milliseconds before the handshake of a new https connection, for the round trips that it costs. */
	connectLatencyMs: number;
	/** Callbacks per second and app (`rate_limits.webhooks`). Sinch: 25. */
	callbacksPerSecond: number;
	/** Milliseconds between an accepted query and its first callback. Sinch: seconds. */
	answerDelayMs: number;
	/** Up to so many milliseconds are added at random, so that answers overtake one another. */
	answerJitterMs: number;
	/**
	 * Wait before the first retry of a callback; doubled each time. Sinch publishes no figure for these
	 * callbacks, and this one for those of its SMS API.
	 */
	retryBaseMs: number;
	/** Longest wait between two attempts. */
	retryMaxDelayMs: number;
	/** Attempts in all before a callback is given up. */
	retryMaxAttempts: number;
	/** Age at which a callback is given up even with attempts left. */
	retryMaxAgeMs: number;
	/** How long a webhook may take to answer. Sinch publishes no figure. */
	callbackTimeoutMs: number;
	/** Form of an error body; Sinch's own sources show all three. */
	errorForm: 'nested' | 'flat' | 'problem';
	/** Entries kept in each list of the log; the oldest go first. */
	logSize: number;
}

export type ApiFaultKind = 'status' | 'garbage' | 'reset' | 'delay' | 'timeout';
export type CallbackFaultKind =
	| 'delay'
	| 'drop'
	| 'duplicate'
	| 'garbage'
	| 'unsigned'
	| 'wrong-signature'
	| 'signature-of-another-body'
	| 'changed-body'
	| 'wrong-algorithm'
	| 'old-timestamp';
export type ApiTarget = 'token' | 'apps' | 'webhooks' | 'contacts' | 'query' | 'messages';

interface FaultOptions {
	/** Only requests with this HTTP method. */
	method?: string;
	/**
	 * Only the query or callback for this contact id or identity; for a callback also with its
	 * channel, as in `RCS 46701740605`.
	 */
	recipient?: string;
	/** How many requests or callbacks it hits; default 1. */
	times?: number;
	/** Chance from 0 to 1 that it hits a matching one; default 1. */
	probability?: number;
	/** How many matching ones it lets pass first; default 0. */
	after?: number;
	/** `status`: the HTTP status, default 500. */
	status?: number;
	/** `status` and `garbage`: the body; an object is sent as JSON. */
	body?: unknown;
	/** `status`: the Retry-After header (seconds or HTTP date); none without it. */
	retryAfter?: string | number;
	/** `delay`: milliseconds; default 1000. */
	delayMs?: number;
	/** `status`, `garbage`, `reset`, `timeout`: carry the request out first and lose only its answer. */
	processed?: boolean;
	/** `duplicate`: how many copies follow the first; default 1. */
	copies?: number;
	/** `old-timestamp`: age of the signature in seconds; default two days. */
	ageSeconds?: number;
}

export interface ApiFault extends FaultOptions {
	target: ApiTarget;
	kind: ApiFaultKind;
}

export interface CallbackFault extends FaultOptions {
	target: 'callback';
	kind: CallbackFaultKind;
}

export type FaultRule = ApiFault | CallbackFault;

/** Body of `POST /_control/callbacks`: a callback to post at once to the webhooks with the trigger. */
export interface CallbackOrder {
	appId: string;
	/** Default CAPABILITY. */
	trigger?: string;
	/** Only this one of the webhooks with the trigger. */
	webhookId?: string;
	/** A text is sent as it is, anything else as JSON. */
	body: unknown;
	/** How often the same callback, with the same nonce, is posted; default 1. */
	times?: number;
	fault?: Exclude<CallbackFaultKind, 'delay' | 'drop' | 'duplicate'>;
	/** Default a new ULID. */
	nonce?: string;
	/** Unix seconds; default now. */
	timestamp?: number;
}

/** One post of such a callback, and what the webhook answered. */
export interface SentCallback extends AttemptEntry {
	webhookId: string;
	target: string;
}
