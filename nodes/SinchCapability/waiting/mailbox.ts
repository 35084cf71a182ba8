import { sleep } from 'n8n-workflow';

import { createDeferred } from '../shared/promises';
import { ExpiringMap } from '../shared/expiringMap';
import type { CapabilityCallback } from '../sinch/types';
import type { PendingQuery } from './pendingQuery';

/** How long an answer is kept for a query that is not known yet. */
const MAX_EARLY_MS = 5_000;

/** How long an ended query still recognizes repeats of its answers. */
const MAX_ENDED_MS = 10 * 60_000;

/** The most entries of either kind; the oldest goes first. */
const MAX_KEPT = 10_000;

const MAX_EARLY_PER_REQUEST = 100;

/** The longest delay after a deadline, in milliseconds. */
const LOOK_EVERY_MS = 50;

/** Matches queries with answers: the action registers its queries, the trigger delivers what arrives. */
export class Mailbox {
	private readonly open = new Map<string, PendingQuery>();
	private readonly ended = new ExpiringMap<PendingQuery>(MAX_ENDED_MS, MAX_KEPT);
	private readonly early = new ExpiringMap<CapabilityCallback[]>(MAX_EARLY_MS, MAX_KEPT);
	private arrival = createDeferred();

	register(pending: PendingQuery, now: number): void {
		this.open.set(pending.requestId, pending);
		this.early.get(pending.requestId, now)?.forEach((callback) => pending.accept(callback));
		this.early.delete(pending.requestId);
	}

	/** Continues under the id that Sinch gave the request, if it chose its own. */
	rename(pending: PendingQuery, requestId: string | undefined, now: number): void {
		// An ID that another open query has would give this one its answers.
		if (requestId && requestId !== pending.requestId && !this.open.has(requestId)) {
			this.open.delete(pending.requestId);
			pending.requestId = requestId;
			this.register(pending, now);
		}
	}

	close(pending: PendingQuery, now: number): void {
		if (this.open.delete(pending.requestId)) {
			this.ended.set(pending.requestId, pending, now);
		}
	}

	/** @returns whether a query waits for this answer, or has received it */
	deliver(callback: CapabilityCallback, now: number): boolean {
		const requestId = callback.capability_notification.request_id;
		if (!requestId) {
			return false;
		}
		const pending = this.open.get(requestId);
		if (pending?.accept(callback)) {
			this.arrival.resolve();
			this.arrival = createDeferred();
			return true;
		}
		if (this.ended.get(requestId, now)?.covers(callback)) {
			return true;
		}
		const early = this.early.get(requestId, now) ?? [];
		this.early.set(requestId, [...early, callback].slice(-MAX_EARLY_PER_REQUEST), now);
		return false;
	}

	async settle(queries: readonly PendingQuery[], signal?: AbortSignal): Promise<void> {
		const open = new Set(queries);
		while (!signal?.aborted) {
			const now = performance.now();
			for (const pending of open) {
				if (pending.isComplete || pending.deadline <= now) {
					this.close(pending, now);
					open.delete(pending);
				}
			}
			if (open.size === 0) {
				return;
			}
			await Promise.race([sleep(LOOK_EVERY_MS), this.arrival.promise]);
		}
	}
}

export const mailbox = new Mailbox();
