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
