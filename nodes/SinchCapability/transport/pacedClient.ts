import { type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';

import { memoize } from '../shared/memoize';
import { pause } from '../shared/promises';
import type { ApiClient, SinchClient, SinchRequest } from './client';
import { type Failure, type Reason, isRetryable } from './errors';

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
const paceOf = memoize(() => new Pace());

/** Attempts of one request, including the first. */
const MAX_TRIES = 12;

/**
 * Attempts at an address that has never responded in this execution, which is more often a wrong
 * address than an outage; without a response in time, each attempt takes the whole time-out.
 */
const MAX_FIRST_TRIES = 5;
const MAX_FIRST_TRIES_FOR: Partial<Record<Reason, number>> = { late: 2, noTls: 2 };

/** An execution gives up when no request has succeeded for this long, in milliseconds. */
const MAX_OUTAGE_MS = 120_000;

const FIRST_BACKOFF_MS = 100;

/** Longer after 429: early retries would only add to the load. */
const FIRST_BACKOFF_AT_LIMIT_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;

/** The longest back-off while other requests succeed, in milliseconds. */
const MAX_BACKOFF_IN_SERVICE_MS = 1_000;

/** Whether Sinch asks for a longer wait than a run would bear. */
const isTooLong = ({ retryAfterMs = 0 }: Failure): boolean => retryAfterMs > MAX_OUTAGE_MS;

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
		const { reason } = failure;
		this.isOver ||= concernsAll(failure);
		if (isRetryable(failure)) {
			this.hasGotThrough ||= reason === 'status';
			const maxFirstTries = MAX_FIRST_TRIES_FOR[reason] ?? MAX_FIRST_TRIES;
			this.isOver ||= !this.hasGotThrough && tries >= maxFirstTries;
			this.failingSince ??= isTooLong(failure) ? undefined : now;
		} else if (reason === 'status') {
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
		// Sinch's documents disagree about 501, so it is retried once.
		if (status === 501 && tries === 1) {
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

/** Sinch for many items: paces the requests of a project, and retries what can succeed. */
export class PacedClient implements ApiClient {
	/** The figures of the run so far, for the hint at its end. */
	readonly tally = { retried: 0, slowedDown: 0 };

	private readonly pace: Pace;
	private readonly retries = new Retries();
	private hasWaited = true;
	private lastFailure: Failure | undefined;

	/** Aborted when the run ends early: by `stop`, or because it was cancelled. */
	readonly signal: AbortSignal;

	private readonly over = new AbortController();

	constructor(
		private readonly context: IExecuteFunctions,
		readonly sinch: SinchClient,
		private readonly requestsPerSecond: number,
	) {
		this.pace = paceOf(sinch.projectId);
		const cancelSignal = context.getExecutionCancelSignal();
		this.signal = AbortSignal.any([this.over.signal, ...(cancelSignal ? [cancelSignal] : [])]);
	}

	/** Whether responses, and not the pace, limit the rate: more requests at a time would help. */
	get isBehind(): boolean {
		return !this.hasWaited && !this.pace.isRefused;
	}

	/** Whether further requests fail without being sent, because the reason concerns them all. */
	get hasGivenUp(): boolean {
		return this.retries.shouldGiveUp(performance.now());
	}

	/** The same client for one item, which its errors name. */
	forItem(itemIndex: number): ApiClient {
		return { request: async (request) => await this.request({ ...request, itemIndex }) };
	}

	/** Sends nothing more: neither queued requests nor retries. */
	stop(): void {
		this.over.abort();
	}

	async request<T>(request: SinchRequest<T>): Promise<T> {
		for (let tries = 1; ; tries++) {
			const wait = this.hasGivenUp
				? 0
				: this.pace.reserve(performance.now(), this.requestsPerSecond);
			this.hasWaited = wait > 0;
			await pause(wait, this.signal);
			if (this.signal.aborted) {
				// Never shown, because the first failure is.
				const { itemIndex } = request;
				throw new NodeOperationError(this.context.getNode(), 'The run has ended', { itemIndex });
			}
			if (this.lastFailure && this.hasGivenUp) {
				throw this.sinch.explain(this.lastFailure, request.itemIndex);
			}
			const sent = await this.sinch.send(request, this.signal);
			if ('response' in sent) {
				this.retries.succeeded();
				this.pace.recover();
				return sent.response;
			}
			const { failure } = sent;
			this.recordFailure(failure, tries);
			const delay = this.signal.aborted
				? undefined
				: this.retries.delayAfter(failure, tries, performance.now(), Math.random());
			if (delay !== undefined) {
				this.tally.retried++;
				await pause(delay, this.signal);
			}
			const mayBeDone = delay === undefined ? failure.reason === 'foreign' : failure.status !== 429;
			const achieved = mayBeDone && !this.signal.aborted ? await request.recover?.() : undefined;
			if (achieved !== undefined) {
				return achieved;
			}
			if (delay === undefined) {
				throw this.sinch.explain(failure, request.itemIndex);
			}
		}
	}

	private recordFailure(failure: Failure, tries: number): void {
		// Kept once it ends the run: it is the reason for all items that follow.
		if (!this.hasGivenUp) {
			this.lastFailure = failure;
		}
		this.retries.recordFailure(failure, tries, performance.now());
		if (failure.status === 429) {
			this.tally.slowedDown++;
			// A longer wait affects this request only, not those of other executions.
			const holdMs = isTooLong(failure) ? 0 : failure.retryAfterMs;
			this.pace.slowDown(performance.now(), this.requestsPerSecond, holdMs);
		}
	}
}
