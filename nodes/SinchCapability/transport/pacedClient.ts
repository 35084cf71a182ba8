import { type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';

import { pause } from '../shared/promises';
import type { ApiClient, SinchClient, SinchRequest } from './client';
import type { Failure } from './explanations';
import { type Pace, paceOf } from '../pacing/requestPace';
import { MAX_RETRY_AFTER_MS, Retries } from './retry';

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
			const wait = this.pace.reserve(performance.now(), this.requestsPerSecond);
			this.hasWaited = wait > 0;
			await pause(wait, this.signal);
			if (this.signal.aborted) {
				// Never shown, because the first failure is.
				const { itemIndex } = request;
				throw new NodeOperationError(this.context.getNode(), 'The run has ended', { itemIndex });
			}
			if (this.lastFailure && this.retries.shouldGiveUp(performance.now())) {
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
		if (!this.retries.shouldGiveUp(performance.now())) {
			this.lastFailure = failure;
		}
		this.retries.recordFailure(failure, tries, performance.now());
		const { status, retryAfterMs = 0 } = failure;
		if (status === 429) {
			this.tally.slowedDown++;
			// A longer wait affects this request only, not those of other executions.
			const holdMs = retryAfterMs > MAX_RETRY_AFTER_MS ? 0 : retryAfterMs;
			this.pace.slowDown(performance.now(), this.requestsPerSecond, holdMs);
		}
	}
}
