import { findCountry } from '../../../nodes/SinchCapability/sinch/countries';

describe('countries', () => {
	it.each([
		['SE', 'SE'],
		[' se ', 'SE'],
		['Sweden', 'SE'],
		['sverige', 'SE'],
		['UK', 'GB'],
		['United Kingdom', 'GB'],
		['USA', 'US'],
		['Deutschland', 'DE'],
		['Türkiye', 'TR'],
		['Turkey', 'TR'],
		['Scandinavia', undefined],
		['', undefined],
		['constructor', undefined],
	])('%j is %s', (typed, code) => {
		expect(findCountry(typed)).toBe(code);
	});
});
