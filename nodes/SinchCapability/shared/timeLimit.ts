/**
 * A signal for one request that is aborted after some milliseconds, or with another signal. Unlike a
 * request's `timeout`, which is one of an idle connection, it covers the whole response.
 */
export function timeLimit(ms: number, signal?: AbortSignal): AbortSignal {
	const limit = AbortSignal.timeout(ms);
	// Node.js 20 may collect a limit that only a combined signal refers to, before it is over.
	return signal ? Object.assign(AbortSignal.any([signal, limit]), { limit }) : limit;
}
