import { type IExecuteFunctions, NodeOperationError, sleep } from 'n8n-workflow';

import { ExpiringMap } from '../../shared/expiringMap';
import { createSecret, PUBLISH_TRIGGER } from '../../shared/webhookAddresses';
import type { CapabilityCallback } from '../../sinch/types';
import { listeningAt } from '../listening';
import { type CollectProblem, requestAnswers } from './collectClient';
import { remoteAnswers } from './keptAnswers';
import type { Place } from './place';
import type { CollectRequest, CollectResponse } from './protocol';
import { MAX_HOLD_MS, MAX_LINGER_MS, MAX_PAUSE_MS, MAX_SILENCE_MS, processName } from './protocol';
import { createMarkedRequestId, markOf, readMark } from './requestId';

/** How long an execution that may receive its answers itself waits before it asks other processes. */
const HEAD_START_MS = 1_000;

/** The first pause after a request without success, in milliseconds; it grows with each one. */
const MIN_PAUSE_MS = 50;
const PAUSE_GROWTH = 3;

const longerPause = (pauseMs: number): number => Math.min(pauseMs * PAUSE_GROWTH, MAX_PAUSE_MS);

/** For each answer that is still to come, a response waits this long for more of them. */
const LINGER_PER_ANSWER_MS = 10;

/** Attempts to reach an address before any query is sent, and the milliseconds between them. */
const FIRST_TRIES = 3;
const FIRST_PAUSE_MS = 300;

/** With more open queries than this, their list is not sent to the other processes. */
const MAX_UNANSWERED = 10_000;

/** Attempts to notify each process that a wait is over: a load balancer can choose another process. */
const TRIES_PER_PROCESS = 4;
const EXTRA_TRIES = 2;

const FOREIGN_ID: CollectProblem = {
	message: 'Sinch has registered the query under a different request ID from the one that was sent',
	description:
		'Where another process of n8n receives the answers, Check Reachability and Wait recognizes them by this ID, so it cannot collect them. They start the workflow of the trigger. Use the operation Check Reachability instead.',
};

const NO_TRIGGER: CollectProblem = {
	message: 'No published workflow with a Sinch Capability Trigger receives the answers of this app',
	description: `In queue mode, Check Reachability and Wait collects its answers from that trigger, and a Webhook node keeps none for it. ${PUBLISH_TRIGGER}`,
};

/** The processes that have responded recently, to any execution of this process. */
const present = new ExpiringMap<true>(MAX_SILENCE_MS, 100);

export interface Waiting {
	accept(callback: CapabilityCallback): void;
	/** How many queries have no answer yet. */
	outstanding(): number;
}

/**
 * Collects the answers of one execution from the processes of n8n that receive them: one request is
 * held at each process. Further requests find processes that are not known yet, because a load balancer
 * decides where each request arrives.
 */
export class Collector {
	/** Of the latest request; undefined after a successful one. */
	private latestProblem: CollectProblem | undefined;

	private readonly key = createSecret();
	private readonly mark = markOf(this.key);
	private readonly instanceId = this.context.getInstanceId();

	/** For each process, the position of the latest answer received from it. */
	private readonly received = new Map<string, number>();

	private sentQueries = 0;
	private hasForeignId = false;
	private requests = 0;

	/** Requests without a response so far. */
	private pending = 0;

	/** How many requests are to be held at a time. */
	private holding = 0;

	private readonly ending = new AbortController();

	/** @param targets addresses of triggers in this n8n that Sinch posts to */
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly place: Exclude<Place, 'here'>,
		private targets: readonly string[],
		private readonly waiting: Waiting,
	) {}

	get problem(): CollectProblem | undefined {
		return this.hasForeignId && this.holding > 0 ? FOREIGN_ID : this.latestProblem;
	}

	/** An id that shows every process that this execution waits for the answer. */
	createRequestId(now: number): string {
		return createMarkedRequestId(this.mark, this.sentQueries++, this.instanceId, now);
	}

	/** Remembers under which ID Sinch has registered a query. @throws NodeOperationError for one of another wait */
	noteRegistered(requestId: string, itemIndex: number): void {
		this.hasForeignId ||= readMark(requestId, this.instanceId)?.mark !== this.mark;
		if (this.hasForeignId && this.place === 'elsewhere') {
			throw this.errorOf(FOREIGN_ID, itemIndex);
		}
	}

	/**
	 * Starts to collect, in parallel with the execution. First makes sure that answers can be
	 * collected, unless they may arrive in this process. @throws NodeOperationError saying why not
	 */
	async start(): Promise<void> {
		if (this.place === 'elsewhere') {
			await this.verify();
			this.holdAtEach();
		}
		void this.search(this.place === 'elsewhere' ? MIN_PAUSE_MS : HEAD_START_MS);
	}

	/**
	 * Ends the wait. The processes are notified in the background, so that the execution does not
	 * wait for them. @param openRequestIds requests whose answers are still to start a workflow
	 */
	end(openRequestIds: readonly string[]): void {
		this.ending.abort();
		const unanswered = openRequestIds.flatMap((id) => readMark(id, this.instanceId)?.number ?? []);
		remoteAnswers.end(this.mark, unanswered, performance.now());
		if (unanswered.length <= MAX_UNANSWERED) {
			void this.notifyEnd(unanswered);
		}
	}

	private errorOf({ message, description }: CollectProblem, itemIndex?: number) {
		return new NodeOperationError(this.context.getNode(), message, { description, itemIndex });
	}

	private async verify(): Promise<void> {
		const usable: string[] = [];
		let failure: CollectProblem | undefined;
		for (const target of this.targets) {
			if (await this.canCollectAt(target)) {
				usable.push(target);
			} else {
				failure ??= this.latestProblem;
			}
		}
		this.targets = usable;
		if (usable.length === 0) {
			const { message, description } = failure ?? NO_TRIGGER;
			throw this.errorOf({ message, description: `${description} No query was sent.` });
		}
	}

	private async canCollectAt(target: string): Promise<boolean> {
		if ((await listeningAt(this.context, { target, kind: 'trigger' })) === 'yes') {
			return true;
		}
		for (let tries = 1; !(await this.request(0, undefined, target)); tries++) {
			if (tries === FIRST_TRIES) {
				return false;
			}
			await sleep(FIRST_PAUSE_MS);
		}
		return true;
	}

	/** Finds processes, and less often the longer no further one is found. */
	private async search(firstPauseMs: number): Promise<void> {
		let pauseMs = firstPauseMs;
		for (;;) {
			await sleep(pauseMs);
			if (this.ending.signal.aborted) {
				return;
			}
			const known = this.received.size;
			const response = await this.request(0);
			if (response?.process === processName) {
				return;
			}
			if (response) {
				this.holdAtEach();
			}
			pauseMs = this.received.size > known ? MIN_PAUSE_MS : longerPause(pauseMs);
		}
	}

	/** Has as many requests held as processes have responded. */
	private holdAtEach(): void {
		while (this.holding < Math.max(1, this.received.size)) {
			this.holding += 1;
			void this.keepHeld();
		}
	}

	private async keepHeld(): Promise<void> {
		let pauseMs = MIN_PAUSE_MS;
		while (!this.ending.signal.aborted) {
			const response = await this.request(MAX_HOLD_MS);
			if (response && !response.notHeld) {
				pauseMs = MIN_PAUSE_MS;
			} else {
				await sleep(pauseMs);
				pauseMs = longerPause(pauseMs);
			}
		}
	}

	/** @param holdMs how long the request may be held, 0 for not at all @param target each in its turn */
	private async request(
		holdMs: number,
		leave?: CollectRequest['leave'],
		target = this.targets[this.requests++ % this.targets.length] ?? '',
	): Promise<CollectResponse | undefined> {
		const outstanding = this.waiting.outstanding();
		const lingerMs =
			holdMs > 0 && outstanding > 1
				? Math.min(MAX_LINGER_MS, LINGER_PER_ANSWER_MS * outstanding)
				: 0;
		const received = Object.fromEntries(this.received);
		const request = { key: this.key, holdMs, lingerMs, received, leave };
		const signal = leave ? undefined : this.ending.signal;
		this.pending += 1;
		const { response, problem } = await requestAnswers(this.context, target, request, signal);
		this.pending -= 1;
		this.latestProblem = problem;
		if (response) {
			const { process, number, answers } = response;
			this.received.set(process, Math.max(number, this.received.get(process) ?? 0));
			present.set(process, true, performance.now());
			answers.forEach((callback) => this.waiting.accept(callback));
		}
		return response;
	}

	/** Notifies every process that the load balancer can reach that the wait is over. */
	private async notifyEnd(unanswered: number[]): Promise<void> {
		const missing = new Set([...this.received.keys(), ...present.keys(performance.now())]);
		missing.delete(processName);
		// A request can be held by a process that has not responded yet, and so is not known.
		const hasUnknown = this.pending > missing.size;
		if ((missing.size === 0 && !hasUnknown) || this.targets.length === 0) {
			return;
		}
		const maxTries = TRIES_PER_PROCESS * Math.max(missing.size, this.pending) + EXTRA_TRIES;
		const notified = new Set<string>();
		for (let tries = 0; tries < maxTries; tries++) {
			const response = await this.request(0, { unanswered });
			if (!response) {
				await sleep(FIRST_PAUSE_MS);
				continue;
			}
			missing.delete(response.process);
			if (missing.size === 0 && (!hasUnknown || notified.has(response.process))) {
				return;
			}
			notified.add(response.process);
		}
	}
}
