import type { IExecuteFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import type { CollectProblem, Waiting } from './collectClient';
import { CollectSession } from './collectClient';
import type { Place } from './place';
import type { CollectResponse } from './protocol';
import { MAX_HOLD_MS, processName } from './protocol';

/** How long an execution that may receive its answers itself waits before it asks other processes. */
const HEAD_START_MS = 1_000;

/** The pause after a request that was not held, which grows with each one, in milliseconds. */
const MIN_PAUSE_MS = 50;
const MAX_PAUSE_MS = 2_000;
const PAUSE_GROWTH = 3;

/** The shortest hold time of a request when a proxy closes long ones, in milliseconds. */
const MIN_HOLD_MS = 500;

/** @param tries without success so far, at least 1 */
const pauseAfter = (tries: number): number =>
	Math.min(MIN_PAUSE_MS * PAUSE_GROWTH ** (tries - 1), MAX_PAUSE_MS);

/**
 * Collects the answers of one execution from the processes of n8n that receive them. One request is
 * held at each process. One further request finds processes that are not known yet: a load balancer
 * decides where each request arrives.
 */
export class Collector {
	private readonly session: CollectSession;

	private loops = 0;

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
	 * Starts to collect, in parallel with the execution. First makes sure that answers can be
	 * collected, unless they may arrive in this process.
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
		if (this.place === 'elsewhere' || (await this.arriveElsewhere())) {
			this.startLoops();
		}
	}

	/** Gives this process its head start, then checks where requests to the address arrive. */
	private async arriveElsewhere(): Promise<boolean> {
		await sleep(HEAD_START_MS);
		for (let tries = 1; !this.session.hasEnded; tries++) {
			const response = await this.session.request(0);
			if (response) {
				return response.process !== processName;
			}
			await sleep(pauseAfter(tries));
		}
		return false;
	}

	/** One loop for each known process, and one to find others. */
	private startLoops(): void {
		while (this.loops <= this.session.processes) {
			this.loops += 1;
			void this.loop();
		}
	}

	/** Keeps one request held. The first one is not held, because its response names a process. */
	private async loop(): Promise<void> {
		await this.session.request(0);
		let unsuccessful = 0;
		while (!this.session.hasEnded) {
			this.startLoops();
			const response = await this.hold();
			unsuccessful = response && !response.notHeld ? 0 : unsuccessful + 1;
			await sleep(unsuccessful > 0 ? pauseAfter(unsuccessful) : 0);
		}
	}

	/** Has one request held, for a shorter time when a proxy closes long ones. */
	private async hold(): Promise<CollectResponse | undefined> {
		const { holdMs } = this;
		const sentAt = performance.now();
		const response = await this.session.request(holdMs);
		const tookMs = performance.now() - sentAt;
		if (!response && !this.session.hasEnded && tookMs >= MIN_HOLD_MS) {
			this.holdMs = Math.max(MIN_HOLD_MS, Math.min(holdMs, tookMs) / 2);
		}
		return response;
	}
}
