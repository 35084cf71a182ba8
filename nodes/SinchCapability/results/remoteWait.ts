import { createDeferred } from '../shared/deferred';
import type { CapabilityCallback } from '../sinch/types';
import { MAX_SILENCE_MS } from './collecting';

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
