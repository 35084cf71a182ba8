import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { emptyFieldError } from './fieldError';
import type { ResourceLocatorValue } from './resourceLocator';
import { idOf, pickerField, requireIdForm } from './resourceLocator';

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
