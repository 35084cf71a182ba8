import { LANGUAGES, toLanguage } from '../../../nodes/SinchCapability/sinch/languages';

it.each([
	['sv', 'SV'],
	[' pt-br ', 'PT_BR'],
	['EN_US', 'EN_US'],
	['Portuguese (Brazil)', 'PT_BR'],
	['zh-hant-tw', 'ZH_HANT_TW'],
	[' zh-hant-tw ', 'ZH_HANT_TW'],
])('the language %p is %s at Sinch', (typed, expected) => {
	expect(toLanguage(typed)).toBe(expected);
});

it.each([
	['AZ', 'Azerbaijani'],
	['BN', 'Bengali'],
	['EN_GB', 'English (UK)'],
	['EN_US', 'English (US)'],
	['ES_AR', 'Spanish (Argentina)'],
	['FA', 'Persian'],
	['FIL', 'Filipino'],
	['NB', 'Norwegian'],
	['PT_BR', 'Portuguese (Brazil)'],
	['ZH', 'Chinese'],
	['ZH_HK', 'Chinese (Hong Kong)'],
	['ZH_TW', 'Chinese (Taiwan)'],
])('the language %s is called %s', (code, name) => {
	expect(LANGUAGES).toContainEqual({ name, value: code });
});

it('the languages have the same order on a computer that is set to another language', async () => {
	const compare = Reflect.get(String.prototype, 'localeCompare');
	jest.spyOn(String.prototype, 'localeCompare').mockImplementation(function (
		this: string,
		other: string,
		// In Czech, Ch comes after H.
		language: Intl.LocalesArgument = 'cs',
	) {
		return compare.call(this, other, language as string);
	});
	jest.resetModules();
	const there = await import('../../../nodes/SinchCapability/sinch/languages');
	jest.restoreAllMocks();
	expect(there.LANGUAGES).not.toBe(LANGUAGES);
	expect(there.LANGUAGES).toEqual(LANGUAGES);
});

it('the languages are sorted by name, and each has one', () => {
	const names = LANGUAGES.map(({ name }) => name);
	expect(names).toEqual([...new Set(names)].sort((one, other) => one.localeCompare(other, 'en')));
	expect(names.filter((name) => !/^[A-Z][a-z]+/.test(name))).toEqual([]);
});
