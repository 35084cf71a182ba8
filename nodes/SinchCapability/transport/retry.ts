import { isRetryable } from './errors';
import type { Failure, Reason } from './explanations';

/** Attempts of one request, including the first. */
const MAX_TRIES = 12;

/**
 * Attempts at an address that has never responded in this execution, which is more often a wrong
 * address than an outage; without a response in time, each attempt takes the whole time-out.
 */
const MAX_FIRST_TRIES: Partial<Record<Reason, number>> = {
	noHost: 5,
	unresolved: 5,
	refused: 5,
	late: 2,
};

/** An execution gives up when no request has succeeded for this long, in milliseconds. */
const MAX_OUTAGE_MS = 120_000;

/** The longest `Retry-After` that a run waits for, in milliseconds. */
export const MAX_RETRY_AFTER_MS = MAX_OUTAGE_MS;

const FIRST_BACKOFF_MS = 100;

/** Longer after 429: early retries would only add to the load. */
const FIRST_BACKOFF_AT_LIMIT_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;

/** The longest back-off while other requests succeed, in milliseconds. */
const MAX_BACKOFF_IN_SERVICE_MS = 1_000;

/** Sinch's documents disagree about 501, so it is retried once. */
const NOT_IMPLEMENTED = 501;

const isTooLong = ({ retryAfterMs = 0 }: Failure): boolean => retryAfterMs > MAX_RETRY_AFTER_MS;

/** Whether every request would fail like this: the credential is refused, or its address is none. */
const concernsAll = ({ reason, status }: Failure): boolean =>
	reason === 'invalidAddress' || (reason === 'status' && (status === 401 || status === 403));

/** Decides for one execution what is retried, and when. */
export class Retries {
	private failingSince: number | undefined;
	private isOver = false;
	private hasGotThrough = false;

	succeeded(): void {
		this.hasGotThrough = true;
		this.failingSince = undefined;
	}

	/** @param tries of the request so far, at least 1 */
	recordFailure(failure: Failure, tries: number, now: number): void {
		const { reason, status } = failure;
		this.isOver ||= concernsAll(failure);
		if (isRetryable(failure)) {
			this.hasGotThrough ||= reason === 'status';
			this.isOver ||= !this.hasGotThrough && tries >= (MAX_FIRST_TRIES[reason] ?? MAX_TRIES);
			this.failingSince ??= isTooLong(failure) ? undefined : now;
		} else if (reason === 'status' && status) {
			this.succeeded();
		}
	}

	/** Whether to skip the rest: no access, a wrong address, or unreachable for too long. */
	shouldGiveUp(now: number): boolean {
		return (
			this.isOver || (this.failingSince !== undefined && now - this.failingSince > MAX_OUTAGE_MS)
		);
	}

	/**
	 * How long to wait before the next attempt: as long as Sinch asks, else exponentially with full jitter, and
	 * briefly while other requests succeed. Undefined when it is of no use. @param failure already recorded
	 * @param random from 0 to 1
	 */
	delayAfter(failure: Failure, tries: number, now: number, random: number): number | undefined {
		const { status, retryAfterMs } = failure;
		if (status === NOT_IMPLEMENTED && tries === 1) {
			return FIRST_BACKOFF_MS;
		}
		if (!isRetryable(failure) || isTooLong(failure) || tries >= MAX_TRIES) {
			return undefined;
		}
		const first = status === 429 ? FIRST_BACKOFF_AT_LIMIT_MS : FIRST_BACKOFF_MS;
		const outage = now - (this.failingSince ?? now);
		const longest = Math.min(MAX_BACKOFF_MS, Math.max(MAX_BACKOFF_IN_SERVICE_MS, 2 * outage));
		const delay = retryAfterMs ?? random * Math.min(longest, first * 2 ** (tries - 1));
		return this.shouldGiveUp(now + delay) ? undefined : delay;
	}
}
