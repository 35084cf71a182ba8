import type { INodeProperties } from 'n8n-workflow';

import { OUTCOMES } from '../notification/outcomes';
import { maxAgeOption } from '../parameters/maxAge';
import { outputModeField, simplifyField } from '../parameters/outputMode';
import { appField } from '../parameters/pickers';
import { CHANNELS } from '../sinch/channels';
import { optionsCollection } from '../parameters/item';

/** The fields beside the options. */
export const FIELDS: INodeProperties[] = [outputModeField(OUTCOMES), simplifyField];

/** The options, by whose types, choices and bounds they are read. */
export const OPTIONS: INodeProperties[] = [
	{
		displayName: 'Answers per Execution',
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
				name: 'One',
				value: 'onePerAnswer',
				description:
					'Start an execution for each answer, one after the other. Slower when many answers arrive together.',
			},
		],
		default: 'groupedWhenBusy',
		description:
			"How many answers share an execution. A grouped execution holds several items, and the next nodes handle each of them. 'first()' in an expression sees only one of the items, and an item that fails stops the others unless the failing node's 'On Error' setting is 'Continue'.",
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
		description:
			'Start the workflow only for these statuses of Sinch; leave empty for all. A check that failed has the status None or Unknown.',
	},
	{
		displayName: 'Channels',
		name: 'channels',
		type: 'multiOptions',
		options: CHANNELS.map(({ name, value }) => ({ name, value })),
		default: [],
		description: 'Start the workflow only for these channels; leave empty for all',
	},
	{
		displayName: 'Collect for (Seconds)',
		name: 'windowSeconds',
		type: 'number',
		displayOptions: { show: { executions: ['groupedByTime'] } },
		typeOptions: { minValue: 0.1, maxValue: 10 },
		default: 2,
		description:
			'How long to collect answers after the first one. Sinch waits for its response during this time, and does not document how long it will wait.',
	},
	{
		displayName: 'Confirm to Sinch',
		name: 'acknowledge',
		type: 'options',
		options: [
			{
				name: 'When the Answer Is Stored',
				value: 'stored',
				description:
					'Respond to Sinch as soon as n8n has stored the execution that carries the answer. If n8n stops unexpectedly, executions that were running are not repeated.',
			},
			{
				name: 'When the Workflow Has Finished',
				value: 'finished',
				description:
					'Respond to Sinch at the end of the execution. Sinch sends the answer again if n8n stops unexpectedly or the workflow fails before that, so the workflow may run more than once for an answer.',
			},
		],
		default: 'stored',
		description:
			'When to confirm to Sinch that an answer has arrived; what is not confirmed, Sinch sends again',
	},
	{
		displayName: 'Include Awaited Answers',
		name: 'emitAwaited',
		type: 'boolean',
		default: false,
		description:
			"Whether to start this workflow also for answers that 'Check Reachability and Wait' is waiting for",
	},
	maxAgeOption,
];

/** The trigger node's options. */
export const optionsField: INodeProperties = optionsCollection(OPTIONS);
