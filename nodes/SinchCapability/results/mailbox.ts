import { sleep } from 'n8n-workflow';

import { createDeferred } from '../shared/deferred';
import { ExpiringMap } from '../shared/expiringMap';
import type { CapabilityCallback } from '../sinch/types';
import type { PendingQuery } from './pendingQuery';

/** How long an answer is kept for a question that is not known yet. */
const MAX_EARLY_MS = 5_000;

/** How long an ended question still recognises repeats of its answers. */
const MAX_ENDED_MS = 10 * 60_000;

/** The most entries of either kind; the oldest goes first. */
const MAX_KEPT = 10_000;

/** The longest sleep, which is how late a deadline can be noticed, in milliseconds. */
const SLICE_MS = 50;

/** A question with the moment at which its wait is over, in milliseconds since 1970. */
export interface Wait {
	awaited: PendingQuery;
	deadline: number;
}

/**
 * Where a question meets its answers: the action registers what it asked, the trigger hands in what
 * arrives. Both nodes are in one process of n8n, or nothing ever arrives here.
 */
export class Mailbox {
	private readonly open = new Map<string, PendingQuery>();

	private readonly ended = new ExpiringMap<PendingQuery>(MAX_ENDED_MS, MAX_KEPT);

	private readonly early = new ExpiringMap<CapabilityCallback[]>(MAX_EARLY_MS, MAX_KEPT);

	private arrival = createDeferred();

	/** The number of questions that are waited for. */
	get size(): number {
		return this.open.size;
	}

	/** Starts to collect; takes what came for this request before. */
	register(awaited: PendingQuery, now: number): void {
		this.open.set(awaited.requestId, awaited);
		this.early.take(awaited.requestId, now)?.forEach((callback) => awaited.accept(callback));
	}

	/** Goes on under the id that Sinch gave the request, where it chose one of its own. */
	rename(awaited: PendingQuery, requestId: string | undefined, now: number): void {
		if (requestId && requestId !== awaited.requestId) {
			this.open.delete(awaited.requestId);
			awaited.requestId = requestId;
			this.register(awaited, now);
		}
	}

	/** Ends a question, answered or not. */
	close(awaited: PendingQuery, now: number): void {
		if (this.open.delete(awaited.requestId)) {
			this.ended.set(awaited.requestId, awaited, now);
		}
	}

	/** @returns whether somebody waits for this answer, or has had it */
	deliver(callback: CapabilityCallback, now: number): boolean {
		const requestId = callback.capability_notification.request_id;
		if (!requestId) {
			return false;
		}
		const awaited = this.open.get(requestId);
		if (awaited) {
			awaited.accept(callback);
			this.arrival.resolve();
			this.arrival = createDeferred();
			return true;
		}
		if (this.ended.get(requestId, now)?.covers(callback)) {
			return true;
		}
		this.early.set(requestId, [...(this.early.get(requestId, now) ?? []), callback], now);
		return false;
	}

	/** Resolves when every question has its answers, its time is up, or the execution is cancelled. */
	async settle(waits: Wait[], signal?: AbortSignal): Promise<void> {
		let open = waits;
		let slice: Promise<void> | undefined;
		while (!signal?.aborted) {
			const now = Date.now();
			const stillOpen: Wait[] = [];
			for (const wait of open) {
				if (!wait.awaited.isComplete && wait.deadline > now) {
					stillOpen.push(wait);
				} else {
					this.close(wait.awaited, now);
				}
			}
			open = stillOpen;
			if (open.length === 0) {
				return;
			}
			slice ??= sleep(SLICE_MS).then(() => {
				slice = undefined;
			});
			await Promise.race([slice, this.nextArrival()]);
		}
	}

	/** Resolves when the next awaited answer has come. */
	async nextArrival(): Promise<void> {
		await this.arrival.promise;
	}
}

/** The one mailbox of this process. */
export const mailbox = new Mailbox();
