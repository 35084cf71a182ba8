import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError, sleep } from 'n8n-workflow';

import type { CollectRequest, CollectResponse } from '../../results/collecting';
import { createKey, MAX_LINGER_MS, processName } from '../../results/collecting';
import { remoteAnswers } from '../../results/remoteAnswers';
import { createMarkedRequestId, markOf, readMark } from '../../sinch/requestId';
import type { CapabilityCallback } from '../../sinch/types';
import type { CollectProblem } from './collectResponse';
import { requestAnswers } from './collectResponse';
import { isVerified, noteResponse, presentProcesses } from './knownProcesses';

/** Attempts to reach an address before any query is sent, and the milliseconds between them. */
const FIRST_TRIES = 3;
const FIRST_PAUSE_MS = 300;

/** For each answer that is still to come, a response waits this long for more of them. */
const LINGER_PER_ANSWER_MS = 10;

/** With more open queries than this, their list is not sent to the other processes. */
const MAX_UNANSWERED = 10_000;

/** Attempts to notify each process that a wait is over: a load balancer can choose another process. */
const TRIES_PER_PROCESS = 4;
const EXTRA_TRIES = 2;

/** What a collector needs to know about its wait. */
export interface Waiting {
	/** Receives an answer. */
	accept(callback: CapabilityCallback): void;
	/** How many queries have no answer yet. */
	outstanding(): number;
}

/** What one wait says to the processes of n8n that receive its answers, under one key. */
export class CollectSession {
	/** The latest problem; undefined after a successful request. */
	problem: CollectProblem | undefined;

	private readonly key = createKey();

	private readonly mark = markOf(this.key);

	/** For each process, the number of the latest response received from it. */
	private readonly received = new Map<string, number>();

	private sentQueries = 0;

	private requests = 0;

	/** Requests for answers without a response so far. */
	private underWay = 0;

	/** Aborts what is held when the wait is over. */
	private readonly ending = new AbortController();

	/** @param targets webhook addresses of this n8n that Sinch posts to */
	constructor(
		private readonly context: IExecuteFunctions,
		private targets: readonly string[],
		private readonly waiting: Waiting,
	) {}

	get hasEnded(): boolean {
		return this.ending.signal.aborted;
	}

	/** How many processes have responded. */
	get processes(): number {
		return this.received.size;
	}

	/** An id that shows every process that this wait owns the answer. */
	createRequestId(now: number): string {
		return createMarkedRequestId(this.mark, this.sentQueries++, now);
	}

	/**
	 * Makes sure that answers can be collected.
	 *
	 * @throws NodeOperationError saying why not
	 */
	async verify(): Promise<void> {
		const failures: CollectProblem[] = [];
		const usable: string[] = [];
		for (const target of this.targets) {
			const failure = isVerified(target) ? undefined : await this.tryTarget(target);
			if (failure) {
				failures.push(failure);
			} else {
				usable.push(target);
			}
		}
		this.targets = usable;
		if (usable.length === 0) {
			throw new NodeOperationError(this.context.getNode(), failures[0].message, {
				description: `${failures[0].description} No query was sent.`,
			});
		}
	}

	/** Asks for answers. @param holdMs how long the request may be held, 0 for not at all */
	async ask(holdMs: number): Promise<CollectResponse | undefined> {
		return await this.send(this.nextTarget(), holdMs);
	}

	/**
	 * Ends the wait. The processes are notified in the background, so that the execution does not
	 * wait for them.
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
		this.underWay += 1;
		const { response, problem } = await requestAnswers(this.context, target, request, signal);
		this.underWay -= 1;
		this.problem = problem;
		if (response) {
			this.note(target, response);
		}
		return response;
	}

	private note(target: string, { process, number, answers }: CollectResponse): void {
		this.received.set(process, Math.max(number, this.received.get(process) ?? 0));
		noteResponse(target, process);
		answers.forEach((callback) => this.waiting.accept(callback));
	}

	/** Notifies every process that the load balancer can reach that the wait is over. */
	private async leave(unanswered: readonly number[]): Promise<void> {
		const toTell = new Set([...this.received.keys(), ...presentProcesses()]);
		toTell.delete(processName);
		// A request can be held by a process that has not responded yet, and so is not known.
		const hasUnknown = this.underWay > toTell.size;
		if ((toTell.size === 0 && !hasUnknown) || this.targets.length === 0) {
			return;
		}
		const maxTries = TRIES_PER_PROCESS * Math.max(toTell.size, this.underWay) + EXTRA_TRIES;
		const told = new Set<string>();
		for (let tries = 0; tries < maxTries; tries++) {
			const response = await this.send(this.nextTarget(), 0, { unanswered: [...unanswered] });
			const isTurnComplete = response !== undefined && told.has(response.process);
			if (response) {
				told.add(response.process);
				toTell.delete(response.process);
			}
			if (toTell.size === 0 && (isTurnComplete || (response && !hasUnknown))) {
				return;
			}
			await sleep(response ? 0 : FIRST_PAUSE_MS);
		}
	}
}
