import { pause, untilAborted, createDeferred } from '../shared/promises';

/**
 * The answers that this process has received and n8n has not accepted yet. The trigger keeps the
 * number, and the pace of new queries depends on it.
 */
class ReceiverLoad {
	private count = 0;

	get waiting(): number {
		return this.count;
	}

	/** @param change of the number; negative when n8n has accepted answers */
	add(change: number): void {
		this.count += change;
	}
}

export const receiverLoad = new ReceiverLoad();

/** Sinch's default for an app, in answers per second. */
export const DEFAULT_ANSWERS_PER_SECOND = 25;

/** After a pause, this many answers can be requested at once, so that small runs do not wait. */
export const MAX_BURST = 25;

/** With more answers than this waiting for n8n, queries are sent more slowly, in proportion. */
const MAX_WAITING = 8;

/** How much a late timer can catch up, in milliseconds; a longer delay means that n8n is busy. */
const MAX_CATCH_UP_MS = 50;

/** With timers later than this on average, in milliseconds, queries are sent more slowly, in proportion. */
const MAX_LATENESS_MS = 200;

/** The weight of the latest timer in that average. */
const WEIGHT = 0.25;

/** One query's request for its turn. */
export interface Turn {
	/** How many answers the query will have, one for each channel. */
	answers: number;
	answersPerSecond: number;
	/** Whether the answers come to this n8n; asked before the first wait only. */
	comeHere(): Promise<boolean>;
	/** Ends the wait at once. */
	signal: AbortSignal;
}

/**
 * Lets queries pass one after the other, no faster than their answers can be processed: as fast as Sinch
 * delivers answers, and more slowly while n8n is behind.
 */
export class AnswerPace {
	private nextAt = 0;

	private last: Promise<void> = Promise.resolve();

	/** Of this process's timers: it shows how far n8n is behind with what it has received. */
	private latenessMs = 0;

	/** Resolves when the query may be sent, or at once when its run is over. */
	async wait({ answers, answersPerSecond, comeHere, signal }: Turn): Promise<void> {
		const previous = this.last;
		const own = createDeferred();
		this.last = own.promise;
		await untilAborted(previous, signal);
		if (signal.aborted) {
			void previous.then(() => own.resolve());
			return;
		}
		try {
			const msPerAnswer = (1000 / answersPerSecond) * this.slowness();
			this.nextAt = Math.max(this.nextAt, Date.now() - MAX_BURST * msPerAnswer);
			const early = this.nextAt - Date.now();
			if (early > 0 && !(await comeHere())) {
				return;
			}
			if (early > 0) {
				await pause(early, signal);
				this.latenessMs += WEIGHT * (Math.max(0, Date.now() - this.nextAt) - this.latenessMs);
				this.nextAt = Math.max(this.nextAt, Date.now() - MAX_CATCH_UP_MS);
			}
			this.nextAt += answers * msPerAnswer;
		} finally {
			own.resolve();
		}
	}

	/** 1 while n8n keeps up. */
	private slowness(): number {
		return Math.max(1, receiverLoad.waiting / MAX_WAITING, this.latenessMs / MAX_LATENESS_MS);
	}
}

const paces = new Map<string, AnswerPace>();

/** The rate limiter that all executions of this process share for an app. */
export function answerPaceOf(appId: string): AnswerPace {
	const pace = paces.get(appId) ?? new AnswerPace();
	paces.set(appId, pace);
	return pace;
}
