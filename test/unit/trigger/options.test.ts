import { windowOf } from '../../../nodes/SinchCapability/trigger/options';

describe('the window of Grouped by Time', () => {
	it.each([
		[0.3, 300],
		[2, 2_000],
		[10, 10_000],
		[10.1, 2_000],
		[0, 2_000],
		[-1, 2_000],
		[undefined, 2_000],
		['soon', 2_000],
	])('of %p seconds lasts %i ms', (windowSeconds, expected) => {
		const options = { executions: 'groupedByTime' as const, windowSeconds };
		expect(windowOf(options as never)).toBe(expected);
	});

	it.each(['groupedWhenBusy', 'onePerAnswer', undefined] as const)(
		'does not exist with the executions %p',
		(executions) => {
			expect(windowOf({ executions, windowSeconds: 5 })).toBe(0);
		},
	);
});
