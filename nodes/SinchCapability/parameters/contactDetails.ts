import type { INodeProperties } from 'n8n-workflow';

import { DEFAULT_LANGUAGE, LANGUAGES, toLanguage } from '../sinch/languages';
import type { Item } from './item';

export const languageField = (
	displayName: string,
	name: string,
	description: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'options',
	options: LANGUAGES,
	default: DEFAULT_LANGUAGE,
	description,
});

/** A language outside the list may be new at Sinch. */
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

/** Sinch's limit, in characters. */
const MAX_METADATA = 1024;

export const displayNameField: INodeProperties = {
	displayName: 'Display Name',
	name: 'displayName',
	type: 'string',
	default: '',
	placeholder: 'e.g. Astrid Lindqvist',
	description: 'The name that people see in Sinch and in this node',
};

export const detailFields: INodeProperties[] = [
	{
		displayName: 'Email',
		name: 'email',
		type: 'string',
		default: '',
		placeholder: 'name@email.com',
	},
	{
		displayName: 'External ID',
		name: 'externalId',
		type: 'string',
		default: '',
		placeholder: 'e.g. crm-1001',
		description: 'Your own ID for the contact; Get Many can filter by it',
	},
	{
		displayName: 'Metadata',
		name: 'metadata',
		type: 'string',
		default: '',
		description: `Anything that Sinch should keep with the contact, at most ${MAX_METADATA} characters`,
	},
];

function readMetadata(fields: Item): string {
	const metadata = fields.read('metadata');
	const text =
		typeof metadata === 'object' && metadata !== null
			? JSON.stringify(metadata)
			: String(metadata ?? '');
	if (text.length > MAX_METADATA) {
		throw fields.fieldError(
			'Metadata',
			'is too long',
			`It has ${text.length} characters; Sinch keeps at most ${MAX_METADATA}.`,
		);
	}
	return text;
}

/** The details that were added to a collection, by Sinch's names; an empty text deletes the stored value. */
export function readDetails(fields: Item): Record<string, string> {
	const textOf = (field: string) => fields.text(field).trim();
	return {
		...(fields.has('displayName') && { display_name: textOf('displayName') }),
		...(fields.has('email') && { email: textOf('email') }),
		...(fields.has('externalId') && { external_id: textOf('externalId') }),
		...(fields.has('metadata') && { metadata: readMetadata(fields) }),
	};
}
