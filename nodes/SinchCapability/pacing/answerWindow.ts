import { createDeferred, pause } from '../shared/promises';
import { identityKey } from '../sinch/channels';
import type { CapabilityNotification } from '../sinch/types';

/** Outstanding answers, beside those that Sinch delays: n8n can receive them in a few seconds even when it is busy. */
const MAX_OUTSTANDING = 25;

/** For how long an answer is waited for at least, in milliseconds. */
const MIN_PATIENCE_MS = 10_000;

/** How many times as long as the latest answer another one may take before it no longer counts. */
const MAX_DELAYS = 4;

/** How often to look whether an answer is too late, in milliseconds. */
const LOOK_MS = 100;

/** A query whose answers have not all arrived. */
interface SentQuery {
	readonly at: number;
	/** By `identityKey`. */
	readonly answered: Set<string>;
	missing: number;
}

/**
 * Limits how many answers of an app are outstanding: at most as many as Sinch itself delays, at the app's
 * rate, and some more. A busy n8n then gets its next queries only when it has received answers. The limit
 * does not apply when none of them arrives in this process.
 */
export class AnswerWindow {
	private readonly sent = new Map<string, SentQuery>();

	/** The shortest time from a query to its last answer: Sinch's own delay. */
	private shortestMs = Infinity;

	/** How long the latest answer took, from its query; undefined if none has ever arrived in this process. */
	private latestMs?: number;

	/** Since when answers are expected and none has arrived. */
	private silentSince = Infinity;

	private arriveElsewhere = false;
	private arrival = createDeferred();

	/** An answer that is later than this, in milliseconds, no longer counts as outstanding: it may never come. */
	private get maxAge(): number {
		return Math.max(MIN_PATIENCE_MS, MAX_DELAYS * (this.latestMs ?? 0));
	}

	/** What a run lacks at its end says nothing about one that begins much later. */
	private forgetOld(now: number): void {
		for (const [requestId, { at }] of this.sent) {
			if (now - at > 2 * this.maxAge) {
				this.sent.delete(requestId);
			}
		}
	}

	find(requestId: string): Readonly<SentQuery> | undefined {
		return this.sent.get(requestId);
	}

	/** A query is sent now; several may have the same request id. */
	add(requestId: string, answers: number, now: number): void {
		this.forgetOld(now);
		if (this.sent.size === 0) {
			this.shortestMs = Infinity;
			this.silentSince = now;
		}
		const { missing = 0, answered = new Set<string>() } = this.sent.get(requestId) ?? {};
		this.sent.set(requestId, { at: now, answered, missing: missing + answers });
	}

	/** No further answer is expected, e.g. because Sinch refused the query. */
	remove(requestId: string): void {
		this.sent.delete(requestId);
	}

	/** Continues under the id that Sinch gave the request, if it chose its own. */
	rename(requestId: string, renamed: string | undefined): void {
		const query = this.sent.get(requestId);
		if (query && renamed && renamed !== requestId) {
			this.sent.delete(requestId);
			this.sent.set(renamed, query);
		}
	}

	/** Counts an answer; a repeat changes nothing. @returns whether it was outstanding */
	note(notification: CapabilityNotification, now: number): boolean {
		const requestId = notification.request_id ?? '';
		const query = this.sent.get(requestId);
		const key = identityKey(notification);
		if (!query || query.answered.has(key)) {
			return false;
		}
		query.answered.add(key);
		query.missing = Math.max(0, query.missing - 1);
		this.latestMs = now - query.at;
		this.silentSince = now;
		this.arriveElsewhere = false;
		if (query.missing === 0) {
			this.shortestMs = Math.min(this.shortestMs, this.latestMs);
			this.remove(requestId);
		}
		this.arrival.resolve();
		this.arrival = createDeferred();
		return true;
	}

	isFull(answersPerSecond: number, now: number): boolean {
		this.forgetOld(now);
		const { maxAge } = this;
		const silence = this.sent.size > 0 ? now - this.silentSince : 0;
		// Evidently in another process, or in a workflow without our nodes.
		this.arriveElsewhere ||= silence >= (this.latestMs === undefined ? maxAge : 2 * maxAge);
		const outstanding = [...this.sent.values()]
			.filter(({ at }) => now - at < maxAge)
			.reduce((sum, { missing }) => sum + missing, 0);
		const delay = Number.isFinite(this.shortestMs) ? this.shortestMs : 0;
		return (
			!this.arriveElsewhere && outstanding >= MAX_OUTSTANDING + (delay / 1000) * answersPerSecond
		);
	}

	/** Resolves when the next query may be sent, or the run is over. */
	async untilFree(answersPerSecond: number, signal: AbortSignal): Promise<void> {
		while (!signal.aborted && this.isFull(answersPerSecond, performance.now())) {
			await Promise.race([this.arrival.promise, pause(LOOK_MS, signal)]);
		}
	}
}
