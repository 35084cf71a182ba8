import type { IExecuteFunctions, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';

import { longRunHint } from './actions/capability/hints';
import { findOperation, operationFields, OUTPUTS, SUBTITLE } from './actions/router';
import {
	getChannels,
	searchApps,
	searchContacts,
	searchContactsOfApp,
	searchWebhooks,
} from './actions/lists';

/** Checks on which channels a contact can be reached. */
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
		subtitle: SUBTITLE,
		description: 'Find out on which channels (RCS, WhatsApp, SMS …) a contact can be reached',
		defaults: { name: 'Sinch Capability' },
		usableAsTool: {
			replacements: {
				// Written for a language model, which chooses its tools by this text.
				description:
					"Checks on which messaging channels (RCS, WhatsApp, SMS, MMS, Viber and others) a phone number or contact can be reached right now. Use it before you recommend or choose a channel. Give phone numbers with their country code. The operation 'Check Reachability and Wait' returns the outcome of each channel (Full, Partial, None, Unknown, Failed or No Answer) and the best channel; 'best_channel' is null when none can be used. It sends no message to anyone.",
			},
		},
		builderHint: {
			searchHint:
				"To branch on the answer in the same workflow, use the resource 'capability' with the operation 'queryAndWait'. Its outputs are, in this order: Full, Partial, None, Unknown, Failed, No Answer. It needs a published workflow with a Sinch Capability Trigger for the same app in this n8n. The operation 'query' has one output, and its answers start the workflow of the trigger.",
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-sinch-capability.sinchCapabilityTrigger',
					relationHint:
						'Receives the answers; one published workflow with it is needed for each app',
				},
			],
		},
		inputs: [NodeConnectionTypes.Main],
		outputs: OUTPUTS,
		credentials: [
			{
				name: 'sinchConversationApi',
				required: true,
				// Parse Notification sends nothing to Sinch, and needs none when its secret is a field.
				displayOptions: { hide: { secretFrom: ['field'] } },
			},
		],
		hints: [longRunHint],
		properties: operationFields,
	};

	methods = {
		listSearch: { searchApps, searchContacts, searchContactsOfApp, searchWebhooks },
		loadOptions: { getChannels },
	};

	async execute(this: IExecuteFunctions) {
		const resource = String(this.getNodeParameter('resource', 0));
		const operation = String(this.getNodeParameter('operation', 0, ''));
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
