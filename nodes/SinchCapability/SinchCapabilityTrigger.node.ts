import type {
	INodeOutputConfiguration,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { maxAgeOption } from './callbacks/maxAge';
import { OUTCOMES } from './results/outcomes';
import { appField } from './parameters/app';
import { IS_SINGLE_OUTPUT, outputModeField } from './parameters/outputMode';
import { searchApps } from './methods/searchApps';
import { TRIGGER_PATHS } from './shared/triggerPaths';
import { CHANNELS } from './sinch/channels';
import { handleRequest } from './trigger/handler';
import { lifecycle } from './trigger/lifecycle';
import { DEFAULT_WINDOW_SECONDS, MAX_WINDOW_SECONDS } from './trigger/options';

const outputPerOutcome: INodeOutputConfiguration[] = OUTCOMES.map((displayName) => ({
	type: NodeConnectionTypes.Main,
	displayName,
}));

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
					'<b>While you build the workflow</b>, click the button above. Then run a query in another tab. The editor shows the first answer only.<br /><br /><b>When the workflow is ready</b>, publish (activate) it. Every answer then runs it, and you find the runs under <a data-key="executions">Executions</a>.',
				active:
					'<b>While you build the workflow</b>, click the button above. Then run a query in another tab. The editor shows the first answer only.<br /><br /><b>Your workflow also runs by itself</b>, because it is published (active). You find its runs under <a data-key="executions">Executions</a>.',
			},
			activationHint: {
				inactive:
					'When the workflow is ready, publish (activate) it to receive every answer. You find its runs under Executions.',
				active: 'This workflow also runs for every answer. You find its runs under Executions.',
			},
		},
		builderHint: {
			searchHint:
				'Starts a workflow with each answer to a Sinch capability query. Its outputs are, in this order: Full, Partial, None, Unknown, Failed. It registers its webhook at Sinch by itself when the workflow is published. Query and Wait needs one published workflow with this trigger for the same app, and the trigger needs no connection for that.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-sinch-capability.sinchCapability',
					relationHint: 'Sends the queries whose answers this trigger receives',
				},
			],
		},
		defaults: { name: 'Sinch Capability Trigger' },
		inputs: [],
		outputs: `={{ ${IS_SINGLE_OUTPUT} ? ["${NodeConnectionTypes.Main}"] : ${JSON.stringify(outputPerOutcome)} }}`,
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
					'Publish (activate) this workflow to receive answers. The node registers its webhook at Sinch by itself.',
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
			outputModeField(OUTCOMES),
			{
				displayName: 'Simplify',
				name: 'simplify',
				type: 'boolean',
				default: true,
				description:
					'Whether to return a simplified version of the response instead of the raw data',
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: [
					{
						displayName: 'Acknowledge',
						name: 'acknowledge',
						type: 'options',
						options: [
							{
								name: 'When N8n Has Stored the Answer',
								value: 'stored',
								description:
									'Respond to Sinch as soon as n8n has stored the execution. If n8n is killed, it does not repeat executions that were running.',
							},
							{
								name: 'When the Workflow Has Finished',
								value: 'finished',
								description:
									'Respond to Sinch at the end of the execution. Sinch sends the answer again if n8n is killed or the workflow fails before that, so the workflow may run more than once for an answer.',
							},
						],
						default: 'stored',
						description: 'When to confirm to Sinch that an answer has arrived',
					},
					{
						displayName: 'Also Run for Query and Wait',
						name: 'emitAwaited',
						type: 'boolean',
						default: false,
						description:
							"Whether answers that the operation 'Query and Wait' is waiting for also start this workflow",
					},
					appField('The app to listen to instead of the one in the credential'),
					{
						displayName: 'Capability Statuses',
						name: 'statuses',
						type: 'multiOptions',
						options: [
							{ name: 'Full', value: 'CAPABILITY_FULL' },
							{ name: 'None', value: 'NO_CAPABILITY' },
							{ name: 'Partial', value: 'CAPABILITY_PARTIAL' },
							{ name: 'Unknown', value: 'CAPABILITY_UNKNOWN' },
						],
						default: [],
						description: 'Start the workflow for these statuses only; leave empty for all',
					},
					{
						displayName: 'Channels',
						name: 'channels',
						type: 'multiOptions',
						options: CHANNELS.map(({ name, value }) => ({ name, value })),
						default: [],
						description: 'Start the workflow for these channels only; leave empty for all',
					},
					{
						displayName: 'Collect for (Seconds)',
						name: 'windowSeconds',
						type: 'number',
						typeOptions: { minValue: 0.1, maxValue: MAX_WINDOW_SECONDS },
						default: DEFAULT_WINDOW_SECONDS,
						description:
							"How long to collect answers after the first one. Used only when 'Executions' is 'Grouped by Time'. Sinch waits for its response during this time, and does not document how long it will wait.",
					},
					{
						displayName: 'Executions',
						name: 'executions',
						type: 'options',
						options: [
							{
								name: 'Grouped by Time',
								value: 'groupedByTime',
								description:
									"Collect answers for the time in 'Collect for (Seconds)', then start one execution for all of them. Needs the fewest executions.",
							},
							{
								name: 'Grouped When Busy',
								value: 'groupedWhenBusy',
								description:
									'Start at once when n8n is free; answers that arrive while an execution is starting share the next one',
							},
							{
								name: 'One per Answer',
								value: 'onePerAnswer',
								description:
									'Start an execution for each answer, one after the other. Slower when many answers arrive together.',
							},
						],
						default: 'groupedWhenBusy',
						description:
							"How answers share executions. A grouped execution holds several items, and the next nodes handle each of them. 'first()' in an expression sees only one of the items, and an item that fails stops the others unless the failing node's 'On Error' setting is 'Continue'.",
					},
					maxAgeOption,
				],
			},
		],
	};

	methods = { listSearch: { searchApps } };

	webhookMethods = { default: lifecycle };

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await handleRequest.call(this);
	}
}
