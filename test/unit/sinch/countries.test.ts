import { findCountry } from '../../../nodes/SinchCapability/sinch/countries';

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
	['U.K.', 'GB'],
	['SE (+46)', 'SE'],
	['Sweden (+46)', 'SE'],
	['The Netherlands', 'NL'],
	['Schweden', 'SE'],
	['Suisse', 'CH'],
	['Espana', 'ES'],
	['Cote d’Ivoire', 'CI'],
	['Bosnia and Herzegovina', 'BA'],
	['Saint Lucia', 'LC'],
	['Dominican Republic', 'DO'],
	['Dominica', 'DM'],
	['Niger', 'NE'],
	['Guinea-Bissau', 'GW'],
	['日本', 'JP'],
	['Scandinavia', undefined],
	['', undefined],
	['constructor', undefined],
])('the code of the country %j is %s', (typed, code) => {
	expect(findCountry(typed)).toBe(code);
});

it.each([
	['its English name', 'Sweden', 'SE'],
	['its own name', 'Hrvatska', 'HR'],
	['its German name', 'Kroatien', 'HR'],
	['its Swedish name', 'Elfenbenskusten', 'CI'],
	['a name that no list has', 'Holland', 'NL'],
])('a process in which no country was looked up finds one by %s', async (_, typed, code) => {
	jest.resetModules();
	const fresh = await import('../../../nodes/SinchCapability/sinch/countries');
	expect(fresh.findCountry(typed)).toBe(code);
});
