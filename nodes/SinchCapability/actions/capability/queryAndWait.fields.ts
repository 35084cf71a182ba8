import type { INodeProperties } from 'n8n-workflow';

import { WAIT_OUTCOMES } from '../../results/contactResult';
import { phoneNumberFormatOption } from '../../parameters/channelIdentities';
import { answersPerSecondOption, appOption, queriesPerSecondOption } from './capabilityQuery';
import type { QueryOptions } from './capabilityQuery';
import { recipientFields } from '../../parameters/recipient';

/** The field that results go under when the input has fields of the same names. */
export const DEFAULT_RESULT_FIELD = 'capability';

export interface WaitOptions extends QueryOptions {
	resultField?: string;
}

export const queryAndWaitFields: INodeProperties[] = [
	...recipientFields,
	{
		displayName: 'Wait For',
		name: 'waitFor',
		type: 'options',
		options: [
			{
				name: 'All Answers',
				value: 'all',
				description: 'Until every channel of the recipient has answered',
			},
			{
				name: 'First Usable Channel',
				value: 'firstUsable',
				description: 'Until the first channel answers Full or Partial',
			},
		],
		default: 'all',
		description: 'When to stop waiting for a recipient',
	},
	{
		displayName: 'Timeout (Seconds)',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 30,
		description:
			'How long to wait for the answers to an item. The time that an item waits for its turn does not count.',
	},
	{
		displayName: 'Return',
		name: 'itemPer',
		type: 'options',
		options: [
			{
				name: 'One Item per Contact',
				value: 'contact',
				description: 'The best channel, and all others beside it',
			},
			{
				name: 'One Item per Channel',
				value: 'channel',
				description: 'An item for each channel, as the trigger emits it',
			},
		],
		default: 'contact',
		description: 'What an item stands for',
	},
	{
		displayName: 'Outputs',
		name: 'outputMode',
		type: 'options',
		options: [
			{
				name: 'One per Outcome',
				value: 'perOutcome',
				description: `Each outcome has its own branch: ${WAIT_OUTCOMES.join(', ')}`,
			},
			{
				name: 'Single',
				value: 'single',
				description: "All items leave on one branch; the field 'outcome' tells them apart",
			},
		],
		default: 'perOutcome',
		description: 'How the items leave this node',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			answersPerSecondOption,
			appOption,
			phoneNumberFormatOption,
			{
				displayName: 'Put Result in Field',
				name: 'resultField',
				type: 'string',
				default: DEFAULT_RESULT_FIELD,
				description: "The field to put the whole result in, beside the input's own fields",
			},
			queriesPerSecondOption,
		],
	},
];
