import { isUsable, outcomeOf } from '../notification/outcomes';
import { identityKey, toChannel } from '../sinch/channels';
import type { CapabilityCallback, ChannelIdentity } from '../sinch/types';

/** When a wait is complete: with every answer, or with the first usable channel. */
export type WaitFor = 'all' | 'firstUsable';

const channelOf = ({ channel }: Partial<ChannelIdentity>): string => toChannel(channel ?? '');

/** The identities without those that are another spelling of an earlier one. */
function distinct(identities: readonly ChannelIdentity[]): ChannelIdentity[] {
	const keys = identities.map(identityKey);
	return identities.filter((one, index) => keys.indexOf(identityKey(one)) === index);
}

export class PendingQuery {
	/** The channel identities that Sinch will answer for, in the user's order. */
	readonly identities: readonly ChannelIdentity[];

	/** When its wait ends, by `performance.now()`; known once Sinch has registered it. */
	deadline = Infinity;

	private readonly queried: ReadonlySet<string>;
	private readonly byIdentity = new Map<string, CapabilityCallback>();

	/** The queried identity that an answer in another spelling belongs to, by `identityKey`. */
	private readonly respelled = new Map<string, string>();

	/** How many answers each channel still lacks. */
	private readonly missing = new Map<string, number>();

	private usable = false;

	/** @param appId the app that the query is sent for; without one, the answers of any app count */
	constructor(
		public requestId: string,
		identities: readonly ChannelIdentity[],
		private readonly waitFor: WaitFor,
		private readonly appId?: string,
	) {
		this.identities = distinct(identities);
		this.queried = new Set(this.identities.map(identityKey));
		for (const channel of this.identities.map(channelOf)) {
			this.missing.set(channel, (this.missing.get(channel) ?? 0) + 1);
		}
	}

	/** @returns whether the answer belongs to this query */
	accept(callback: CapabilityCallback): boolean {
		if (!this.isOfApp(callback)) {
			return false;
		}
		const notification = callback.capability_notification;
		const given = identityKey(notification);
		const key = this.keyOf(notification);
		if (key !== given) {
			this.respelled.set(given, key);
		}
		if (!this.byIdentity.has(key)) {
			this.noteAnswered(channelOf(notification));
		}
		this.byIdentity.set(key, callback);
		this.usable ||= isUsable(outcomeOf(notification));
		return true;
	}

	/** With all answers that can be expected; of a contact without known identities, they can't be counted. */
	get isComplete(): boolean {
		return (
			(this.usable && this.waitFor === 'firstUsable') ||
			(this.identities.length > 0 && this.missing.size === 0)
		);
	}

	/** Every answer by the `identityKey` that it belongs to, in the order of arrival. */
	get answers(): ReadonlyMap<string, CapabilityCallback> {
		return this.byIdentity;
	}

	/** Whether an answer after the end still belongs to the query. */
	covers(callback: CapabilityCallback): boolean {
		return (
			this.isOfApp(callback) &&
			(this.byIdentity.has(this.keyOf(callback.capability_notification)) ||
				(this.isComplete && this.waitFor === 'firstUsable'))
		);
	}

	private noteAnswered(channel: string): void {
		const left = (this.missing.get(channel) ?? 0) - 1;
		if (left > 0) {
			this.missing.set(channel, left);
		} else {
			this.missing.delete(channel);
		}
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
		if (this.queried.has(given)) {
			return given;
		}
		const known = this.respelled.get(given);
		if (known !== undefined) {
			return known;
		}
		const open = this.identities
			.filter((one) => channelOf(one) === channelOf(answer))
			.map(identityKey)
			.filter((key) => !this.byIdentity.has(key));
		const alike = open.filter((key) => key.slice(-7) === given.slice(-7));
		const [only, ...others] = alike.length > 0 ? alike : open;
		return only !== undefined && others.length === 0 ? only : given;
	}
}
