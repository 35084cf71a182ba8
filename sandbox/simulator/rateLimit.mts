/**
 * Token bucket: `burst` calls at once, then `perSecond`. Both are read on each call, so that a
 * changed setting takes effect immediately.
 */
export class TokenBucket {
	private tokens: number | undefined;
	private filledAt = 0;

	constructor(
		private readonly limits: () => { burst: number; perSecond: number },
		private readonly now: () => number = () => performance.now(),
	) {}

	/** Takes one token; false when the bucket is empty. */
	take(): boolean {
		const { burst, perSecond } = this.limits();
		const now = this.now();
		const refill = ((now - this.filledAt) / 1000) * perSecond;
		this.tokens = Math.min(burst, (this.tokens ?? burst) + refill);
		this.filledAt = now;
		if (this.tokens < 1) return false;
		this.tokens -= 1;
		return true;
	}

	/** Full again. */
	reset(): void {
		this.tokens = undefined;
	}
}

/** Allows at most `limit()` calls in any period of one second. */
export class SlidingWindow {
	private admitted: number[] = [];

	constructor(
		private readonly limit: () => number,
		private readonly now: () => number = () => performance.now(),
	) {}

	/** Counts a call; false, without counting it, when the limit is reached. */
	take(): boolean {
		const now = this.now();
		while ((this.admitted[0] ?? now) <= now - 1000) this.admitted.shift();
		if (this.admitted.length >= this.limit()) return false;
		this.admitted.push(now);
		return true;
	}
}
