import { ExpiringMap } from '../shared/expiringMap';
import { createDeferred, pause, untilAborted } from '../shared/promises';
import { identityKey } from '../sinch/channels';
import type {
	CapabilityCallback,
	CapabilityNotification,
	CapabilityQuery,
	RegisteredQuery,
} from '../sinch/types';
import type { ApiClient } from './client';
import { registrationOf } from './expect';

/** Sinch's default for an app, in answers per second. */
export const DEFAULT_ANSWERS_PER_SECOND = 25;

/** After a pause, this many answers can be requested at once, so that small runs do not wait. */
export const MAX_BURST = 25;

/** How much a late timer can catch up, in milliseconds. */
const MAX_CATCH_UP_MS = 50;

/** Outstanding answers, beside those that Sinch delays: n8n can receive them in a few seconds even when it is busy. */
const MAX_OUTSTANDING = 25;

/** For how long an answer is waited for at least, in milliseconds. */
const MIN_PATIENCE_MS = 10_000;

/** How many times as long as the latest answer another one may take before it no longer counts. */
const MAX_DELAYS = 4;

/** How often to look whether an answer is too late, in milliseconds. */
const LOOK_MS = 100;

/** A query whose answers have not all arrived. */
interface SentQuery {
	readonly at: number;
	/** By `identityKey`. */
	readonly answered: Set<string>;
	missing: number;
}

/**
 * Limits how many answers of an app are outstanding: at most as many as Sinch itself delays, at the app's
 * rate, and some more. A busy n8n then gets its next queries only when it has received answers. The limit
 * does not apply when none of them arrives in this process.
 */
export class AnswerWindow {
	private readonly sent = new Map<string, SentQuery>();

	/** The shortest time from a query to its last answer: Sinch's own delay. */
	private shortestMs = Infinity;

	/** How long the latest answer took, from its query; undefined if none has ever arrived in this process. */
	private latestMs?: number;

	/** Since when answers are expected and none has arrived. */
	private silentSince = Infinity;

	private arriveElsewhere = false;
	private arrival = createDeferred();

	/** An answer that is later than this, in milliseconds, no longer counts as outstanding: it may never come. */
	private get maxAge(): number {
		return Math.max(MIN_PATIENCE_MS, MAX_DELAYS * (this.latestMs ?? 0));
	}

	/** What a run lacks at its end says nothing about one that begins much later. */
	private forgetOld(now: number): void {
		for (const [requestId, { at }] of this.sent) {
			if (now - at > 2 * this.maxAge) {
				this.sent.delete(requestId);
			}
		}
	}

	find(requestId: string): Readonly<SentQuery> | undefined {
		return this.sent.get(requestId);
	}

	/** A query is sent now; several may have the same request id. */
	add(requestId: string, answers: number, now: number): void {
		this.forgetOld(now);
		if (this.sent.size === 0) {
			this.shortestMs = Infinity;
			this.silentSince = now;
		}
		const { missing = 0, answered = new Set<string>() } = this.sent.get(requestId) ?? {};
		this.sent.set(requestId, { at: now, answered, missing: missing + answers });
	}

	/** No further answer is expected, e.g. because Sinch refused the query. */
	remove(requestId: string): void {
		this.sent.delete(requestId);
	}

	/** Continues under the id that Sinch gave the request, if it chose its own. */
	rename(requestId: string, renamed: string): void {
		const query = this.sent.get(requestId);
		if (query) {
			this.sent.delete(requestId);
			this.sent.set(renamed, query);
		}
	}

	/** Counts an answer; a repeat changes nothing. @returns whether it was outstanding */
	note(notification: CapabilityNotification, now: number): boolean {
		const requestId = notification.request_id ?? '';
		const query = this.sent.get(requestId);
		if (!query) {
			return false;
		}
		const key = identityKey(notification);
		if (query.answered.has(key)) {
			return false;
		}
		query.answered.add(key);
		query.missing = Math.max(0, query.missing - 1);
		this.latestMs = now - query.at;
		this.silentSince = now;
		this.arriveElsewhere = false;
		if (query.missing === 0) {
			this.shortestMs = Math.min(this.shortestMs, this.latestMs);
			this.remove(requestId);
		}
		this.arrival.resolve();
		this.arrival = createDeferred();
		return true;
	}

	isFull(answersPerSecond: number, now: number): boolean {
		this.forgetOld(now);
		const { maxAge } = this;
		const silence = this.sent.size > 0 ? now - this.silentSince : 0;
		// Evidently in another process, or in a workflow without our nodes.
		this.arriveElsewhere ||= silence >= (this.latestMs === undefined ? maxAge : 2 * maxAge);
		if (this.arriveElsewhere) {
			return false;
		}
		const outstanding = [...this.sent.values()]
			.filter(({ at }) => now - at < maxAge)
			.reduce((sum, { missing }) => sum + missing, 0);
		const delay = Number.isFinite(this.shortestMs) ? this.shortestMs : 0;
		return outstanding >= MAX_OUTSTANDING + (delay / 1000) * answersPerSecond;
	}

	/** Resolves when the next query may be sent, or the run is over. */
	async untilFree(answersPerSecond: number, signal: AbortSignal): Promise<void> {
		while (!signal.aborted && this.isFull(answersPerSecond, performance.now())) {
			await Promise.race([this.arrival.promise, pause(LOOK_MS, signal)]);
		}
	}
}

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

/** An expression can give each item another App ID; the apps that were used longest ago are forgotten. */
const MAX_APPS = 1_000;

const paces = new ExpiringMap<AnswerPace>(Infinity, MAX_APPS);

/** The rate limiter that all executions of this process share for an app, by its ID. */
export function answerPaceOf(appId: string): AnswerPace {
	const now = performance.now();
	const pace = paces.get(appId, now) ?? new AnswerPace();
	paces.set(appId, pace, now);
	return pace;
}

/** Takes a genuine answer, which this process has received, off those that are outstanding. */
export function noteAnswer({ capability_notification }: CapabilityCallback): void {
	const now = performance.now();
	for (const appId of paces.keys(now)) {
		paces.get(appId, now)?.window.note(capability_notification, now);
	}
}

/**
 * Registers a query whose turn it is; Sinch answers with the same request id unless it chose another. An
 * answer that has come shows that Sinch has registered it, even if every response was lost.
 */
export async function sendQuery(
	client: ApiClient,
	query: CapabilityQuery,
	timeoutSeconds?: number,
): Promise<RegisteredQuery> {
	const { app_id, recipient, request_id } = query;
	const { window } = answerPaceOf(app_id);
	const sent = window.find(request_id);
	const isAnswered = () => sent !== undefined && sent.answered.size > 0;
	const asSent: RegisteredQuery = { app_id, recipient, request_id };
	const sending = client.request<RegisteredQuery>({
		method: 'POST',
		path: '/capability:query',
		body: query,
		expect: registrationOf(query),
		recover: async () => await Promise.resolve(isAnswered() ? asSent : undefined),
		timeoutSeconds,
	});
	const registered = await sending.catch((error: unknown) => {
		if (isAnswered()) {
			return asSent;
		}
		window.remove(request_id);
		throw error;
	});
	window.rename(request_id, registered.request_id);
	return registered;
}
