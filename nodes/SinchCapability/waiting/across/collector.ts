import type { IExecuteFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import type { CollectResponse } from './protocol';
import { MAX_HOLD_MS, processName } from './protocol';
import { createDeferred } from '../../shared/promises';
import type { Waiting, CollectProblem } from './collectClient';
import { CollectSession, presentProcesses } from './collectClient';
import type { Place } from './place';

/** How long an execution that may receive its answers itself waits before it asks other processes. */
const HEAD_START_MS = 1_000;

/** The interval of the search for further processes, which grows each time, in milliseconds. */
const MIN_PROBE_MS = 100;
const MAX_PROBE_MS = 5_000;
const PROBE_GROWTH = 3;

/** A request without a response after this time counts as held, in milliseconds. */
const HELD_AFTER_MS = 200;

/** How many more requests than known processes may be in flight: they find further processes. */
const MAX_SURPLUS = 2;

/** The pause after a failed request, and after one that a process did not hold, in milliseconds. */
const MIN_PAUSE_MS = 50;
const MAX_PAUSE_MS = 5_000;
const BUSY_PAUSE_MS = 500;

/** The shortest hold time of a request when something cuts long ones, in milliseconds. */
const MIN_HOLD_MS = 500;

const backoff = (tries: number): number => Math.min(MIN_PAUSE_MS * 2 ** tries, MAX_PAUSE_MS);

/**
 * Collects the answers of one execution from the processes of n8n that receive them. One request is
 * held at each process, and an occasional further one finds out whether there are more processes.
 */
export class Collector {
	private readonly session: CollectSession;

	/** Requests that are held or will be. */
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

	/** Why the latest attempt to collect answers failed, if it did. */
	get problem(): CollectProblem | undefined {
		return this.session.problem;
	}

	/** An id that shows every process that this execution waits for the answer. */
	createRequestId(now: number): string {
		return this.session.createRequestId(now);
	}

	/**
	 * Starts to collect, in parallel with the execution. Makes sure first that it is possible, before anything is
	 * asked, unless the answers may come to this process: then nothing can be in the way.
	 *
	 * @throws NodeOperationError saying why not
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
				// A load balancer needs some requests to return to the process that has just responded.
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

	/** Has one request held, for a shorter time when something in between cuts long ones. */
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
