import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { emptyFieldError, fieldError } from './fieldError';

/**
 * A resource locator's value as n8n stores it; older workflows and expressions hold the
 * plain text.
 */
export type ResourceLocatorValue = string | { mode?: string; value?: unknown } | null | undefined;

/** What differs between the pickers of Sinch's resources. */
interface Picker {
	/** The parameter's name, e.g. `contactId`. */
	name: string;
	/** E.g. `Contact`. */
	displayName: string;
	description: string;
	/** With its article, e.g. `a contact`. */
	one: string;
	/** The method that lists them. */
	searchListMethod: string;
	exampleId: string;
	required?: boolean;
	/** Shown below the list. */
	hint?: string;
}

/** A field whose value can be chosen from a list or entered as an ID. */
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
 * The id in a resource locator, without spaces around it; empty for none. In contrast to
 * n8n's `extractValue` it does not search the node's description for each item.
 */
export function idOf(located: ResourceLocatorValue): string {
	const value = typeof located === 'object' ? located?.value : located;
	return String(value ?? '').trim();
}

/** Whether the text is an expression that n8n has not evaluated, as the editor sends it. */
export const isExpression = (text: string): boolean => text.startsWith('=');

const ID_FORM = 'An ID has 26 letters and digits';

/**
 * Why a text cannot be an id, and what to do about it; undefined for one that can.
 */
export function idProblem(id: string): { problem: string; advice: string } | undefined {
	if (/\s/.test(id)) {
		return { problem: 'contains spaces', advice: `${ID_FORM} and no spaces.` };
	}
	// In a path, dots lead to the parent, however they are encoded.
	return id === '.' || id === '..' ? { problem: 'is not an ID', advice: `${ID_FORM}.` } : undefined;
}

/** @throws NodeOperationError naming field and item for text that cannot be an id */
function requireIdForm(
	context: IExecuteFunctions,
	itemIndex: number,
	label: string,
	id: string,
): void {
	const wrong = idProblem(id);
	if (wrong) {
		throw fieldError(context, itemIndex, label, wrong.problem, wrong.advice, id);
	}
}

/**
 * The id that one item gives for a resource of Sinch, typed or chosen.
 *
 * @param parameter e.g. `contactId`
 * @param label the parameter's, e.g. `Contact`
 * @throws NodeOperationError naming field and item when there is no ID, or not a valid one
 */
function readId(
	context: IExecuteFunctions,
	itemIndex: number,
	parameter: string,
	label: string,
): string {
	const id = idOf(context.getNodeParameter(parameter, itemIndex, '') as ResourceLocatorValue);
	if (id === '') {
		throw emptyFieldError(context, itemIndex, label, 'Choose one from the list, or enter its ID.');
	}
	requireIdForm(context, itemIndex, label, id);
	return id;
}

/** The picker of a webhook, among those of the app in the same form. */
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

/** @throws NodeOperationError naming field and item when there is no ID, or not a valid one */
export const readWebhookId = (context: IExecuteFunctions, itemIndex: number): string =>
	readId(context, itemIndex, 'webhookId', 'Webhook');

/**
 * The picker of a contact.
 *
 * @param searchListMethod `searchContacts`, or `searchContactsOfApp` where the app must know them
 */
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

/** @throws NodeOperationError naming field and item when there is no ID, or not a valid one */
export const readContactId = (context: IExecuteFunctions, itemIndex: number): string =>
	readId(context, itemIndex, 'contactId', 'Contact');

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

/**
 * The chosen app of one item, else the credential's.
 *
 * @throws NodeOperationError without any, or for text that cannot be an id
 */
export function readAppId(
	context: IExecuteFunctions,
	itemIndex: number,
	picked: ResourceLocatorValue,
	appIdOfCredential: string,
): string {
	const appId = idOf(picked) || appIdOfCredential;
	if (appId === '') {
		throw emptyFieldError(
			context,
			itemIndex,
			'App',
			'Enter an App ID in the credential, or choose an app in this node.',
		);
	}
	requireIdForm(context, itemIndex, 'App', appId);
	return appId;
}
