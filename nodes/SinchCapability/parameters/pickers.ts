import type { INodeProperties } from 'n8n-workflow';

import { isObject } from '../shared/isObject';
import { type Item, quote, textOf } from './item';

interface Picker extends Pick<
	INodeProperties,
	'name' | 'displayName' | 'description' | 'required'
> {
	/** With its article, e.g. `a contact`. */
	one: string;
	searchListMethod: string;
	exampleId: string;
	hint?: string;
}

function pickerField(picker: Picker): INodeProperties {
	const { one, searchListMethod, exampleId, hint, ...field } = picker;
	return {
		...field,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: `Select ${one}...`,
				hint,
				typeOptions: { searchListMethod, searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: `e.g. ${exampleId}`,
			},
		],
	};
}

/**
 * The id in a resource locator, without spaces around it; empty for none. Older workflows and expressions
 * hold the plain text; anything else is JSON, which is no id. n8n's `extractValue` would search the node's
 * description for each item.
 */
export function idOf(located: unknown): string {
	const isLocator = isObject(located) && ('value' in located || 'mode' in located);
	return textOf(isLocator ? located.value : located).trim();
}

/** Whether the text is an expression that n8n has not evaluated, as the editor sends it. */
export const isExpression = (text: string): boolean => text.startsWith('=');

const ID_FORM = 'An ID has 26 letters and digits';

/** Why a text cannot be an id, and what to do about it; undefined for one that can. */
export function idProblem(id: string): { problem: string; advice: string } | undefined {
	// In a path, dots lead to the parent, however they are encoded.
	if (/^\.\.?$|[[\]{}"]/.test(id)) {
		return { problem: 'is not an ID', advice: `${ID_FORM}.` };
	}
	return /\s/.test(id)
		? { problem: 'contains spaces', advice: `${ID_FORM} and no spaces.` }
		: undefined;
}

function requireId(item: Item, label: string, id: string, advice: string): string {
	if (id === '') {
		throw item.emptyFieldError(label, advice);
	}
	const wrong = idProblem(id);
	if (wrong) {
		throw item.fieldError(label, wrong.problem, wrong.advice, id);
	}
	return id;
}

const CHOOSE = 'Choose one from the list, or enter its ID.';

export const webhookField = (description: string): INodeProperties =>
	pickerField({
		displayName: 'Webhook',
		name: 'webhookId',
		required: true,
		description,
		one: 'a webhook',
		searchListMethod: 'searchWebhooks',
		exampleId: '01W4FFL35P4NC4K35WEBHOOK04',
	});

export const readWebhookId = (item: Item): string =>
	requireId(item, 'Webhook', idOf(item.read('webhookId')), CHOOSE);

/** The picker of a contact; `searchContactsOfApp` where the app must know them. */
export const contactField = (
	description: string,
	searchListMethod: 'searchContacts' | 'searchContactsOfApp',
): INodeProperties =>
	pickerField({
		displayName: 'Contact',
		name: 'contactId',
		required: true,
		description,
		one: 'a contact',
		searchListMethod,
		exampleId: '01W4FFL35P4NC4K35CONTACT01',
		hint: 'Search by phone number with country code, external ID, or name (first 100 contacts)',
	});

export const readContactId = (item: Item): string =>
	requireId(item, 'Contact', idOf(item.read('contactId')), CHOOSE);

/** The picker of an app; without a choice, the credential's app applies. */
export const appField = (description: string): INodeProperties =>
	pickerField({
		displayName: 'App',
		name: 'appId',
		description,
		one: 'an app',
		searchListMethod: 'searchApps',
		exampleId: '01W4FFL35P4NC4K35CONVAPP01',
		hint: 'Empty: the app in the credential',
	});

/** Why the id of an app cannot be used, for an error; undefined for one that can. */
export function appIdError(id: string): { message: string; description: string } | undefined {
	if (id === '') {
		const description = 'Enter an App ID in the credential, or choose an app in this node.';
		return { message: "'App' is empty", description };
	}
	const wrong = idProblem(id);
	return wrong && { message: `'App' ${wrong.problem}: ${quote(id)}`, description: wrong.advice };
}

/** The chosen app, else the credential's. @param fields the item, or its options where the picker is one of them */
export function readAppId(fields: Item, credential: { appId: string }): string {
	const id = idOf(fields.read('appId')) || credential.appId;
	const wrong = appIdError(id);
	if (wrong) {
		throw fields.error(wrong.message, wrong.description);
	}
	return id;
}
