import {
	CHECK_FAILED_REASONS,
	OTHER_REASONS,
	OUTCOMES,
	outcomeOf,
} from '../../../nodes/SinchCapability/results/outcomes';

const outcome = (capability_status?: string, code?: string) =>
	outcomeOf({ capability_status, reason: code === undefined ? undefined : { code } });

describe('the outcome of a notification', () => {
	it.each([
		// What Sinch reports, the reason beside it, and the branch it belongs on.
		['CAPABILITY_FULL', undefined, 'Full'],
		['CAPABILITY_FULL', 'RATE_LIMITED', 'Full'],
		['CAPABILITY_PARTIAL', undefined, 'Partial'],
		['CAPABILITY_PARTIAL', 'RECIPIENT_NOT_OPTED_IN', 'Partial'],
		['NO_CAPABILITY', undefined, 'None'],
		['NO_CAPABILITY', 'RECIPIENT_NOT_REACHABLE', 'None'],
		['NO_CAPABILITY', 'SOMETHING_NEW', 'None'],
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
		['CAPABILITY_EXTENDED', 'RATE_LIMITED', 'Unknown'],
	])('%s with reason %s is %s', (status, code, expected) => {
		expect(outcome(status, code)).toBe(expected);
	});

	it.each([...CHECK_FAILED_REASONS])('a check that failed with %s is never None', (code) => {
		expect(outcome('NO_CAPABILITY', code)).toBe('Failed');
		expect(outcome('CAPABILITY_UNKNOWN', code)).toBe('Failed');
	});

	it('knows every reason in one list only', () => {
		expect([...CHECK_FAILED_REASONS].filter((code) => OTHER_REASONS.has(code))).toEqual([]);
	});

	it('has one output for each outcome, in the order of the documentation', () => {
		expect(OUTCOMES).toEqual(['Full', 'Partial', 'None', 'Unknown', 'Failed']);
	});
});
