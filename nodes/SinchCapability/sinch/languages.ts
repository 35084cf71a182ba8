import { choiceFinder } from '../shared/choices';

/**
 * The languages that a contact can have: the enumeration of Sinch's Java SDK (`ContactLanguage`).
 * Sinch may add others; they are sent as well.
 */
const CODES =
	`AF AR AZ BG BN CA CS DA DE EL EN EN_GB EN_US ES ES_AR ES_ES ES_MX ET FA FI FIL FR GA GU HA HE
	HI HR HU ID IT JA KK KN KO LO LT LV MK ML MR MS NB NL PA PL PT PT_BR PT_PT RO RU SK SL SQ SR SV
	SW TA TE TH TR UK UR UZ VI ZH ZH_CN ZH_HK ZH_TW ZU`.split(/\s+/);

/** Where the usual name is not the one that Node.js has. */
const USUAL_NAMES: Readonly<Record<string, string>> = {
	AZ: 'Azerbaijani',
	BN: 'Bengali',
	NB: 'Norwegian',
};

const englishNames = new Intl.DisplayNames(['en'], {
	type: 'language',
	style: 'short',
	languageDisplay: 'standard',
});

/** E.g. `{ name: 'Portuguese (Brazil)', value: 'PT_BR' }`, sorted by name. */
export const LANGUAGES = CODES.map((value) => ({
	name: USUAL_NAMES[value] ?? englishNames.of(value.replace('_', '-')) ?? value,
	value,
})).sort((one, other) => one.name.localeCompare(other.name, 'en'));

export const DEFAULT_LANGUAGE = 'EN_US';

const findLanguage = choiceFinder(LANGUAGES);

/** Sinch's spelling of a language, e.g. `pt-br` or `Portuguese (Brazil)` as `PT_BR`. */
export const toLanguage = (typed: string): string =>
	findLanguage(typed) ?? typed.trim().toUpperCase().replaceAll('-', '_');
