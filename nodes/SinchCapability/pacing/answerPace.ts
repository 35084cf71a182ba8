import { memoize } from '../shared/memoize';
import { pause, untilAborted } from '../shared/promises';
import type { CapabilityCallback } from '../sinch/types';
import { AnswerWindow } from './answerWindow';

/** Sinch's default for an app, in answers per second. */
export const DEFAULT_ANSWERS_PER_SECOND = 25;

/** After a pause, this many answers can be requested at once, so that small runs do not wait. */
export const MAX_BURST = 25;

/** How much a late timer can catch up, in milliseconds. */
const MAX_CATCH_UP_MS = 50;

export interface Turn {
	requestId: string;
	/** How many the query will have, one for each channel. */
	answers: number;
	answersPerSecond: number;
	/** Whether a workflow of this n8n receives the answers; called only when the query would have to wait. */
	hasListener(): Promise<boolean>;
	/** Whether they arrive in another process, where this one cannot count them. */
	arriveElsewhere: boolean;
	/** Ends the wait at once. */
	signal: AbortSignal;
}

/** Lets queries pass one by one: no faster than Sinch delivers answers, and as many as the window allows. */
export class AnswerPace {
	readonly window = new AnswerWindow();
	private nextAt = -Infinity;
	private last: Promise<void> = Promise.resolve();

	/** Resolves when the query may be sent, or at once when its run is over. */
	async wait(turn: Turn): Promise<void> {
		const own = this.last.then(async () => await this.take(turn));
		this.last = own.catch(() => {});
		await untilAborted(own, turn.signal);
	}

	private async take(turn: Turn): Promise<void> {
		const { requestId, answers, answersPerSecond, arriveElsewhere, signal } = turn;
		if (signal.aborted) {
			return;
		}
		const msPerAnswer = 1000 / answersPerSecond;
		this.nextAt = Math.max(this.nextAt, performance.now() - MAX_BURST * msPerAnswer);
		const early = this.nextAt - performance.now();
		const isFull = !arriveElsewhere && this.window.isFull(answersPerSecond, performance.now());
		if ((early > 0 || isFull) && !(await turn.hasListener())) {
			return;
		}
		if (early > 0) {
			await pause(early, signal);
			this.nextAt = Math.max(this.nextAt, performance.now() - MAX_CATCH_UP_MS);
		}
		this.nextAt += answers * msPerAnswer;
		if (!arriveElsewhere) {
			await this.window.untilFree(answersPerSecond, signal);
			// A run that has ended goes on without its turn, and takes nothing off the window any more.
			if (!signal.aborted) {
				this.window.add(requestId, answers, performance.now());
			}
		}
	}
}

const paces = new Map<string, AnswerPace>();

/** The rate limiter that all executions of this process share for an app, by its ID. */
export const answerPaceOf = memoize(() => new AnswerPace(), paces);

/** Takes a genuine answer, which this process has received, off those that are outstanding. */
export function noteAnswer({ capability_notification }: CapabilityCallback): void {
	for (const { window } of paces.values()) {
		window.note(capability_notification, performance.now());
	}
}
