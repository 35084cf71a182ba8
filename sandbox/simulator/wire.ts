/**
 * The types of the `/_control` API. This file is CommonJS, so that the tests with n8n's engine, which
 * must be CommonJS, share these types with the simulator, the demo and the benchmark.
 */

/** The branch that a correct client chooses for a notification. */
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

/** A project and its one access key. All values are made up and give no access to Sinch. */
export interface Project {
	projectId: string;
	keyId: string;
	keySecret: string;
}

export type ProcessingMode = 'CONVERSATION' | 'DISPATCH';

/** `GET /_control/demo`: everything a client needs to use the simulator. */
export interface Demo {
	project: Project;
	/** A second project with a valid key of its own. */
	otherProject: Project & { appId: string };
	/** The apps of the first project. */
	apps: Array<{ appId: string; displayName: string; processingMode: ProcessingMode }>;
	contacts: Array<Pick<DemoContact, 'contactId' | 'name' | 'channels'>>;
}

/** One HTTP request to the simulator, except to `/_control`. Never contains a secret or a token. */
export interface RequestEntry {
	/** When it arrived: ISO 8601 in UTC with milliseconds, as all times in the log. */
	at: string;
	method: string;
	path: string;
	/** null before the response, or when a fault closed the connection. */
	status: number | null;
	/** Milliseconds until the response was sent. */
	ms: number | null;
	requestId?: string;
	/** The message of an error response. */
	error?: string;
	/** Kind of the fault that hit this request. */
	fault?: string;
}

/** One accepted capability query. */
export interface QueryEntry {
	at: string;
	requestId: string;
	appId: string;
	recipient: unknown;
	/** Number of its callbacks: channel identities times subscribed webhooks. 0: no one gets the answer. */
	callbacks: number;
}

/** One accepted message. Nothing is delivered. */
export interface MessageEntry {
	at: string;
	messageId: string;
	appId: string;
	/** The channel that Sinch would try first. */
	channel: string;
	/** Why the message fails after it was accepted: one of its channels is not set up in the app. */
	failure?: 'CHANNEL_CONFIGURATION_MISSING';
	recipient: unknown;
	message: unknown;
}

export interface AttemptEntry {
	at: string;
	/** null without a response. */
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
	/** Milliseconds from the accepted query until the webhook responded with 2xx. */
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

/** Response to `GET /_control/log`. */
export interface LogLists {
	totals: Totals;
	requests: RequestEntry[];
	queries: QueryEntry[];
	messages: MessageEntry[];
	deliveries: DeliveryEntry[];
}

/** Settings that can change while the simulator runs (`PATCH /_control/settings`). */
export interface Settings {
	/** Lifetime of a new access token in seconds. Sinch: 3600. */
	tokenLifetimeSeconds: number;
	/** Size of the token endpoint's bucket, in calls. Sinch's gateway: 30. */
	tokenBurst: number;
	/** Refill rate of the token endpoint's bucket, in calls per second. Sinch's gateway: 10. */
	tokensPerSecond: number;
	/** API requests per second and project before 429. Sinch: 800. */
	requestsPerSecond: number;
	/** Delay of every API response in milliseconds. */
	apiLatencyMs: number;
	/** Delay of the handshake of a new https connection in milliseconds, in place of its round trips. */
	connectLatencyMs: number;
	/** Callbacks per second and app (`rate_limits.webhooks`). Sinch: 25. */
	callbacksPerSecond: number;
	/** Milliseconds between an accepted query and its first callback. Sinch: seconds. */
	answerDelayMs: number;
	/** Maximum random delay added to each, in milliseconds, so that answers change their order. */
	answerJitterMs: number;
	/** Whether each query gets a new request ID, even one that gives its own. */
	ownRequestIds: boolean;
	/**
	 * Milliseconds before the first retry of a callback; doubled each time. Sinch publishes no figure for these
	 * callbacks, and this one for those of its SMS API.
	 */
	retryBaseMs: number;
	/** Longest pause between two attempts, in milliseconds. */
	retryMaxDelayMs: number;
	/** Number of attempts after which a callback is given up. */
	retryMaxAttempts: number;
	/** Age in milliseconds at which a callback is given up, even with attempts left. */
	retryMaxAgeMs: number;
	/** How long a webhook may take to respond, in milliseconds. Sinch publishes no figure. */
	callbackTimeoutMs: number;
	/** Form of an error body; Sinch's own sources show all three. */
	errorForm: 'nested' | 'flat' | 'problem';
	/** Number of entries kept in each list of the log; the oldest are removed first. */
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
	 * Only the query or callback for this contact ID or identity; for a callback, optionally with its
	 * channel, as in `RCS 46701740605`.
	 */
	recipient?: string;
	/** Number of requests or callbacks that it hits; default 1. */
	times?: number;
	/** Probability from 0 to 1 that it hits a matching one; default 1. */
	probability?: number;
	/** Number of matching ones that it skips first; default 0. */
	after?: number;
	/** `status`: the HTTP status, default 500. */
	status?: number;
	/** `status` and `garbage`: the body; an object is sent as JSON. */
	body?: unknown;
	/** `status`: the Retry-After header (seconds or HTTP date); none without it. */
	retryAfter?: string | number;
	/** `delay`: milliseconds; default 1000. */
	delayMs?: number;
	/** `status`, `garbage`, `reset`, `timeout`: process the request and lose only its response. */
	processed?: boolean;
	/** `duplicate`: number of copies after the first; default 1. */
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

/** Body of `POST /_control/callbacks`: a callback to post immediately to the webhooks with the trigger. */
export interface CallbackOrder {
	appId: string;
	/** Default CAPABILITY. */
	trigger?: string;
	/** Only this webhook; by default all with the trigger. */
	webhookId?: string;
	/** A string is sent unchanged, anything else as JSON. */
	body: unknown;
	/** Number of times the same callback, with the same nonce, is posted; default 1. */
	times?: number;
	fault?: Exclude<CallbackFaultKind, 'delay' | 'drop' | 'duplicate'>;
	/** Default a new ULID. */
	nonce?: string;
	/** Unix seconds; default now. */
	timestamp?: number;
}

/** One POST of such a callback, and the webhook's response. */
export interface SentCallback extends AttemptEntry {
	webhookId: string;
	target: string;
}
