import type { Timers } from './timers.mts';

/** Timers fire late; this much delay, in milliseconds, is made up for, so that the rate is kept. */
const TOLERANCE_MS = 20;

/** Runs jobs in order, at most `perSecond()` of them per second. */
export class PacedQueue {
	private readonly jobs: Array<() => void> = [];
	private nextAt = 0;
	private waiting = false;

	constructor(
		private readonly perSecond: () => number,
		private readonly timers: Timers,
	) {}

	push(job: () => void): void {
		this.jobs.push(job);
		if (this.waiting) return;
		this.nextAt = Math.max(this.nextAt, performance.now());
		this.drain();
	}

	private drain(): void {
		this.waiting = false;
		for (;;) {
			if (this.jobs.length === 0) return;
			const now = performance.now();
			if (this.nextAt > now) break;
			this.nextAt = Math.max(this.nextAt, now - TOLERANCE_MS) + 1000 / this.perSecond();
			this.jobs.shift()?.();
		}
		this.waiting = true;
		this.timers.after(this.nextAt - performance.now(), () => this.drain());
	}
}
