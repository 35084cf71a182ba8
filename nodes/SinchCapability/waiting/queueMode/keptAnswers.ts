import { ExpiringMap } from '../../shared/expiringMap';
import { createDeferred } from '../../shared/promises';
import type { CapabilityCallback } from '../../sinch/types';
import { MAX_SILENCE_MS } from './protocol';
import { readMark } from './requestId';

/** The most waits that are remembered; the oldest without answers is dropped first. */
const MAX_WAITS = 5_000;

/** The same for ended waits, each of which can have thousands of unanswered requests. */
const MAX_ENDED_WAITS = 200;

/** The most answers that are kept, over all waits. */
const MAX_ANSWERS = 1_000;

/** How long an ended wait recognizes repeats of its answers, and an inactive one keeps answers. */
const MAX_ENDED_MS = 10 * 60_000;
const MAX_KEPT_MS = 60_000;

/** The age of a request, as its ID shows it, from which an uncollected answer counts as not awaited. */
const MAX_UNCLAIMED_MS = 60_000;

/** An answer that this process has received for a wait in another one. */
export interface KeptAnswer {
	wait: RemoteWait;
	callback: CapabilityCallback;
	/** Of the request within the wait. */
	number: number;
	/** Of the answer among all that this process has kept, from 1. */
	position: number;
	/** Resolves when a response with it was sent, or with false when the wait ended without it. */
	collected: ReturnType<typeof createDeferred<boolean>>;
}

/** A wait in another process, as this one sees it. Its answers are sent until a later request confirms them. */
export class RemoteWait {
	/** When the waiting side last sent a request. */
	seenAt = -Infinity;

	isHeld = false;

	/** There was no room to hold its latest request. The next one comes after a pause, if the wait does not end before. */
	isBusy = false;

	/** The position of the latest answer, 0 without one. */
	latest = 0;

	/** The answers that the waiting side has not confirmed. */
	answers: readonly KeptAnswer[] = [];

	/** Resolves when an answer comes or the wait ends. */
	change = createDeferred();

	/** @param knownSince when this process first heard of the wait */
	constructor(readonly knownSince: number) {}

	isPresent(now: number): boolean {
		return now - this.seenAt <= MAX_SILENCE_MS;
	}

	keep(callback: CapabilityCallback, number: number, position: number): KeptAnswer {
		this.latest = position;
		const collected = createDeferred<boolean>();
		const answer = { wait: this, callback, number, position, collected };
		this.answers = [...this.answers, answer];
		this.change.resolve();
		this.change = createDeferred();
		return answer;
	}

	remove(answer: KeptAnswer): void {
		this.answers = this.answers.filter((one) => one !== answer);
	}

	/** @param position of the latest answer that has arrived at the waiting side, 0 for none */
	confirm(position: number): void {
		this.answers = this.answers.filter((answer) => answer.position > position);
	}

	end(isUnanswered: (number: number) => boolean): void {
		this.answers.forEach((answer) => answer.collected.resolve(!isUnanswered(answer.number)));
		this.answers = [];
		this.change.resolve();
	}
}

/** No wait elsewhere owns the answer, or its wait has it and is over, or there is no room for it now, or it is kept. */
export type Offer = 'notAwaited' | 'received' | 'full' | KeptAnswer;

/** The waits in other processes that this one knows of, with their answers. Times are in milliseconds. */
export class RemoteAnswers {
	private readonly waits = new Map<string, RemoteWait>();

	/** The numbers of the unanswered requests of each ended wait, in two bytes each. */
	private readonly ended = new ExpiringMap<Uint16Array>(MAX_ENDED_MS, MAX_ENDED_WAITS);

	/** Of the latest answer: one count for all waits, so that it never begins again for one that was forgotten. */
	private position = 0;

	/** @param startedAt when this process began to receive answers */
	constructor(private readonly startedAt: number) {}

	get keptAnswers(): number {
		return [...this.waits.values()].reduce((sum, { answers }) => sum + answers.length, 0);
	}

	get heldRequests(): number {
		return [...this.waits.values()].filter(({ isHeld }) => isHeld).length;
	}

	contact(mark: string, now: number): RemoteWait {
		const wait = this.waits.get(mark) ?? new RemoteWait(now);
		wait.seenAt = now;
		// Moved to the end, so that the first one is the one inactive for longest.
		this.waits.delete(mark);
		this.waits.set(mark, wait);
		this.forgetInactive(now);
		return wait;
	}

	/** A wait is over. @param unanswered its requests whose answers are still to start an execution */
	end(mark: string, unanswered: readonly number[], now: number): void {
		const numbers = Uint16Array.from(unanswered);
		this.waits.get(mark)?.end((number) => numbers.includes(number));
		this.waits.delete(mark);
		this.ended.set(mark, numbers, now);
	}

	/** Offers an answer. If it is kept, `remove` of its wait drops it again. */
	offer(callback: CapabilityCallback, instanceId: string, now: number, date: number): Offer {
		const marked = readMark(callback.capability_notification.request_id ?? '', instanceId);
		if (!marked) {
			return 'notAwaited';
		}
		const unanswered = this.ended.get(marked.mark, now);
		if (unanswered) {
			return unanswered.includes(marked.number) ? 'notAwaited' : 'received';
		}
		const wait = this.waits.get(marked.mark) ?? new RemoteWait(now);
		if (this.isAbandoned(wait, date - marked.createdAt, now)) {
			return 'notAwaited';
		}
		this.waits.set(marked.mark, wait);
		this.forgetInactive(now);
		return this.keptAnswers >= MAX_ANSWERS
			? 'full'
			: wait.keep(callback, marked.number, ++this.position);
	}

	/** Whether no one will collect: none was seen for a while, and this process has run for long enough to be found. */
	private isAbandoned(wait: RemoteWait, ageMs: number, now: number): boolean {
		const isOld = ageMs > MAX_UNCLAIMED_MS && now - this.startedAt > MAX_SILENCE_MS;
		return !wait.isPresent(now) && (isOld || now - wait.knownSince > MAX_SILENCE_MS);
	}

	/** Those inactive for longest come first, so the rest need not be checked. */
	private forgetInactive(now: number): void {
		for (const [mark, wait] of this.waits) {
			const isInactive = now - Math.max(wait.seenAt, wait.knownSince) > MAX_KEPT_MS;
			if (!isInactive && this.waits.size <= MAX_WAITS) {
				return;
			}
			if (isInactive || (wait.answers.length === 0 && !wait.isHeld)) {
				this.waits.delete(mark);
			}
		}
	}
}

export const remoteAnswers = new RemoteAnswers(performance.now());
