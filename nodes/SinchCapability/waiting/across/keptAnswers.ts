import { readMark } from './requestId';
import type { CapabilityCallback } from '../../sinch/types';
import { MAX_SILENCE_MS } from './protocol';
import { createDeferred } from '../../shared/promises';

/** An answer that is kept for a wait in another process. */
export class KeptAnswer {
	private readonly end = createDeferred<boolean>();

	/** Resolves when a response with it was sent, or with false when the wait ended without it. */
	readonly collected = this.end.promise;

	/** @param number of the request within the wait */
	constructor(
		readonly callback: CapabilityCallback,
		readonly number: number,
	) {}

	setCollected(isCollected: boolean): void {
		this.end.resolve(isCollected);
	}
}

/** Answers in transit to the waiting side in one response. */
export interface Batch {
	number: number;
	answers: KeptAnswer[];
}

/**
 * One wait in another process, as the process that receives its answers sees it. An answer is kept
 * until a later request confirms the response that contained it. Times are milliseconds since 1970.
 */
export class RemoteWait {
	/** When the waiting side last sent a request. */
	seenAt = -Infinity;

	/** The numbers of the requests without an answer, once the wait is over. */
	unanswered: ReadonlySet<number> | undefined;

	/** Whether a request of the waiting side is held. */
	isHeld = false;

	private waiting: KeptAnswer[] = [];

	private underWay: Batch[] = [];

	private batches = 0;

	private news = createDeferred();

	/** @param knownSince when this process first heard of the wait */
	constructor(readonly knownSince: number) {}

	/** How many answers are kept, including those in transit. */
	get size(): number {
		return this.underWay.reduce((sum, { answers }) => sum + answers.length, this.waiting.length);
	}

	get hasAnswers(): boolean {
		return this.waiting.length > 0;
	}

	isPresent(now: number): boolean {
		return now - this.seenAt <= MAX_SILENCE_MS;
	}

	/** Resolves when an answer comes or the wait ends. */
	get nextNews(): Promise<void> {
		return this.news.promise;
	}

	keep(answer: KeptAnswer): void {
		this.waiting.push(answer);
		this.tell();
	}

	/** Removes an answer, unless it is in transit to the waiting side. */
	withdraw(answer: KeptAnswer): boolean {
		const before = this.waiting.length;
		this.waiting = this.waiting.filter((one) => one !== answer);
		return this.waiting.length < before;
	}

	/** All waiting answers, for one response. */
	take(): Batch {
		this.batches += 1;
		const batch = { number: this.batches, answers: this.waiting };
		this.waiting = [];
		if (batch.answers.length > 0) {
			this.underWay.push(batch);
		}
		return batch;
	}

	/**
	 * Forgets what was received. The rest is sent again; it may arrive twice, which is harmless.
	 *
	 * @param number of the latest response that arrived, 0 for none
	 */
	confirm(number: number): void {
		this.underWay = this.underWay.filter((batch) => batch.number > number);
		if (!this.isHeld) {
			this.underWay.forEach((batch) => this.putBack(batch));
		}
	}

	/** A response could not be sent. */
	putBack(batch: Batch): void {
		if (this.underWay.includes(batch)) {
			this.underWay = this.underWay.filter((one) => one !== batch);
			this.waiting.push(...batch.answers);
			this.tell();
		}
	}

	end(unanswered: ReadonlySet<number>): void {
		this.unanswered = unanswered;
		this.waiting.forEach((answer) => answer.setCollected(!unanswered.has(answer.number)));
		this.waiting = [];
		this.underWay = [];
		this.tell();
	}

	private tell(): void {
		this.news.resolve();
		this.news = createDeferred();
	}
}

/** The most waits that are remembered; the oldest without answers is dropped first. */
const MAX_WAITS = 5_000;

/** The most answers that are kept, over all waits. */
const MAX_ANSWERS = 1_000;

/** The most unanswered requests that are remembered, over all ended waits; the oldest waits go first. */
const MAX_UNANSWERED = 200_000;

/** How long an ended wait recognises repeats of its answers, and an inactive one keeps answers. */
const MAX_ENDED_MS = 10 * 60_000;
const MAX_KEPT_MS = 60_000;

/** The age of a request from which an uncollected answer counts as not awaited. */
const MAX_UNCLAIMED_MS = 60_000;

/**
 * What to do with an answer: nobody in another process waits for it, its wait is over and received it,
 * it is kept for its wait, or there is no room for it at the moment.
 */
export type Offer = 'notAwaited' | 'repeat' | 'full' | KeptFor;

/** An answer with the wait that it is kept for. */
export interface KeptFor {
	wait: RemoteWait;
	answer: KeptAnswer;
}

/** The answers that this process keeps for waits in other processes. Times are milliseconds since 1970. */
export class RemoteAnswers {
	private readonly waits = new Map<string, RemoteWait>();

	private held = 0;

	private unanswered = 0;

	/** @param startedAt when this process began to receive answers */
	constructor(private readonly startedAt: number) {}

	/** How many waits are known. */
	get size(): number {
		return this.waits.size;
	}

	/** How many answers are kept. */
	get keptAnswers(): number {
		return [...this.waits.values()].reduce((sum, { size }) => sum + size, 0);
	}

	/** How many unanswered requests of ended waits are remembered. */
	get unansweredRequests(): number {
		return this.unanswered;
	}

	/** How many requests of waiting sides are held. */
	get heldRequests(): number {
		return this.held;
	}

	/** Marks a wait's request as held until `release`. */
	hold(wait: RemoteWait): void {
		wait.isHeld = true;
		this.held += 1;
	}

	release(wait: RemoteWait): void {
		wait.isHeld = false;
		this.held -= 1;
	}

	/** The waiting side has sent a request. */
	contact(mark: string, now: number): RemoteWait {
		const wait = this.waits.get(mark) ?? new RemoteWait(now);
		wait.seenAt = now;
		// Moved to the end, so that the first one is the one inactive for longest.
		this.waits.delete(mark);
		this.waits.set(mark, wait);
		this.forgetSilent(now);
		return wait;
	}

	/**
	 * A wait is over.
	 *
	 * @param unanswered the numbers of its requests whose answers are still to start an execution
	 */
	end(mark: string, unanswered: readonly number[], now: number): void {
		const wait = this.contact(mark, now);
		this.unanswered -= wait.unanswered?.size ?? 0;
		wait.end(new Set(unanswered));
		this.unanswered += wait.unanswered?.size ?? 0;
		this.forgetSilent(now);
	}

	/** Offers an answer. If it is kept, `withdraw` removes it again. */
	offer(callback: CapabilityCallback, now: number): Offer {
		const marked = readMark(callback.capability_notification.request_id ?? '');
		if (!marked) {
			return 'notAwaited';
		}
		const wait = this.waits.get(marked.mark) ?? new RemoteWait(now);
		if (wait.unanswered) {
			return wait.unanswered.has(marked.number) ? 'notAwaited' : 'repeat';
		}
		if (this.isAbandoned(wait, marked.createdAt, now)) {
			return 'notAwaited';
		}
		this.waits.set(marked.mark, wait);
		this.forgetSilent(now);
		if (this.keptAnswers >= MAX_ANSWERS) {
			return 'full';
		}
		const answer = new KeptAnswer(callback, marked.number);
		wait.keep(answer);
		return { wait, answer };
	}

	/**
	 * Whether nobody will collect the answers of a wait: none was seen for a while, although this process
	 * has been running for long enough to be found.
	 */
	private isAbandoned(wait: RemoteWait, createdAt: number, now: number): boolean {
		const isOld = now - createdAt > MAX_UNCLAIMED_MS && now - this.startedAt > MAX_SILENCE_MS;
		return !wait.isPresent(now) && (isOld || now - wait.knownSince > MAX_SILENCE_MS);
	}

	/** Those inactive for longest come first, so the rest need not be checked. */
	private forgetSilent(now: number): void {
		for (const [mark, wait] of this.waits) {
			const silentMs = now - Math.max(wait.seenAt, wait.knownSince);
			const isTooMany = this.waits.size > MAX_WAITS || this.unanswered > MAX_UNANSWERED;
			if (!isTooMany && silentMs <= MAX_KEPT_MS) {
				return;
			}
			const isUseless = silentMs > (wait.size > 0 ? MAX_KEPT_MS : MAX_ENDED_MS);
			if (isUseless || (isTooMany && wait.size === 0)) {
				this.waits.delete(mark);
				this.unanswered -= wait.unanswered?.size ?? 0;
			}
		}
	}
}

/** The one store of this process. */
export const remoteAnswers = new RemoteAnswers(Date.now());
