import type { IExecuteFunctions, IDataObject } from 'n8n-workflow';
import { NodeOperationError, sleep } from 'n8n-workflow';

import type { CollectRequest, CollectResponse } from './protocol';
import {
	createKey,
	MAX_LINGER_MS,
	processName,
	COLLECT_HEADER,
	COLLECT_VERSION,
	MAX_SILENCE_MS,
} from './protocol';
import { remoteAnswers } from './keptAnswers';
import { createMarkedRequestId, markOf, readMark } from './requestId';
import type { CapabilityCallback } from '../../sinch/types';
import { readCapabilityCallback } from '../../notification/notification';
import { ExpiringMap } from '../../shared/expiringMap';

/** How long a successful check of an address counts. */
const MAX_VERIFIED_MS = 60_000;

/** How many addresses, and how many processes, are remembered from one execution to the next. */
const MAX_REMEMBERED = 100;

const verified = new ExpiringMap<true>(MAX_VERIFIED_MS, MAX_REMEMBERED);
const present = new ExpiringMap<true>(MAX_SILENCE_MS, MAX_REMEMBERED);

/** Whether answers could be collected at this address recently. */
export const isVerified = (target: string): boolean =>
	verified.get(target, performance.now()) !== undefined;

/** The names of the processes that responded recently, to any execution of this process. */
export const presentProcesses = (): string[] => present.keys(performance.now());

/** Remembers that a process has responded at an address. */
export function noteResponse(target: string, process: string): void {
	const now = performance.now();
	verified.set(target, true, now);
	present.set(process, true, now);
}

/** How much longer than it is held a request may take, in milliseconds. */
const MAX_TRANSPORT_MS = 5_000;

/** Why answers cannot be collected, and what to do about it. */
export interface CollectProblem {
	message: string;
	description: string;
}

const OLDER_VERSION =
	'Install the same version of n8n-nodes-sinch-capability in all processes of n8n (main, webhook processes and workers), and restart them.';

/** What a status means when it does not come from a process with this version of the package. */
function problemOf(status: number, address: string, isOurs: boolean): CollectProblem {
	if (status === 404) {
		return {
			message: 'The workflow with the Sinch Capability Trigger is not published (active)',
			description: `Its address ${address} responds with 404. Publish (activate) the workflow. If several n8n instances share the address, give each its own; otherwise the answers can reach the wrong one.`,
		};
	}
	if (status === 401 || isOurs) {
		return {
			message: 'The n8n process that receives the answers runs a different version of this package',
			description: OLDER_VERSION,
		};
	}
	return {
		message: `The address of this n8n's webhooks responds with ${status} instead of answers`,
		description: `Check Reachability and Wait collects its answers at ${address}, where Sinch delivers them. Make sure that requests to this address reach n8n and not a proxy or a sign-in page.`,
	};
}

/** The result of one request. */
export type Collected =
	| { response: CollectResponse; problem?: undefined }
	| { problem: CollectProblem; response?: undefined };

function readResponse(body: unknown): CollectResponse | undefined {
	const { process, number, answers, notHeld } = (body ?? {}) as Partial<CollectResponse>;
	if (typeof process !== 'string' || typeof number !== 'number' || !Array.isArray(answers)) {
		return undefined;
	}
	return {
		process,
		number,
		answers: answers.flatMap((answer) => readCapabilityCallback(answer) ?? []),
		notHeld,
	};
}

/**
 * Sends one request for kept answers to the address that Sinch posts to. Never throws, because it runs
 * in parallel with an execution.
 */
export async function requestAnswers(
	context: IExecuteFunctions,
	target: string,
	request: CollectRequest,
	abortSignal?: AbortSignal,
): Promise<Collected> {
	const { origin } = new URL(target);
	let response;
	try {
		response = (await context.helpers.httpRequest({
			method: 'POST',
			url: target,
			headers: { [COLLECT_HEADER]: COLLECT_VERSION },
			body: request as unknown as IDataObject,
			json: true,
			abortSignal,
			timeout: request.holdMs + request.lingerMs + MAX_TRANSPORT_MS,
			// Only this exact address is known to belong to this n8n.
			disableFollowRedirect: true,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
		})) as { statusCode: number; headers: IDataObject; body: unknown };
	} catch (error) {
		const problem = {
			message: 'This process of n8n cannot reach the address of its own webhooks',
			description: `Check Reachability and Wait collects its answers at ${origin}, where Sinch delivers them: ${(error as Error).message}. Make this address reachable from every process of n8n, for example with a DNS or hosts entry that points to the load balancer inside your network.`,
		};
		return { problem };
	}
	const { statusCode, headers, body } = response;
	const isOurs = headers[COLLECT_HEADER] === COLLECT_VERSION;
	const answers = statusCode === 200 && isOurs ? readResponse(body) : undefined;
	return answers
		? { response: answers }
		: { problem: problemOf(statusCode, origin, COLLECT_HEADER in headers) };
}

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

	/** For each process, the position of the latest answer received from it. */
	private readonly received = new Map<string, number>();

	private sentQueries = 0;

	private requests = 0;

	/** Requests for answers without a response so far. */
	private pending = 0;

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

	/** Requests answers. @param holdMs how long the request may be held, 0 for not at all */
	async request(holdMs: number): Promise<CollectResponse | undefined> {
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
		remoteAnswers.end(this.mark, unanswered, performance.now());
		if (unanswered.length <= MAX_UNANSWERED) {
			void this.notifyEnd(unanswered);
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
		this.pending += 1;
		const { response, problem } = await requestAnswers(this.context, target, request, signal);
		this.pending -= 1;
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
	private async notifyEnd(unanswered: number[]): Promise<void> {
		const missing = new Set([...this.received.keys(), ...presentProcesses()]);
		missing.delete(processName);
		// A request can be held by a process that has not responded yet, and so is not known.
		const hasUnknown = this.pending > missing.size;
		if ((missing.size === 0 && !hasUnknown) || this.targets.length === 0) {
			return;
		}
		const maxTries = TRIES_PER_PROCESS * Math.max(missing.size, this.pending) + EXTRA_TRIES;
		const notified = new Set<string>();
		for (let tries = 0; tries < maxTries; tries++) {
			const response = await this.send(this.nextTarget(), 0, { unanswered });
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
