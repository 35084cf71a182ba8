import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError, sleep } from 'n8n-workflow';

import type { CollectRequest, CollectResponse } from '../../results/collecting';
import {
	createKey,
	MAX_HOLD_MS,
	MAX_LINGER_MS,
	MAX_SILENCE_MS,
	processName,
} from '../../results/collecting';
import { remoteAnswers } from '../../results/remoteAnswers';
import { ExpiringMap } from '../../shared/expiringMap';
import { createMarkedRequestId, markOf, readMark } from '../../sinch/requestId';
import type { CapabilityCallback } from '../../sinch/types';
import type { Place } from './whereAnswersArrive';
import type { CollectProblem } from './collectResponse';
import { requestAnswers } from './collectResponse';

/** How long it is taken for granted that answers can be collected at an address. */
const MAX_VERIFIED_MS = 60_000;

/** The most addresses, and the most processes, that are remembered from one execution to the next. */
const MAX_REMEMBERED = 100;

/** Tries to reach an address before anything is asked, and the milliseconds between. */
const FIRST_TRIES = 3;
const FIRST_PAUSE_MS = 300;

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

/** For each answer that is still to come a response waits this long for more of them. */
const LINGER_PER_ANSWER_MS = 10;

/** With more open questions than this, processes are not told which ones are open. */
const MAX_UNANSWERED = 10_000;

/** The addresses at which answers could be collected lately. */
const verified = new ExpiringMap<true>(MAX_VERIFIED_MS, MAX_REMEMBERED);

/** The processes that responded lately, to any execution of this process. */
const present = new ExpiringMap<true>(MAX_SILENCE_MS, MAX_REMEMBERED);

/** What a collector needs of the wait that it collects for. */
interface Waiting {
	/** Takes an answer in. */
	accept(callback: CapabilityCallback): void;
	/** How many questions are without an answer. */
	outstanding(): number;
}

const presentNames = (): string[] => present.keys(Date.now());

const backoff = (tries: number): number => Math.min(MIN_PAUSE_MS * 2 ** tries, MAX_PAUSE_MS);

/**
 * Collects the answers of one execution from the processes of n8n that receive them. One request is
 * held at each process, and now and then a further one finds out whether there are more of them.
 */
export class Collector {
	/** The latest problem, undefined after a request that went well. */
	problem: CollectProblem | undefined;

	private readonly key = createKey();

	private readonly mark = markOf(this.key);

	/** For each process the number of its latest response that arrived. */
	private readonly received = new Map<string, number>();

	private questions = 0;

	private requests = 0;

	/** Requests that are held or are to be. */
	private lines = 0;

	private holdMs = MAX_HOLD_MS;

	/** Aborts what is held when the wait is over. */
	private readonly ending = new AbortController();

	/**
	 * @param targets webhook addresses of this n8n that Sinch posts to
	 */
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly place: Exclude<Place, 'here'>,
		private targets: readonly string[],
		private readonly waiting: Waiting,
	) {}

	/** An id by which any process sees that this execution waits for the answer. */
	createRequestId(now: number): string {
		return createMarkedRequestId(this.mark, this.questions++, now);
	}

	/**
	 * Makes sure that answers can be collected, before anything is asked. Where they come to is not known
	 * yet when they may come to this very process: then nothing stands in their way.
	 *
	 * @throws NodeOperationError saying what is in the way
	 */
	async verify(): Promise<void> {
		if (this.place === 'unknown') {
			return;
		}
		const failures: CollectProblem[] = [];
		const usable: string[] = [];
		for (const target of this.targets) {
			const failure = verified.get(target, Date.now()) ? undefined : await this.tryTarget(target);
			if (failure) {
				failures.push(failure);
			} else {
				usable.push(target);
			}
		}
		this.targets = usable;
		if (usable.length === 0) {
			throw new NodeOperationError(this.context.getNode(), failures[0].message, {
				description: `${failures[0].description} Nothing was asked.`,
			});
		}
	}

	/** Starts to collect, beside the execution. */
	start(): void {
		void this.run();
	}

	/**
	 * The wait is over. The processes are told in the background, so that the execution need not wait.
	 *
	 * @param openRequestIds requests whose answers are still to start a workflow
	 */
	end(openRequestIds: readonly string[]): void {
		this.ending.abort();
		const unanswered = openRequestIds.flatMap((id) => readMark(id)?.number ?? []);
		remoteAnswers.end(this.mark, unanswered, Date.now());
		if (unanswered.length <= MAX_UNANSWERED) {
			void this.leave(unanswered);
		}
	}

	private get hasEnded(): boolean {
		return this.ending.signal.aborted;
	}

	private async run(): Promise<void> {
		if (this.place === 'unknown' && !(await this.looksElsewhere())) {
			return;
		}
		void this.holdLine(false);
		let pause = MIN_PROBE_MS;
		let inVain = 0;
		while (true) {
			await sleep(pause);
			if (this.hasEnded) {
				return;
			}
			const isHeld = this.lines < presentNames().length + MAX_SURPLUS && (await this.probe());
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
		const known = presentNames().length;
		return inVain <= this.lines || (this.lines < known && inVain < 2 * known);
	}

	/** Gives this process its head start, then asks where requests to the address arrive. */
	private async looksElsewhere(): Promise<boolean> {
		await sleep(HEAD_START_MS);
		for (let tries = 1; !this.hasEnded; tries++) {
			const response = await this.send(this.nextTarget(), 0);
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
		while (!this.hasEnded) {
			const response = await this.collect();
			if (!response) {
				failures += 1;
				await sleep(backoff(failures));
			} else if (response.notHeld === 'taken') {
				inVain += 1;
				// A load balancer needs some tries to lead to the process whose response has just come.
				const surplus = inVain - 2 * this.received.size;
				if (isProbe || (surplus > MAX_SURPLUS && this.lines > 1)) {
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
		const response = await this.send(this.nextTarget(), holdMs);
		const tookMs = Date.now() - sentAt;
		if (!response && !this.hasEnded && tookMs >= MIN_HOLD_MS) {
			this.holdMs = Math.max(MIN_HOLD_MS, Math.min(holdMs, tookMs) / 2);
		}
		return response;
	}

	private nextTarget(): string {
		return this.targets[this.requests++ % this.targets.length];
	}

	private async tryTarget(target: string): Promise<CollectProblem | undefined> {
		for (let tries = 1; ; tries++) {
			if ((await this.send(target, 0)) || tries === FIRST_TRIES) {
				return this.problem;
			}
			await sleep(FIRST_PAUSE_MS);
		}
	}

	private async send(
		target: string,
		holdMs: number,
		leave?: CollectRequest['leave'],
	): Promise<CollectResponse | undefined> {
		const outstanding = this.waiting.outstanding();
		const lingerMs =
			holdMs > 0 && outstanding > 1
				? Math.min(MAX_LINGER_MS, LINGER_PER_ANSWER_MS * outstanding)
				: 0;
		const received = Object.fromEntries(this.received);
		const request = { key: this.key, holdMs: Math.floor(holdMs), lingerMs, received, leave };
		const signal = leave ? undefined : this.ending.signal;
		const { response, problem } = await requestAnswers(this.context, target, request, signal);
		this.problem = problem;
		if (response) {
			this.note(target, response);
		}
		return response;
	}

	private note(target: string, { process, number, answers }: CollectResponse): void {
		const now = Date.now();
		this.received.set(process, Math.max(number, this.received.get(process) ?? 0));
		verified.set(target, true, now);
		present.set(process, true, now);
		answers.forEach((callback) => this.waiting.accept(callback));
	}

	/** Tells every process that the wait is over, as far as the load balancer leads to them. */
	private async leave(unanswered: readonly number[]): Promise<void> {
		const toTell = new Set([...this.received.keys(), ...presentNames()]);
		toTell.delete(processName);
		if (toTell.size === 0 || this.targets.length === 0) {
			return;
		}
		// Those that this execution has not met may still get the answers.
		const maxTries = 2 * toTell.size + (unanswered.length > 0 ? MAX_SURPLUS : 0);
		for (let tries = 0; tries < maxTries; tries++) {
			const response = await this.send(this.nextTarget(), 0, { unanswered: [...unanswered] });
			toTell.delete(response?.process ?? '');
			if (toTell.size === 0 && unanswered.length === 0) {
				return;
			}
		}
	}
}
