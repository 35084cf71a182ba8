import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { DEFAULT_LANGUAGE, LANGUAGES, toLanguage } from '../sinch/languages';
import { emptyFieldError } from './fieldError';

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
export function readLanguage(
	context: IExecuteFunctions,
	itemIndex: number,
	given: unknown,
): string {
	const language = toLanguage(String(given ?? ''));
	if (language === '') {
		throw emptyFieldError(
			context,
			itemIndex,
			'Language',
			'Choose a language. Sinch requires one for every contact.',
		);
	}
	return language;
}
