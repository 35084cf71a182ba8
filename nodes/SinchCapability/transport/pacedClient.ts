import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { pause } from '../shared/pause';
import type { ApiClient, Recovery, Sent, SinchRequest } from './client';
import { SinchClient } from './client';
import type { Failure } from './errors';
import { readFailure } from './errors';
import type { Pace } from './pace';
import { paceOf } from './pace';
import { MAX_RETRY_AFTER_MS, Retries } from './retry';

/** Half of Sinch's limit for a project, which leaves room for its other systems. */
export const DEFAULT_REQUESTS_PER_SECOND = 400;

/** The figures of a run so far, for the hint at its end. */
export interface Tally {
	retried: number;
	slowedDown: number;
}

/**
 * Sinch for many items: paces the requests of a project, retries what can succeed, and fetches one
 * token however many requests wait for it.
 */
export class PacedClient implements ApiClient {
	readonly tally: Tally = { retried: 0, slowedDown: 0 };

	private readonly pace: Pace;

	private readonly retries = new Retries();

	private hasWaited = true;

	private lastError: unknown;

	private tokenRequest: Promise<Sent<unknown>> | undefined;

	/** Aborted when the run ends early: by `stop`, or because it was cancelled. */
	readonly signal: AbortSignal;

	private readonly over = new AbortController();

	private constructor(
		private readonly context: IExecuteFunctions,
		private readonly client: SinchClient,
		private readonly requestsPerSecond: number,
	) {
		this.pace = paceOf(client.projectId);
		const cancelSignal = context.getExecutionCancelSignal();
		this.signal = AbortSignal.any([this.over.signal, ...(cancelSignal ? [cancelSignal] : [])]);
	}

	static async create(
		context: IExecuteFunctions,
		requestsPerSecond = DEFAULT_REQUESTS_PER_SECOND,
	): Promise<PacedClient> {
		return new PacedClient(context, await SinchClient.create(context), requestsPerSecond);
	}

	get projectId(): string {
		return this.client.projectId;
	}

	get appId(): string {
		return this.client.appId;
	}

	/** Whether responses, and not the pace, limit the rate: more requests at a time would help. */
	get isBehind(): boolean {
		return !this.hasWaited && !this.pace.isRefused;
	}

	/** Sends nothing more: neither queued requests nor retries. */
	stop(): void {
		this.over.abort();
	}

	/** @throws NodeApiError with Sinch's message and what to do about it */
	async request<T>(request: SinchRequest<T>, { recover }: Recovery<T> = {}): Promise<T> {
		for (let tries = 1; ; tries++) {
			const wait = this.pace.reserve(Date.now(), this.requestsPerSecond);
			this.hasWaited = wait > 0;
			await pause(wait, this.signal);
			this.requireRunning(request.itemIndex);
			if (this.retries.shouldGiveUp(Date.now())) {
				throw this.client.explain(this.lastError, request.itemIndex);
			}
			const sent = await this.sendWithToken(request);
			if ('response' in sent) {
				this.retries.succeeded();
				this.pace.recover();
				return sent.response;
			}
			const failure = readFailure(sent.error);
			const delay = this.delayAfter(sent.error, failure, tries);
			if (delay !== undefined) {
				this.tally.retried++;
				await pause(delay, this.signal);
			}
			const mayBeDone = delay === undefined ? failure.isForeign : failure.status !== 429;
			const achieved = mayBeDone && !this.signal.aborted ? await recover?.() : undefined;
			if (achieved !== undefined) {
				return achieved;
			}
			if (delay === undefined) {
				throw this.client.explain(sent.error, request.itemIndex);
			}
		}
	}

	private delayAfter(error: unknown, failure: Failure, tries: number): number | undefined {
		// Kept once it ends the run: it is the reason for all items that follow.
		if (!this.retries.shouldGiveUp(Date.now())) {
			this.lastError = error;
		}
		const { status, retryAfterMs = 0 } = failure;
		if (status === 429) {
			this.tally.slowedDown++;
			// A longer wait affects this request only, not those of other executions.
			const holdMs = retryAfterMs > MAX_RETRY_AFTER_MS ? 0 : retryAfterMs;
			this.pace.slowDown(Date.now(), this.requestsPerSecond, holdMs);
		}
		return this.signal.aborted
			? undefined
			: this.retries.delayAfter(failure, tries, Date.now(), Math.random());
	}

	/**
	 * n8n would fetch a token for each request that finds none, so one goes first; the others
	 * share its token or its failure.
	 */
	private async sendWithToken<T>(request: SinchRequest<T>): Promise<Sent<T>> {
		if (this.client.hasToken) {
			return await this.client.send(request);
		}
		if (this.tokenRequest) {
			const first = await this.tokenRequest;
			this.requireRunning(request.itemIndex);
			return 'error' in first && !this.client.hasToken ? first : await this.client.send(request);
		}
		this.client.dropToken();
		const first = this.client.send(request);
		this.tokenRequest = first;
		try {
			return await first;
		} finally {
			this.tokenRequest = undefined;
		}
	}

	/** @throws NodeOperationError after the end of the run; never shown, because the first failure is */
	private requireRunning(itemIndex?: number): void {
		if (this.signal.aborted) {
			throw new NodeOperationError(this.context.getNode(), 'The run has ended', { itemIndex });
		}
	}
}
