import {
	isVerified,
	noteResponse,
	presentProcesses,
} from '../../../../nodes/SinchCapability/waiting/across/collectClient';

const START = 1_769_000_000_000;

afterEach(() => jest.restoreAllMocks());

describe('a response of a process', () => {
	it('verifies its address for a minute, and shows for 15 seconds that the process is present', () => {
		const now = jest.spyOn(performance, 'now').mockReturnValue(START);
		expect([isVerified('https://a'), presentProcesses()]).toEqual([false, []]);
		noteResponse('https://a', 'main');
		noteResponse('https://a', 'webhook');
		expect([isVerified('https://a'), isVerified('https://b')]).toEqual([true, false]);
		expect(presentProcesses()).toEqual(['main', 'webhook']);
		now.mockReturnValue(START + 15_001);
		expect([isVerified('https://a'), presentProcesses()]).toEqual([true, []]);
		now.mockReturnValue(START + 60_001);
		expect(isVerified('https://a')).toBe(false);
	});
});
