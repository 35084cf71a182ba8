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

export const DEFAULT_SETTINGS: Settings = {
	tokenLifetimeSeconds: 3600,
	tokenBurst: 30,
	tokensPerSecond: 10,
	requestsPerSecond: 800,
	apiLatencyMs: 0,
	connectLatencyMs: 0,
	callbacksPerSecond: 25,
	answerDelayMs: 250,
	answerJitterMs: 0,
	retryBaseMs: 5000,
	retryMaxDelayMs: 600_000,
	retryMaxAttempts: 10,
	retryMaxAgeMs: 3_600_000,
	callbackTimeoutMs: 10_000,
	errorForm: 'nested',
	logSize: 20_000,
};

const atLeast = (minimum: number) => ({ type: 'number', minimum });
const wholeAtLeast = (minimum: number) => ({ type: 'integer', minimum });

/** JSON Schema of a partial change to the settings. */
export const SETTINGS_SCHEMA = {
	type: 'object',
	additionalProperties: false,
	properties: {
		tokenLifetimeSeconds: wholeAtLeast(1),
		tokenBurst: wholeAtLeast(1),
		tokensPerSecond: atLeast(0),
		requestsPerSecond: wholeAtLeast(1),
		apiLatencyMs: atLeast(0),
		connectLatencyMs: atLeast(0),
		callbacksPerSecond: { type: 'number', exclusiveMinimum: 0 },
		answerDelayMs: atLeast(0),
		answerJitterMs: atLeast(0),
		retryBaseMs: atLeast(1),
		retryMaxDelayMs: atLeast(1),
		retryMaxAttempts: wholeAtLeast(1),
		retryMaxAgeMs: atLeast(0),
		callbackTimeoutMs: atLeast(1),
		errorForm: { enum: ['nested', 'flat', 'problem'] },
		logSize: wholeAtLeast(1),
	},
};
