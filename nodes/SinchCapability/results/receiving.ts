/** How long a callback proves that Sinch's callbacks come to this process, in milliseconds. */
const MAX_PROOF_MS = 60 * 60_000;

let receivedAt = -Infinity;

/** Records a genuine callback for a published workflow in this process. */
export function noteReceived(now: number): void {
	receivedAt = now;
}

/** Whether callbacks are known to come to this process. */
export const receivesCallbacks = (now: number): boolean => now - receivedAt <= MAX_PROOF_MS;
