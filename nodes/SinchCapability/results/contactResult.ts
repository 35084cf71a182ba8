import type { Outcome } from './outcomes';
import { OUTCOMES, outcomeOf } from './outcomes';
import { identityKey } from '../sinch/identity';
import { simplifyCallback } from '../sinch/notification';
import type { PendingQuery } from './pendingQuery';

/** The outputs of Query and Wait, best first. */
export const WAIT_OUTCOMES = [...OUTCOMES, 'No Answer'] as const;

export type WaitOutcome = (typeof WAIT_OUTCOMES)[number];

const NO_ANSWER: WaitOutcome = 'No Answer';

/** What is known of one channel identity of the contact. */
export type ChannelResult = Partial<ReturnType<typeof simplifyCallback>> & {
	channel: string | null;
	identity: string | null;
	outcome: WaitOutcome;
};

/** Every channel in the order it was asked for, those without an answer included. */
export function channelResults(awaited: PendingQuery): ChannelResult[] {
	const answers = new Map(awaited.answers);
	const take = (key: string): ChannelResult | undefined => {
		const callback = answers.get(key);
		answers.delete(key);
		return (
			callback && {
				...simplifyCallback(callback),
				outcome: outcomeOf(callback.capability_notification) as Outcome,
			}
		);
	};
	const asked = awaited.identities.map(
		(identity): ChannelResult => take(identityKey(identity)) ?? { ...identity, outcome: NO_ANSWER },
	);
	return [...asked, ...[...answers.keys()].map((key) => take(key) as ChannelResult)];
}

/** The contact as a whole: its best outcome, and the first channel that has it. */
export function contactResult(awaited: PendingQuery) {
	const channels = channelResults(awaited);
	const outcome = WAIT_OUTCOMES.find((one) => channels.some((channel) => channel.outcome === one));
	const best = channels.find((channel) => channel.outcome === outcome);
	const reachable = outcome === 'Full' || outcome === 'Partial';
	return {
		request_id: awaited.requestId,
		outcome: outcome ?? NO_ANSWER,
		best_channel: (reachable && best?.channel) || null,
		best_identity: (reachable && best?.identity) || null,
		channels: channels.map(({ channel, identity, outcome: channelOutcome, ...rest }) => ({
			channel,
			identity,
			outcome: channelOutcome,
			capability_status: rest.capability_status ?? null,
			channel_capabilities: rest.channel_capabilities ?? [],
			reason: rest.reason ?? null,
		})),
	};
}
