import { sleep } from 'n8n-workflow';

/** Sleeps for some milliseconds, but not beyond the abort of the signal. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	if (ms <= 0 || signal?.aborted) {
		return;
	}
	let wake: () => void = () => {};
	const aborted = new Promise<void>((resolve) => {
		wake = resolve;
	});
	signal?.addEventListener('abort', wake, { once: true });
	await Promise.race([sleep(ms), aborted]);
	signal?.removeEventListener('abort', wake);
}
