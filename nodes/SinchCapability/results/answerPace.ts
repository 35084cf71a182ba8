import { createDeferred } from '../shared/deferred';
import { pause } from '../shared/pause';
import { receiverLoad } from './receiverLoad';

/** Sinch's default for an app, in answers per second. */
export const DEFAULT_ANSWERS_PER_SECOND = 25;

/** So many answers may be asked for at once after a while without questions: small runs do not wait. */
export const MAX_BURST = 25;

/** With more answers than this waiting for n8n, questions come more slowly, in proportion. */
const MAX_WAITING = 8;

/** What a late wake-up may catch up with, in milliseconds; more means that n8n has no time for more. */
const MAX_CATCH_UP_MS = 50;

/** What one question wants of the pace. */
export interface Turn {
	/** How many answers the question will have, one for each channel. */
	answers: number;
	answersPerSecond: number;
	/** Whether the answers come to this n8n; asked before the first wait only. */
	comeHere(): Promise<boolean>;
	/** Ends the wait at once. */
	signal: AbortSignal;
}

/**
 * Lets questions pass one after the other, no faster than their answers can be taken: as fast as Sinch
 * delivers answers, and more slowly while n8n is behind with those that have arrived.
 */
export class AnswerPace {
	private nextAt = 0;

	private last: Promise<void> = Promise.resolve();

	/** Resolves when the question may be sent, or at once when its run is over. */
	async wait({ answers, answersPerSecond, comeHere, signal }: Turn): Promise<void> {
		const previous = this.last;
		const own = createDeferred();
		this.last = own.promise;
		await previous;
		try {
			const msPerAnswer =
				(1000 / answersPerSecond) * Math.max(1, receiverLoad.waiting / MAX_WAITING);
			this.nextAt = Math.max(this.nextAt, Date.now() - MAX_BURST * msPerAnswer);
			const early = this.nextAt - Date.now();
			if (signal.aborted || (early > 0 && !(await comeHere()))) {
				return;
			}
			if (early > 0) {
				await pause(early, signal);
				this.nextAt = Math.max(this.nextAt, Date.now() - MAX_CATCH_UP_MS);
			}
			this.nextAt += answers * msPerAnswer;
		} finally {
			own.resolve();
		}
	}
}

const paces = new Map<string, AnswerPace>();

/** The pace that all executions of this process share for an app. */
export function answerPaceOf(appId: string): AnswerPace {
	const pace = paces.get(appId) ?? new AnswerPace();
	paces.set(appId, pace);
	return pace;
}
