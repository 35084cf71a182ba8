import {
	noteReceived,
	receivesCallbacks,
} from '../../../../nodes/SinchCapability/waiting/queueMode/place';

it('a process that has received a callback counts as receiving callbacks for one hour', () => {
	noteReceived(1_000);
	expect(receivesCallbacks(1_000 + 3_600_000)).toBe(true);
	expect(receivesCallbacks(1_001 + 3_600_000)).toBe(false);
});
