import type { Settings } from './wire.ts';

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
	ownRequestIds: false,
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
		ownRequestIds: { type: 'boolean' },
		retryBaseMs: atLeast(1),
		retryMaxDelayMs: atLeast(1),
		retryMaxAttempts: wholeAtLeast(1),
		retryMaxAgeMs: atLeast(0),
		callbackTimeoutMs: atLeast(1),
		errorForm: { enum: ['nested', 'flat', 'problem'] },
		logSize: wholeAtLeast(1),
	},
};
