import type { PendingQuery } from '../waiting/pendingQuery';

/** Outstanding answers that n8n can receive within a few seconds even when it is busy. */
const MAX_OUTSTANDING = 50;

/** An answer that is later than this, in milliseconds, no longer counts as outstanding: it may never come. */
const MAX_OUTSTANDING_MS = 10_000;

/** How many times the shortest delay an answer may take before it no longer counts as outstanding. */
const MAX_DELAYS = 4;

/**
 * Limits how many answers of a run are outstanding: at most as many as Sinch itself delays, at the app's
 * rate, and some more. A busy n8n then gets its next queries only when it has received answers. Times
 * are milliseconds since 1970.
 */
export class AnswerWindow {
	private sent: Array<{ query: PendingQuery; at: number }> = [];

	/** The shortest time from a query to its last answer: Sinch's own delay. */
	private shortestMs = Infinity;

	/** A query is sent now. */
	add(query: PendingQuery, now: number): void {
		this.sent.push({ query, at: now });
	}

	/** Sinch refused the query, so no answer will come. */
	remove(refused: PendingQuery): void {
		this.sent = this.sent.filter(({ query }) => query !== refused);
	}

	/** Whether the next query has to wait for answers. */
	isFull(answersPerSecond: number, now: number): boolean {
		for (const { query, at } of this.sent) {
			if (query.isComplete) {
				this.shortestMs = Math.min(this.shortestMs, now - at);
			}
		}
		const delay = Number.isFinite(this.shortestMs) ? this.shortestMs : 0;
		const oldest = now - Math.max(MAX_OUTSTANDING_MS, MAX_DELAYS * delay);
		this.sent = this.sent.filter(({ query, at }) => !query.isComplete && at > oldest);
		const outstanding = this.sent.reduce(
			(sum, { query }) => sum + Math.max(0, query.identities.length - query.answers.size),
			0,
		);
		return outstanding >= MAX_OUTSTANDING + (delay / 1000) * answersPerSecond;
	}
}
