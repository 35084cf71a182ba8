import type { INodeProperties } from 'n8n-workflow';

import { DEFAULT_LANGUAGE, LANGUAGES, toLanguage } from '../sinch/languages';
import { type Item, textOf } from './item';

export const languageField: INodeProperties = {
	displayName: 'Language',
	name: 'language',
	type: 'options',
	options: LANGUAGES,
	default: DEFAULT_LANGUAGE,
	description: 'The language of the contact',
};

/** A language outside the list may be new at Sinch. */
export function readLanguage(item: Item, { name, displayName: label }: INodeProperties): string {
	const advice = 'Choose a language. Sinch requires one for every contact.';
	const typed = item.text(name, label, DEFAULT_LANGUAGE);
	const language = toLanguage(typed);
	if (language === '') {
		throw item.emptyFieldError(label, advice);
	}
	if (!/^([A-Z]{2,3}(_[A-Z]+)*|UNSPECIFIED)$/.test(language)) {
		throw item.fieldError(label, 'is not a language', advice, typed);
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
	const text = textOf(fields.read('metadata'));
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
	const read = (field: string, label: string) => fields.text(field, label).trim();
	return {
		...(fields.has('displayName') && { display_name: read('displayName', 'Display Name') }),
		...(fields.has('email') && { email: read('email', 'Email') }),
		...(fields.has('externalId') && { external_id: read('externalId', 'External ID') }),
		...(fields.has('metadata') && { metadata: readMetadata(fields) }),
	};
}
