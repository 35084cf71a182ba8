import type { IExecuteFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import type { CollectResponse } from '../../results/collecting';
import { MAX_HOLD_MS, processName } from '../../results/collecting';
import { createDeferred } from '../../shared/deferred';
import type { CollectProblem } from './collectResponse';
import type { Waiting } from './collectSession';
import { CollectSession, presentProcesses } from './collectSession';
import type { Place } from './whereAnswersArrive';

/** How long an execution that may receive its answers itself waits for one before it looks elsewhere. */
const HEAD_START_MS = 1_000;

/** How often a further process is looked for, more rarely each time, in milliseconds. */
const MIN_PROBE_MS = 100;
const MAX_PROBE_MS = 5_000;
const PROBE_GROWTH = 3;

/** A request without a response after this time counts as held, in milliseconds. */
const HELD_AFTER_MS = 200;

/** How many requests more than known processes may be under way: they find the next ones. */
const MAX_SURPLUS = 2;

/** Pauses after a failed request, and after one that a process did not hold, in milliseconds. */
const MIN_PAUSE_MS = 50;
const MAX_PAUSE_MS = 5_000;
const BUSY_PAUSE_MS = 500;

/** The shortest time to have a request held, where something cuts long ones, in milliseconds. */
const MIN_HOLD_MS = 500;

const backoff = (tries: number): number => Math.min(MIN_PAUSE_MS * 2 ** tries, MAX_PAUSE_MS);

/**
 * Collects the answers of one execution from the processes of n8n that receive them. One request is
 * held at each process, and now and then a further one finds out whether there are more of them.
 */
export class Collector {
	private readonly session: CollectSession;

	/** Requests that are held or are to be. */
	private lines = 0;

	/** Resolves when a request has not found its way back to a process, which is looked for again at once. */
	private lineLost = createDeferred();

	private holdMs = MAX_HOLD_MS;

	/** @param targets webhook addresses of this n8n that Sinch posts to */
	constructor(
		context: IExecuteFunctions,
		private readonly place: Exclude<Place, 'here'>,
		targets: readonly string[],
		waiting: Waiting,
	) {
		this.session = new CollectSession(context, targets, waiting);
	}

	/** Why answers could not be collected lately, if it is so. */
	get problem(): CollectProblem | undefined {
		return this.session.problem;
	}

	/** An id by which any process sees that this execution waits for the answer. */
	createRequestId(now: number): string {
		return this.session.createRequestId(now);
	}

	/**
	 * Starts to collect, beside the execution. Makes sure first that it is possible, before anything is
	 * asked, unless the answers may come to this very process: then nothing stands in their way.
	 *
	 * @throws NodeOperationError saying what is in the way
	 */
	async start(): Promise<void> {
		if (this.place === 'elsewhere') {
			await this.session.verify();
		}
		void this.run();
	}

	/** @param openRequestIds requests whose answers are still to start a workflow */
	end(openRequestIds: readonly string[]): void {
		this.session.end(openRequestIds);
	}

	private async run(): Promise<void> {
		if (this.place === 'unknown' && !(await this.looksElsewhere())) {
			return;
		}
		void this.holdLine(false);
		let pause = MIN_PROBE_MS;
		let inVain = 0;
		while (true) {
			const isLineLost = await Promise.race([
				sleep(pause).then(() => false),
				this.lineLost.promise.then(() => true),
			]);
			if (this.session.hasEnded) {
				return;
			}
			if (isLineLost) {
				this.lineLost = createDeferred();
				pause = MIN_PROBE_MS;
				inVain = 0;
			}
			const isHeld = this.lines < presentProcesses().length + MAX_SURPLUS && (await this.probe());
			inVain = isHeld ? 0 : inVain + 1;
			pause = this.mayFindMore(inVain)
				? MIN_PROBE_MS
				: Math.min(pause * PROBE_GROWTH, MAX_PROBE_MS);
		}
	}

	/**
	 * Whether the next probe should follow soon: a load balancer that takes turns has not led to every
	 * process yet, or a known one has no request.
	 */
	private mayFindMore(inVain: number): boolean {
		const known = presentProcesses().length;
		return inVain <= this.lines || (this.lines < known && inVain < 2 * known);
	}

	/** Gives this process its head start, then asks where requests to the address arrive. */
	private async looksElsewhere(): Promise<boolean> {
		await sleep(HEAD_START_MS);
		for (let tries = 1; !this.session.hasEnded; tries++) {
			const response = await this.session.ask(0);
			if (response) {
				return response.process !== processName;
			}
			await sleep(backoff(tries));
		}
		return false;
	}

	/** @returns whether a process without a request of this wait was found */
	private async probe(): Promise<boolean> {
		const ended = this.holdLine(true).then(() => false);
		return await Promise.race([ended, sleep(HELD_AFTER_MS).then(() => true)]);
	}

	/** Keeps one request held. A probe ends when the process that it meets holds one already. */
	private async holdLine(isProbe: boolean): Promise<void> {
		this.lines += 1;
		let failures = 0;
		let inVain = 0;
		while (!this.session.hasEnded) {
			const response = await this.collect();
			if (!response) {
				failures += 1;
				await sleep(backoff(failures));
			} else if (response.notHeld === 'taken') {
				inVain += 1;
				// A load balancer needs some tries to lead to the process whose response has just come.
				const surplus = inVain - 2 * this.session.processes;
				if (isProbe) {
					break;
				}
				if (surplus > MAX_SURPLUS && this.lines > 1) {
					this.lineLost.resolve();
					break;
				}
				await sleep(surplus > 0 ? backoff(surplus) : 0);
			} else {
				isProbe = false;
				failures = 0;
				inVain = 0;
				await sleep(response.notHeld === 'busy' ? BUSY_PAUSE_MS : 0);
			}
		}
		this.lines -= 1;
	}

	/** Has one request held, for a shorter time where something in between cuts long ones. */
	private async collect(): Promise<CollectResponse | undefined> {
		const { holdMs } = this;
		const sentAt = Date.now();
		const response = await this.session.ask(holdMs);
		const tookMs = Date.now() - sentAt;
		if (!response && !this.session.hasEnded && tookMs >= MIN_HOLD_MS) {
			this.holdMs = Math.max(MIN_HOLD_MS, Math.min(holdMs, tookMs) / 2);
		}
		return response;
	}
}
