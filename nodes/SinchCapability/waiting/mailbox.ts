import { isUsable, outcomeOf } from '../notification/outcomes';
import { identityKey, toChannel } from '../sinch/channels';
import type { CapabilityCallback, ChannelIdentity } from '../sinch/types';
import { pause } from '../shared/promises';
import { ExpiringMap } from '../shared/expiringMap';

/** When a wait is complete: with every answer, or with the first usable channel. */
export type WaitFor = 'all' | 'firstUsable';

const channelOf = ({ channel }: Partial<ChannelIdentity>): string => toChannel(channel ?? '');

/** How many are on the channel of one. */
const countLike = (one: ChannelIdentity, all: ReadonlyArray<Partial<ChannelIdentity>>): number =>
	all.filter((other) => channelOf(other) === channelOf(one)).length;

/** A query of a wait: the answers it can have, those that have come, and when its wait ends. */
export class PendingQuery {
	/** The channel identities that Sinch will answer for, in the user's order. */
	readonly identities: readonly ChannelIdentity[];

	/** When its wait ends, by `performance.now()`; known once Sinch has registered it. */
	deadline = Infinity;

	/** With all answers that can be expected; of a contact without known identities, they can't be counted. */
	isComplete = false;

	/** Every answer by the `identityKey` that it belongs to, in the order of arrival. */
	readonly answers = new Map<string, CapabilityCallback>();

	/** What each queried identity, and each one in an answer, counts as: by `identityKey`, both. */
	private readonly keys: Map<string, string>;

	/** @param appId the app that the query is sent for; without one, the answers of any app count */
	constructor(
		public requestId: string,
		identities: readonly ChannelIdentity[],
		private readonly waitFor: WaitFor,
		private readonly appId?: string,
	) {
		const keys = identities.map(identityKey);
		this.keys = new Map(keys.map((key) => [key, key]));
		// Without those that are another spelling of an earlier one.
		this.identities = identities.filter((one, index) => keys.indexOf(identityKey(one)) === index);
	}

	/** @returns whether the answer belongs to this query */
	accept(callback: CapabilityCallback): boolean {
		if (!this.isOfApp(callback)) {
			return false;
		}
		const notification = callback.capability_notification;
		const key = this.keyOf(notification);
		this.keys.set(identityKey(notification), key);
		this.answers.set(key, callback);
		const answered = [...this.answers.values()].map((one) => one.capability_notification);
		const hasAll =
			this.identities.length > 0 &&
			this.identities.every((one) => countLike(one, answered) >= countLike(one, this.identities));
		const isEnough = this.waitFor === 'firstUsable' && isUsable(outcomeOf(notification));
		this.isComplete ||= hasAll || isEnough;
		return true;
	}

	/** Whether an answer after the end still belongs to the query. */
	covers(callback: CapabilityCallback): boolean {
		return (
			this.isOfApp(callback) &&
			(this.answers.has(this.keyOf(callback.capability_notification)) ||
				(this.isComplete && this.waitFor === 'firstUsable'))
		);
	}

	private isOfApp({ app_id }: CapabilityCallback): boolean {
		return !app_id || !this.appId || app_id === this.appId;
	}

	/**
	 * The identity that an answer belongs to: the queried one that it names, else the only unanswered one of
	 * its channel, or with its end, because channels such as WhatsApp have their own spelling of some
	 * countries' numbers.
	 */
	private keyOf(answer: Partial<ChannelIdentity>): string {
		const given = identityKey(answer);
		const known = this.keys.get(given);
		if (known !== undefined) {
			return known;
		}
		const open = this.identities
			.filter((one) => channelOf(one) === channelOf(answer))
			.map(identityKey)
			.filter((key) => !this.answers.has(key));
		const alike = open.filter((key) => key.slice(-7) === given.slice(-7));
		const [only, ...others] = alike.length > 0 ? alike : open;
		return only !== undefined && others.length === 0 ? only : given;
	}
}

/** How long an answer is kept for a query that is not known yet. */
const MAX_EARLY_MS = 5_000;

/** How long an ended query still recognizes repeats of its answers. */
const MAX_ENDED_MS = 10 * 60_000;

/** The most entries of either kind; the oldest goes first. */
const MAX_KEPT = 10_000;

const MAX_EARLY_PER_REQUEST = 100;

/** The longest delay after a deadline, in milliseconds. */
const LOOK_EVERY_MS = 50;

/** Matches queries with answers: the action registers its queries, the trigger delivers what arrives. */
export class Mailbox {
	private readonly open = new Map<string, PendingQuery>();
	private readonly ended = new ExpiringMap<PendingQuery>(MAX_ENDED_MS, MAX_KEPT);
	private readonly early = new ExpiringMap<CapabilityCallback[]>(MAX_EARLY_MS, MAX_KEPT);

	/** Aborted when an answer comes. */
	private arrival = new AbortController();

	register(pending: PendingQuery, now: number): void {
		this.open.set(pending.requestId, pending);
		this.early.get(pending.requestId, now)?.forEach((callback) => pending.accept(callback));
		this.early.delete(pending.requestId);
	}

	/** Continues under the id that Sinch gave the request, if it chose its own. */
	rename(pending: PendingQuery, requestId: string, now: number): void {
		// Nothing to do, or the ID of another open query, which would give this one its answers.
		if (!this.open.has(requestId)) {
			this.open.delete(pending.requestId);
			pending.requestId = requestId;
			this.register(pending, now);
		}
	}

	close(pending: PendingQuery, now: number): void {
		if (this.open.delete(pending.requestId)) {
			this.ended.set(pending.requestId, pending, now);
		}
	}

	/** @returns whether a query waits for this answer, or has received it */
	deliver(callback: CapabilityCallback, now: number): boolean {
		const requestId = callback.capability_notification.request_id;
		if (!requestId) {
			return false;
		}
		const pending = this.open.get(requestId);
		if (pending?.accept(callback)) {
			this.arrival.abort();
			this.arrival = new AbortController();
			return true;
		}
		if (this.ended.get(requestId, now)?.covers(callback)) {
			return true;
		}
		const early = this.early.get(requestId, now) ?? [];
		this.early.set(requestId, [...early, callback].slice(-MAX_EARLY_PER_REQUEST), now);
		return false;
	}

	async settle(queries: readonly PendingQuery[], signal?: AbortSignal): Promise<void> {
		const open = new Set(queries);
		while (!signal?.aborted) {
			const now = performance.now();
			for (const pending of open) {
				if (pending.isComplete || pending.deadline <= now) {
					this.close(pending, now);
					open.delete(pending);
				}
			}
			if (open.size === 0) {
				return;
			}
			await pause(LOOK_EVERY_MS, this.arrival.signal);
		}
	}
}

export const mailbox = new Mailbox();
