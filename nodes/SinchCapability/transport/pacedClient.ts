import type { IExecuteFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import type { ApiClient, SinchRequest } from './client';
import { SinchClient } from './client';
import { readFailure, toNodeError } from './errors';
import type { Pace } from './pace';
import { paceOf } from './pace';
import { Retries } from './retry';

/** Half of what Sinch allows a project, which leaves room for its other systems. */
export const DEFAULT_REQUESTS_PER_SECOND = 400;

/** What came of a run so far, for the hint at its end. */
export interface Tally {
	sent: number;
	retried: number;
	slowedDown: number;
}

/**
 * Sinch for many items: paces the requests of a project, tries again what may pass, and fetches one
 * token however many requests wait for it.
 */
export class PacedClient implements ApiClient {
	readonly tally: Tally = { sent: 0, retried: 0, slowedDown: 0 };

	private readonly pace: Pace;

	private readonly retries = new Retries();

	private lastError: unknown;

	private tokenRequest: Promise<unknown> | undefined;

	private constructor(
		private readonly context: IExecuteFunctions,
		private readonly client: SinchClient,
		private readonly requestsPerSecond: number,
	) {
		this.pace = paceOf(client.projectId);
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

	/**
	 * @param beforeRepeat asked before each further try: what an earlier one has achieved although its
	 * answer was lost, undefined for nothing
	 * @throws NodeApiError with Sinch's sentence and the way out
	 */
	async request<T>(request: SinchRequest, beforeRepeat?: () => Promise<T | undefined>): Promise<T> {
		for (let tries = 1; ; tries++) {
			await this.pause(this.pace.reserve(Date.now(), this.requestsPerSecond));
			if (this.retries.shouldGiveUp(Date.now())) {
				throw toNodeError(this.context.getNode(), this.lastError, request.itemIndex);
			}
			try {
				const answer = await this.sendWithToken<T>(request);
				this.retries.succeeded();
				this.pace.recover();
				return answer;
			} catch (error) {
				const delay = this.delayAfter(error, tries);
				if (delay === undefined) {
					throw toNodeError(this.context.getNode(), error, request.itemIndex);
				}
				this.tally.retried++;
				await this.pause(delay);
				const achieved = await beforeRepeat?.();
				if (achieved !== undefined) {
					return achieved;
				}
			}
		}
	}

	private delayAfter(error: unknown, tries: number): number | undefined {
		this.lastError = error;
		const failure = readFailure(error);
		if (failure.status === 429) {
			this.tally.slowedDown++;
			this.pace.slowDown(Date.now(), this.requestsPerSecond, failure.retryAfterMs);
		}
		return this.isCancelled
			? undefined
			: this.retries.delayAfter(failure, tries, Date.now(), Math.random());
	}

	/**
	 * n8n would fetch a token for each of the requests that find none, so one goes alone; the others
	 * share its token or its failure.
	 */
	private async sendWithToken<T>(request: SinchRequest): Promise<T> {
		if (this.client.hasToken) {
			return await this.send<T>(request);
		}
		if (this.tokenRequest) {
			await this.tokenRequest;
			return await this.send<T>(request);
		}
		this.client.dropToken();
		const first = this.send<T>(request);
		this.tokenRequest = first;
		try {
			return await first;
		} finally {
			this.tokenRequest = undefined;
		}
	}

	private async send<T>(request: SinchRequest): Promise<T> {
		this.tally.sent++;
		return await this.client.send<T>(request);
	}

	private get isCancelled(): boolean {
		return this.context.getExecutionCancelSignal()?.aborted ?? false;
	}

	/** Sleeps, but not past the end of a cancelled execution. */
	private async pause(ms: number): Promise<void> {
		const signal = this.context.getExecutionCancelSignal();
		if (ms <= 0 || signal?.aborted) {
			return;
		}
		let wake: () => void = () => {};
		const cancelled = new Promise<void>((resolve) => {
			wake = resolve;
		});
		signal?.addEventListener('abort', wake, { once: true });
		await Promise.race([sleep(ms), cancelled]);
		signal?.removeEventListener('abort', wake);
	}
}
