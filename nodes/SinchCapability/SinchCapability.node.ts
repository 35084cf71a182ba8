import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';

import { longRunHints } from './actions/capability/hints';
import { findOperation, operationFields } from './actions/router';
import { getChannels } from './methods/getChannels';
import { searchApps } from './methods/searchApps';
import { searchContacts, searchContactsOfApp } from './methods/searchContacts';
import { WAIT_OUTCOMES } from './results/contactResult';

const outputPerOutcome = WAIT_OUTCOMES.map((displayName) => ({
	type: NodeConnectionTypes.Main,
	displayName,
}));

/** Asks Sinch on which channels a contact can be reached. */
export class SinchCapability implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Sinch Capability',
		name: 'sinchCapability',
		icon: {
			light: 'file:../../icons/sinchCapability.svg',
			dark: 'file:../../icons/sinchCapability.dark.svg',
		},
		group: ['output'],
		version: 1,
		// As words: `query and wait: capability`, `get all: contact`.
		subtitle:
			'={{ $parameter["operation"].replace(/[A-Z]/g, " $&").toLowerCase() + ": " + $parameter["resource"] }}',
		description:
			'Find out on which channels (RCS, WhatsApp, SMS, Viber …) a contact can be reached',
		defaults: { name: 'Sinch Capability' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: `={{ $parameter["operation"] === "queryAndWait" && $parameter["outputMode"] !== "single" ? ${JSON.stringify(outputPerOutcome)} : ["${NodeConnectionTypes.Main}"] }}`,
		credentials: [{ name: 'sinchConversationApi', required: true }],
		hints: longRunHints,
		properties: operationFields,
	};

	methods = {
		listSearch: { searchApps, searchContacts, searchContactsOfApp },
		loadOptions: { getChannels },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const resource = this.getNodeParameter('resource', 0) as string;
		const operation = this.getNodeParameter('operation', 0) as string;
		const found = findOperation(resource, operation);
		if (!found) {
			throw new NodeOperationError(
				this.getNode(),
				`This version of the node has no operation '${operation}' for '${resource}'`,
			);
		}
		return await found.execute.call(this);
	}
}
