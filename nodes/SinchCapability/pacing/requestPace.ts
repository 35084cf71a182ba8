import { memoize } from '../shared/memoize';

/** Sinch's limit for a project over all its apps, in requests per second. */
export const PROJECT_LIMIT = 800;

/** How much time can be caught up after a pause, in milliseconds. */
const BURST_MS = 50;

/** Many 429 responses halve the rate at most this often, in milliseconds. */
const SLOWDOWN_MS = 500;

/** A greater share of 429 among the latest requests means that the rate is too high; fewer are just retried. */
const MAX_REFUSED_SHARE = 0.15;

/** The weight of the latest request in that share, which covers about 50 requests. */
const WEIGHT = 0.02;

/** What each successful request adds to a reduced rate. */
const RECOVERY = 1.005;

/** Spaces requests evenly below a rate. Slows down when Sinch asks for it, and recovers with success. */
export class Pace {
	private nextAt = 0;
	private slowedAt = 0;
	private ceiling = PROJECT_LIMIT;
	private refused = 0;

	reserve(now: number, requestsPerSecond: number): number {
		const at = Math.max(this.nextAt, now - BURST_MS);
		this.nextAt = at + 1000 / Math.min(requestsPerSecond, this.ceiling);
		return Math.max(0, at - now);
	}

	/** Sinch responded with 429: waits as long as it asks, and lowers the rate if this happens often. */
	slowDown(now: number, requestsPerSecond: number, retryAfterMs = 0): void {
		this.nextAt = Math.max(this.nextAt, now + retryAfterMs);
		this.refused += (1 - this.refused) * WEIGHT;
		if (this.refused > MAX_REFUSED_SHARE && now - this.slowedAt >= SLOWDOWN_MS) {
			this.slowedAt = now;
			this.refused = 0;
			this.ceiling = Math.max(1, Math.min(requestsPerSecond, this.ceiling) / 2);
		}
	}

	/** Whether Sinch responded with 429 to any of the latest requests. */
	get isRefused(): boolean {
		return this.refused > WEIGHT / 2;
	}

	recover(): void {
		this.refused -= this.refused * WEIGHT;
		this.ceiling = Math.min(PROJECT_LIMIT, this.ceiling * RECOVERY);
	}
}

/** The rate limiter that all executions of this process share for a project, by its ID. */
export const paceOf = memoize(() => new Pace());
