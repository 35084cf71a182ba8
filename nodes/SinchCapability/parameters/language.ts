import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { DEFAULT_LANGUAGE, LANGUAGES, toLanguage } from '../sinch/languages';

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

/** @throws NodeOperationError for none at all; one that is not in the list may be new at Sinch */
export function readLanguage(
	context: IExecuteFunctions,
	itemIndex: number,
	given: unknown,
): string {
	const language = toLanguage(String(given ?? ''));
	if (language === '') {
		throw new NodeOperationError(context.getNode(), "'Language' is empty", {
			itemIndex,
			description: 'Choose a language: Sinch keeps no contact without one.',
		});
	}
	return language;
}
