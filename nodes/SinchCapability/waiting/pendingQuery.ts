import type { Outcome } from '../notification/outcomes';
import { outcomeOf } from '../notification/outcomes';
import { identityKey } from '../sinch/channels';
import type { CapabilityCallback, ChannelIdentity } from '../sinch/types';

/** When a wait is complete: with every answer, or with the first usable channel. */
export type WaitFor = 'all' | 'firstUsable';

const USABLE: ReadonlySet<Outcome> = new Set(['Full', 'Partial']);

/** One query and its answers so far. */
export class PendingQuery {
	private readonly byIdentity = new Map<string, CapabilityCallback>();

	private usable = false;

	/**
	 * @param identities the channel identities that Sinch will answer for, in the user's order
	 */
	constructor(
		public requestId: string,
		readonly identities: readonly ChannelIdentity[],
		private readonly waitFor: WaitFor,
	) {}

	accept(callback: CapabilityCallback): void {
		const notification = callback.capability_notification;
		this.byIdentity.set(identityKey(notification), callback);
		this.usable ||= USABLE.has(outcomeOf(notification));
	}

	get isComplete(): boolean {
		return (
			(this.usable && this.waitFor === 'firstUsable') ||
			(this.byIdentity.size > 0 && this.byIdentity.size >= this.identities.length)
		);
	}

	/** Every answer by `identityKey`, in the order of arrival. */
	get answers(): ReadonlyMap<string, CapabilityCallback> {
		return this.byIdentity;
	}

	/** Whether an answer after the end still belongs to the query. */
	covers(callback: CapabilityCallback): boolean {
		const key = identityKey(callback.capability_notification);
		return this.byIdentity.has(key) || (this.isComplete && this.waitFor === 'firstUsable');
	}
}
