import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { Located } from '../pickers/locator';
import { idOf } from '../pickers/locator';

/**
 * The id that one item gives for something at Sinch, typed or picked.
 *
 * @param parameter e.g. `contactId`
 * @param label the parameter's, e.g. `Contact`
 * @throws NodeOperationError naming field and item when there is none, or none that could be one
 */
export function readId(
	context: IExecuteFunctions,
	parameter: string,
	label: string,
	itemIndex: number,
): string {
	const id = idOf(context.getNodeParameter(parameter, itemIndex, '') as Located);
	const fail = (message: string, description: string) =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });
	if (id === '') {
		throw fail(
			`'${label}' is empty`,
			'Pick one from the list, or enter the ID that Sinch gave it.',
		);
	}
	if (/\s/.test(id)) {
		throw fail(`'${label}' contains spaces`, 'An ID has 26 letters and digits and no spaces.');
	}
	return id;
}

/** The picked app of one item, else the credential's. @throws NodeOperationError without any */
export function readAppId(
	context: IExecuteFunctions,
	picked: Located,
	appIdOfCredential: string,
	itemIndex: number,
): string {
	const appId = idOf(picked) || appIdOfCredential;
	if (appId === '') {
		throw new NodeOperationError(context.getNode(), "'App' is empty", {
			itemIndex,
			description: 'Enter an App ID in the credential, or pick an app in this node.',
		});
	}
	return appId;
}
