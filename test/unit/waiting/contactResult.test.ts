import type { WaitOutcome } from '../../../nodes/SinchCapability/waiting/contactResult';
import { contactResult } from '../../../nodes/SinchCapability/waiting/contactResult';
import { PendingQuery } from '../../../nodes/SinchCapability/waiting/mailbox';

const ANSWERS: Record<string, object> = {
	Full: { capability_status: 'CAPABILITY_FULL' },
	Partial: { capability_status: 'CAPABILITY_PARTIAL' },
	None: { capability_status: 'NO_CAPABILITY' },
	Unknown: { capability_status: 'CAPABILITY_UNKNOWN' },
	Failed: { capability_status: 'NO_CAPABILITY', reason: { code: 'RATE_LIMITED' } },
};

const CHANNELS = ['RCS', 'WHATSAPP', 'SMS'];

/** The query for one number with the given answers, the last channel first. */
function answered(outcomes: WaitOutcome[]): PendingQuery {
	const identities = outcomes.map((_, index) => ({ channel: CHANNELS[index], identity: '46' }));
	const pending = new PendingQuery('request', identities, 'all');
	for (const [index, outcome] of [...outcomes.entries()].reverse()) {
		if (outcome !== 'No Answer') {
			pending.accept({ capability_notification: { ...identities[index], ...ANSWERS[outcome] } });
		}
	}
	return pending;
}

it.each<[WaitOutcome[], WaitOutcome, string | null, string | null]>([
	// The channels' answers in the user's order, the outcome, and the best channel by each rule.
	[['Full', 'Partial', 'Full'], 'Full', 'RCS', 'RCS'],
	[['Partial', 'None', 'Full'], 'Partial', 'RCS', 'SMS'],
	[['Failed', 'Partial', 'Partial'], 'Partial', 'WHATSAPP', 'WHATSAPP'],
	[['No Answer', 'None', 'Full'], 'Full', 'SMS', 'SMS'],
	[['None', 'Failed', 'Unknown'], 'Failed', null, null],
	[['Unknown', 'No Answer', 'None'], 'No Answer', null, null],
	[['None', 'Unknown', 'None'], 'Unknown', null, null],
	[['None', 'None', 'None'], 'None', null, null],
	[['No Answer', 'Failed', 'None'], 'Failed', null, null],
	[['No Answer'], 'No Answer', null, null],
	[[], 'No Answer', null, null],
])('a contact with the outcomes %j is %s', (outcomes, outcome, first, mostCapable) => {
	const pending = answered(outcomes);
	expect(contactResult(pending)).toMatchObject({
		outcome,
		best_channel: first,
		best_identity: first && '46',
	});
	expect(contactResult(pending, 'mostCapable').best_channel).toBe(mostCapable);
});

it('the result of a contact begins with the outcome and the best channel', () => {
	expect(Object.keys(contactResult(answered(['Full'])))).toEqual([
		'outcome',
		'best_channel',
		'best_identity',
		'channels',
		'request_id',
	]);
});

it('what a later node adds to a channel without an answer does not appear in the next result', () => {
	const channel = () => contactResult(answered(['No Answer'])).channels[0];
	channel().channel_capabilities.push('added by a later node');
	expect(channel().channel_capabilities).toEqual([]);
});
