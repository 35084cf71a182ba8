import { sleep } from 'n8n-workflow';

import { createDeferred } from './deferred';

/** Resolves with a promise, or before it when the signal is aborted. */
export async function untilAborted(work: Promise<unknown>, signal?: AbortSignal): Promise<void> {
	if (signal?.aborted) {
		return;
	}
	const { promise: aborted, resolve } = createDeferred();
	const wake = () => resolve();
	signal?.addEventListener('abort', wake, { once: true });
	await Promise.race([work, aborted]);
	signal?.removeEventListener('abort', wake);
}

/** Sleeps for some milliseconds, but not beyond the abort of the signal. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	if (ms > 0 && !signal?.aborted) {
		await untilAborted(sleep(ms), signal);
	}
}
