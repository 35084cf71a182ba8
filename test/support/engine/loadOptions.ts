import { LoadOptionsContext } from 'n8n-core';
import type { ILoadOptionsFunctions, INodeParameters, INodeType } from 'n8n-workflow';
import type { CredentialStore } from './credentialStore';
import { additionalDataOf } from './surroundings';
import { nodeOf, workflowOf } from './workflow';

export interface LoadOptionsGiven {
	/** The parameters in the editor, unsaved. */
	parameters?: INodeParameters;
	credentials?: CredentialStore;
	/** Parameter whose list is asked for, e.g. `parameters.contactId`. */
	path?: string;
}

/**
 * A real `LoadOptionsContext`, as n8n 2.41.1 makes it for a dropdown or a resource locator's list.
 *
 * @example
 * const context = loadOptionsContext(node, { credentials: store });
 * const { results } = await node.methods.listSearch.searchContacts.call(context, 'ada');
 */
export function loadOptionsContext(
	nodeType: INodeType,
	{ parameters = {}, credentials, path = 'parameters' }: LoadOptionsGiven = {},
): ILoadOptionsFunctions {
	const node = nodeOf(nodeType, parameters, { name: 'Temp-Node', credentials });
	const additionalData = {
		...additionalDataOf(credentials),
		currentNodeParameters: structuredClone(parameters),
	};
	return new LoadOptionsContext(workflowOf([node], [nodeType]), node, additionalData, path);
}
