import type { INodeProperties } from 'n8n-workflow';

import { DEFAULT_LANGUAGE, LANGUAGES, toLanguage } from '../sinch/languages';
import type { Item } from './item';

/** @param name e.g. `language` */
export const languageField = (
	displayName: string,
	name: string,
	description: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'options',
	options: LANGUAGES.map((language) => ({ ...language })),
	default: DEFAULT_LANGUAGE,
	description,
});

/** @throws NodeOperationError when it is empty; a language outside the list may be new at Sinch */
export function readLanguage(item: Item, field: string): string {
	const language = toLanguage(String(item.read(field, DEFAULT_LANGUAGE) ?? ''));
	if (language === '') {
		throw item.emptyFieldError(
			'Language',
			'Choose a language. Sinch requires one for every contact.',
		);
	}
	return language;
}
