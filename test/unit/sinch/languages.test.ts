import { toLanguage } from '../../../nodes/SinchCapability/sinch/languages';

describe('a language', () => {
	it.each([
		['sv', 'SV'],
		[' pt-br ', 'PT_BR'],
		['EN_US', 'EN_US'],
	])('the language %p is %s at Sinch', (typed, expected) => {
		expect(toLanguage(typed)).toBe(expected);
	});
});
