import type { CapabilityCallback } from '../sinch/types';
import type { Awaited } from './awaited';

/** How long an answer is kept for a question that is not known yet. */
const EARLY_MS = 5_000;

/** How long an ended question still recognises repeats of its answers. */
const ENDED_MS = 10 * 60_000;

/** The most entries of either kind; the oldest goes first. */
const MOST_KEPT = 10_000;

/** Entries that are forgotten by age and by number, oldest first. */
class Shelf<T> {
	private readonly entries = new Map<string, { value: T; at: number }>();

	constructor(private readonly maxAge: number) {}

	get size(): number {
		return this.entries.size;
	}

	put(key: string, value: T, now: number): void {
		this.entries.delete(key);
		this.entries.set(key, { value, at: now });
		for (const [oldest, { at }] of this.entries) {
			if (this.entries.size <= MOST_KEPT && now - at <= this.maxAge) {
				return;
			}
			this.entries.delete(oldest);
		}
	}

	get(key: string, now: number): T | undefined {
		const entry = this.entries.get(key);
		return entry && now - entry.at <= this.maxAge ? entry.value : undefined;
	}

	take(key: string, now: number): T | undefined {
		const value = this.get(key, now);
		this.entries.delete(key);
		return value;
	}
}

/**
 * Where a question meets its answers: the action registers what it asked, the trigger hands in what
 * arrives. Both nodes are in one process of n8n, or nothing ever arrives here.
 */
export class Mailbox {
	private readonly open = new Map<string, Awaited>();

	private readonly ended = new Shelf<Awaited>(ENDED_MS);

	private readonly early = new Shelf<CapabilityCallback[]>(EARLY_MS);

	private arrival = createArrival();

	/** The number of questions that are waited for. */
	get size(): number {
		return this.open.size;
	}

	/** Starts to collect; takes what came for this request before. */
	register(awaited: Awaited, now: number): void {
		this.open.set(awaited.requestId, awaited);
		this.early.take(awaited.requestId, now)?.forEach((callback) => awaited.accept(callback));
	}

	/** Goes on under the id that Sinch gave the request, where it chose one of its own. */
	rename(awaited: Awaited, requestId: string | undefined, now: number): void {
		if (requestId && requestId !== awaited.requestId) {
			this.open.delete(awaited.requestId);
			awaited.requestId = requestId;
			this.register(awaited, now);
		}
	}

	/** Ends a question, answered or not. */
	close(awaited: Awaited, now: number): void {
		if (this.open.delete(awaited.requestId)) {
			this.ended.put(awaited.requestId, awaited, now);
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
			this.arrival.signal();
			this.arrival = createArrival();
			return true;
		}
		if (this.ended.get(requestId, now)?.covers(callback)) {
			return true;
		}
		this.early.put(requestId, [...(this.early.get(requestId, now) ?? []), callback], now);
		return false;
	}

	/** Resolves when the next awaited answer has come. */
	async nextArrival(): Promise<void> {
		await this.arrival.promise;
	}
}

function createArrival() {
	let signal: () => void = () => {};
	const promise = new Promise<void>((resolve) => {
		signal = resolve;
	});
	return { promise, signal };
}

/** The one mailbox of this process. */
export const mailbox = new Mailbox();
