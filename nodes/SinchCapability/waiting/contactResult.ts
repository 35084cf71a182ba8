import { isUsable, OUTCOMES, outcomeOf } from '../notification/outcomes';
import { identityKey } from '../sinch/channels';
import { simplifyCallback } from '../notification/callback';
import type { CapabilityCallback } from '../sinch/types';
import type { PendingQuery } from './mailbox';

/** The outputs of Check Reachability and Wait, in their order in the editor. */
export const WAIT_OUTCOMES = [...OUTCOMES, 'No Answer'] as const;

export type WaitOutcome = (typeof WAIT_OUTCOMES)[number];

const NO_ANSWER: WaitOutcome = 'No Answer';

export type ChannelResult = ReturnType<typeof simplifyCallback> & { outcome: WaitOutcome };

/** The fields of an answer that has not come: all of them, so that they replace those of an earlier result. */
const nothing = () => simplifyCallback({ capability_notification: {} });

const toChannelResult = (callback: CapabilityCallback): ChannelResult => ({
	outcome: outcomeOf(callback.capability_notification),
	...simplifyCallback(callback),
});

/** Every channel in the order of the query, including those without an answer. */
export function channelResults(pending: PendingQuery): ChannelResult[] {
	const answers = new Map(pending.answers);
	const queried = pending.identities.map((one): ChannelResult => {
		const callback = answers.get(identityKey(one));
		answers.delete(identityKey(one));
		return callback
			? { ...toChannelResult(callback), channel: one.channel }
			: { outcome: NO_ANSWER, ...nothing(), ...one };
	});
	return [...queried, ...[...answers.values()].map(toChannelResult)];
}

/** Which of the usable channels is the best one: the first in the user's order, or a Full one first. */
export type BestChannelRule = 'firstUsable' | 'mostCapable';

/** Without a usable channel, an unclear answer comes before None, which must hold for all channels. */
const UNUSABLE_OUTCOMES: WaitOutcome[] = ['Failed', NO_ANSWER, 'Unknown', 'None'];

/** The results for an item whose query was not sent, with the fields that the others have. */
export const notSent = () =>
	({
		contact: {
			outcome: 'Failed',
			best_channel: null,
			best_identity: null,
			channels: [],
			request_id: null,
		},
		channel: { outcome: 'Failed', ...nothing() },
	}) as const;

/** The contact as a whole: the outcome of its best channel, or why none can be used. */
export function contactResult(pending: PendingQuery, rule: BestChannelRule = 'firstUsable') {
	const channels = channelResults(pending);
	const has = (outcome: WaitOutcome) => channels.some((one) => one.outcome === outcome);
	const mostCapable = channels.find(({ outcome }) => outcome === 'Full');
	const best =
		(rule === 'mostCapable' && mostCapable) || channels.find(({ outcome }) => isUsable(outcome));
	return {
		outcome: best?.outcome ?? UNUSABLE_OUTCOMES.find(has) ?? NO_ANSWER,
		best_channel: best?.channel ?? null,
		best_identity: best?.identity ?? null,
		channels: channels.map((one) => ({
			channel: one.channel,
			identity: one.identity,
			outcome: one.outcome,
			capability_status: one.capability_status,
			channel_capabilities: one.channel_capabilities,
			reason: one.reason,
		})),
		request_id: pending.requestId,
	};
}

/** What a contact's outcome is, and through which channel it was found. */
export type BestResult = Pick<ReturnType<typeof contactResult>, 'outcome' | 'best_channel'>;
