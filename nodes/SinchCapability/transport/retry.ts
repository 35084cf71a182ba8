import { isNobodyThere, isSilent } from './explanations';
import type { Failure } from './errors';

/** Attempts of one request, including the first. */
const MAX_TRIES = 12;

/** Attempts at an address that has never responded in this execution. */
const MAX_TRIES_AT_NOBODY = 5;

/** The same at an address that does not respond in time: each attempt takes the whole time-out. */
const MAX_TRIES_AT_SILENCE = 2;

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

/** Statuses that a retry may resolve; undefined is a request without a response. */
const RETRYABLE: ReadonlySet<number | undefined> = new Set([undefined, 429, 500, 502, 503, 504]);

/** Whether a retry can succeed. */
export const isRetryable = ({
	status,
	isForeign,
}: Pick<Failure, 'status' | 'isForeign'>): boolean => !isForeign && RETRYABLE.has(status);

const TOO_MANY_REQUESTS = 429;

/** Sinch's documents disagree about 501, so it is retried once. */
const NOT_IMPLEMENTED = 501;

/** Statuses that every request would get: the credential itself is refused. */
const CREDENTIAL_REFUSED: ReadonlySet<number | undefined> = new Set([401, 403]);

/** Decides for one execution what is retried, and when. Times are milliseconds since 1970. */
export class Retries {
	private failingSince: number | undefined;

	private isHopeless = false;

	private hasGotThrough = false;

	/** Sinch has responded. */
	succeeded(): void {
		this.hasGotThrough = true;
		this.failingSince = undefined;
	}

	/** Whether to skip the rest: no access, a wrong address, or unreachable for too long. */
	shouldGiveUp(now: number): boolean {
		return (
			this.isHopeless ||
			(this.failingSince !== undefined && now - this.failingSince > MAX_OUTAGE_MS)
		);
	}

	/**
	 * How long to wait before the next attempt: as long as Sinch asks, up to a limit, else an
	 * exponential time with full jitter, which stays short while other requests succeed.
	 *
	 * @param tries so far, at least 1
	 * @param random from 0 to 1
	 * @returns undefined when a retry is of no use
	 */
	delayAfter(failure: Failure, tries: number, now: number, random: number): number | undefined {
		const { status, retryAfterMs, isForeign, message } = failure;
		if (isForeign) {
			return undefined;
		}
		this.isHopeless ||= CREDENTIAL_REFUSED.has(status);
		if (!isRetryable(failure)) {
			this.succeeded();
			return status === NOT_IMPLEMENTED && tries === 1 ? FIRST_BACKOFF_MS : undefined;
		}
		this.hasGotThrough ||= status !== undefined;
		this.isHopeless ||=
			!this.hasGotThrough &&
			((tries >= MAX_TRIES_AT_NOBODY && isNobodyThere(message)) ||
				(tries >= MAX_TRIES_AT_SILENCE && isSilent(message)));
		if (retryAfterMs !== undefined && retryAfterMs > MAX_RETRY_AFTER_MS) {
			return undefined;
		}
		this.failingSince ??= now;
		const first = status === TOO_MANY_REQUESTS ? FIRST_BACKOFF_AT_LIMIT_MS : FIRST_BACKOFF_MS;
		const outage = now - this.failingSince;
		const longest = Math.min(MAX_BACKOFF_MS, Math.max(MAX_BACKOFF_IN_SERVICE_MS, 2 * outage));
		const delay = retryAfterMs ?? random * Math.min(longest, first * 2 ** (tries - 1));
		return tries >= MAX_TRIES || this.shouldGiveUp(now + delay) ? undefined : delay;
	}
}
