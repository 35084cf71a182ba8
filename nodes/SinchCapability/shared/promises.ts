import { sleep } from 'n8n-workflow';

/** A promise that is settled from outside. */
export function createDeferred<T = void>() {
	let resolve: (value: T) => void = () => {};
	const promise = new Promise<T>((settle) => {
		resolve = settle;
	});
	return { promise, resolve };
}

/** What to wake when a signal is aborted: one listener each, because Node.js warns of more than ten. */
const wakersOf = new WeakMap<AbortSignal, Set<() => void>>();

function wakers(signal: AbortSignal): Set<() => void> {
	const known = wakersOf.get(signal);
	if (known) {
		return known;
	}
	const own = new Set<() => void>();
	wakersOf.set(signal, own);
	signal.addEventListener('abort', () => own.forEach((wake) => wake()), { once: true });
	return own;
}

/** Resolves with a promise, or before it when the signal is aborted. */
export async function untilAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
	if (signal.aborted) {
		return;
	}
	const { promise: aborted, resolve: wake } = createDeferred();
	const others = wakers(signal);
	others.add(wake);
	try {
		await Promise.race([work, aborted]);
	} finally {
		others.delete(wake);
	}
}

/** Sleeps for some milliseconds, but not beyond the abort of the signal. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
	if (ms > 0 && !signal.aborted) {
		await untilAborted(sleep(ms), signal);
	}
}

/** Whole milliseconds that a timer can wait: Node.js ends a longer one at once. */
export const toTimer = (seconds: number): number =>
	Math.min(Math.ceil(seconds * 1000), 2 ** 31 - 1);

/**
 * A signal for one request that is aborted after some milliseconds, or with another signal. Unlike a
 * request's `timeout`, which is one of an idle connection, it covers the whole response.
 */
export function timeLimit(ms: number, signal?: AbortSignal): AbortSignal {
	const limit = AbortSignal.timeout(ms);
	// Node.js 20 may collect a limit that only a combined signal refers to, before it is over.
	return signal ? Object.assign(AbortSignal.any([signal, limit]), { limit }) : limit;
}
