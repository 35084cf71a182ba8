import type { INodeType, INodeTypeDescription, IWebhookFunctions } from 'n8n-workflow';

import { OUTCOMES } from './notification/outcomes';
import { IS_SINGLE_OUTPUT, namedOutputs, ONE_OUTPUT } from './parameters/outputMode';
import { searchApps } from './actions/lists';
import { TRIGGER_PATHS } from './shared/webhookAddresses';
import { handleRequest } from './trigger/handler';
import { lifecycle } from './trigger/lifecycle';
import { triggerFields } from './trigger/options';

/** Starts a workflow with each answer to a capability query. */
export class SinchCapabilityTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Sinch Capability Trigger',
		name: 'sinchCapabilityTrigger',
		icon: {
			light: 'file:../../icons/sinchCapability.svg',
			dark: 'file:../../icons/sinchCapability.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: `={{${IS_SINGLE_OUTPUT} ? "single output" : "one output per outcome"}}`,
		// The nodes panel shows this one for both nodes of the package.
		description: 'Find out on which channels (RCS, WhatsApp, SMS …) a contact can be reached',
		eventTriggerDescription: 'Waiting for Sinch to answer a capability query',
		activationMessage: 'Sinch now sends the answers to capability queries to this workflow.',
		triggerPanel: {
			header: 'Receive an answer from Sinch',
			executionsHelp: {
				inactive:
					'<b>While you build the workflow</b>, click the button above, then run <i>Check reachability</i> in another tab. One run shows one answer.<br /><br /><b>When the workflow is ready</b>, publish (activate) it. Answers then run it, and you will find the runs under <a data-key="executions">Executions</a>. Those that <i>Check reachability and wait</i> is waiting for do not run it.',
				active:
					'<b>While you build the workflow</b>, click the button above, then run <i>Check reachability</i> in another tab. One run shows one answer.<br /><br /><b>Your workflow also runs by itself</b>, because it is published (active). You will find its runs under <a data-key="executions">Executions</a>. Answers that <i>Check reachability and wait</i> is waiting for do not run it.',
			},
			activationHint: {
				inactive:
					'When the workflow is ready, publish (activate) it. You will find its runs under Executions; answers that Check reachability and wait is waiting for do not run it.',
				active:
					'This workflow also runs by itself; you will find its runs under Executions. Answers that Check reachability and wait is waiting for do not run it.',
			},
		},
		builderHint: {
			searchHint:
				'Starts a workflow with each answer to a Sinch capability query. Its outputs are, in this order: Full, Partial, None, Unknown, Failed. It registers its webhook at Sinch by itself when the workflow is published. Check Reachability and Wait needs one published workflow with this trigger for the same app, and the trigger needs no connection for that.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-sinch-capability.sinchCapability',
					relationHint: 'Sends the queries whose answers this trigger receives',
				},
			],
		},
		defaults: { name: 'Sinch Capability Trigger' },
		inputs: [],
		outputs: `={{ ${IS_SINGLE_OUTPUT} ? ${ONE_OUTPUT} : ${namedOutputs(OUTCOMES)} }}`,
		credentials: [{ name: 'sinchConversationApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: '',
				path: TRIGGER_PATHS.stored,
				// Hidden, because the node registers the address itself.
				ndvHideUrl: true,
			},
			{
				// Sinch posts to this one instead when it is to wait for the end of the workflow.
				name: 'setup',
				httpMethod: 'POST',
				responseMode: 'lastNode',
				responseData: 'noData',
				path: TRIGGER_PATHS.finished,
				ndvHideUrl: true,
			},
		],
		properties: [
			{
				displayName:
					'Publish (activate) this workflow to receive answers. The node registers its webhook at Sinch by itself. To try it, click Execute step, then run Check reachability in another tab. Answers that Check reachability and wait is waiting for do not start this workflow.',
				name: 'notice',
				type: 'notice',
				default: '',
			},
			{
				// n8n's nodes panel names a trigger after the options of its field 'Event'.
				displayName: 'Event',
				name: 'event',
				type: 'hidden',
				options: [
					{
						name: 'Capability Answer',
						value: 'capabilityAnswer',
						action: 'On capability answer',
						description: 'Start the workflow with each answer to a capability query',
					},
				],
				default: 'capabilityAnswer',
			},
			...triggerFields,
		],
	};

	methods = { listSearch: { searchApps } };

	webhookMethods = { default: lifecycle };

	async webhook(this: IWebhookFunctions) {
		return await handleRequest.call(this);
	}
}
