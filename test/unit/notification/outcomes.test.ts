import {
	OUTCOMES,
	outcomeOf,
	RECIPIENT_REASONS,
} from '../../../nodes/SinchCapability/notification/outcomes';
import { CHECK_FAILURES } from '../../support/checkFailures';

const outcome = (capability_status?: string, code?: string) =>
	outcomeOf({ capability_status, reason: code === undefined ? undefined : { code } });

it.each([
	// The status from Sinch, its reason, and the expected output.
	['CAPABILITY_FULL', undefined, 'Full'],
	['CAPABILITY_FULL', 'RATE_LIMITED', 'Full'],
	['CAPABILITY_PARTIAL', undefined, 'Partial'],
	['CAPABILITY_PARTIAL', 'RECIPIENT_NOT_OPTED_IN', 'Partial'],
	['NO_CAPABILITY', undefined, 'None'],
	['NO_CAPABILITY', 'RECIPIENT_NOT_REACHABLE', 'None'],
	['NO_CAPABILITY', 'SOMETHING_NEW', 'Failed'],
	['NO_CAPABILITY', 'OUTSIDE_ALLOWED_SENDING_WINDOW', 'Unknown'],
	[' no_capability ', undefined, 'None'],
	['capability_full ', 'RATE_LIMITED', 'Full'],
	['NO_CAPABILITY', ' rate_limited', 'Failed'],
	['NO_CAPABILITY', ' recipient_not_reachable', 'None'],
	['NO_CAPABILITY', 'CHANNEL_FAILURE', 'Failed'],
	['CAPABILITY_UNKNOWN', undefined, 'Unknown'],
	['CAPABILITY_UNKNOWN', 'RECIPIENT_NOT_OPTED_IN', 'Unknown'],
	['CAPABILITY_UNKNOWN', 'RATE_LIMITED', 'Failed'],
	['CAPABILITY_UNKNOWN', 'SOMETHING_NEW', 'Failed'],
	[undefined, 'UNKNOWN_APP', 'Failed'],
	[undefined, 'SOMETHING_NEW', 'Failed'],
	['', 'INTERNAL_ERROR', 'Failed'],
	[undefined, undefined, 'Unknown'],
	[undefined, 'RECIPIENT_NOT_REACHABLE', 'Unknown'],
	['CAPABILITY_EXTENDED', undefined, 'Unknown'],
	['CAPABILITY_EXTENDED', 'RATE_LIMITED', 'Failed'],
	['CAPABILITY_EXTENDED', 'RECIPIENT_NOT_REACHABLE', 'Unknown'],
])('the outcome of the status %s with the reason %s is %s', (status, code, expected) => {
	expect(outcome(status, code)).toBe(expected);
});

it.each(CHECK_FAILURES)('the outcome of a check that failed with %s is Failed', (code) => {
	expect(outcome('NO_CAPABILITY', code)).toBe('Failed');
	expect(outcome('CAPABILITY_UNKNOWN', code)).toBe('Failed');
	expect(outcome(undefined, code)).toBe('Failed');
});

it.each(['INACTIVE_SENDER', ' inactive_sender'])(
	'the outcome of an inactive sender (%j) is Failed',
	(sub_code) => {
		const reason = { code: 'RECIPIENT_NOT_REACHABLE', sub_code };
		expect(outcomeOf({ capability_status: 'NO_CAPABILITY', reason })).toBe('Failed');
		expect(outcomeOf({ capability_status: 'CAPABILITY_PARTIAL', reason })).toBe('Partial');
	},
);

it('the outcome of a reason that is about the recipient is never Failed', () => {
	for (const code of RECIPIENT_REASONS) {
		expect(outcome('NO_CAPABILITY', code)).not.toBe('Failed');
	}
});

it('the outcomes are in the order of the documentation', () => {
	expect(OUTCOMES).toEqual(['Full', 'Partial', 'None', 'Unknown', 'Failed']);
});
