import type { INodeProperties } from 'n8n-workflow';

import { WAIT_OUTCOMES } from '../../waiting/contactResult';
import { DEFAULT_RESULT_FIELD } from '../mergeInput';
import { phoneNumberFormatOption } from '../../parameters/channelIdentities';
import { defaultCountryOption } from '../../parameters/defaultCountry';
import { outputModeField } from '../../parameters/outputMode';
import { answersPerSecondOption, appOption, queriesPerSecondOption } from './readQuery';
import { recipientFields } from '../../parameters/recipient';

const bestChannelOption: INodeProperties = {
	displayName: 'Best Channel',
	name: 'bestChannel',
	type: 'options',
	options: [
		{
			name: 'First Usable in My Order',
			value: 'firstUsable',
			description:
				'The first of the channels, in the order you chose them, that is Full or Partial',
		},
		{
			name: 'Most Capable',
			value: 'mostCapable',
			description: 'The first channel that is Full, else the first that is Partial',
		},
	],
	default: 'firstUsable',
	description: 'Which channel decides the outcome of a contact when several can be used',
};

export const queryAndWaitFields: INodeProperties[] = [
	{
		displayName:
			'Needs a published (active) workflow with a Sinch Capability Trigger for the same app',
		name: 'triggerNotice',
		type: 'notice',
		default: '',
	},
	...recipientFields,
	{
		displayName: 'Wait Until',
		name: 'waitFor',
		type: 'options',
		options: [
			{
				name: 'All Answers',
				value: 'all',
				description: 'Every channel of the recipient has answered',
			},
			{
				name: 'First Usable Channel',
				value: 'firstUsable',
				description: 'A channel has answered Full or Partial',
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
		displayName: 'Return Items',
		name: 'itemPer',
		type: 'options',
		options: [
			{
				name: 'One Item per Contact',
				value: 'contact',
				description: 'The best channel, with the results of all channels',
			},
			{
				name: 'One Item per Channel',
				value: 'channel',
				description: 'An item for each channel, as the trigger emits it',
			},
		],
		default: 'contact',
		description: 'What each item represents',
	},
	outputModeField(WAIT_OUTCOMES),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			answersPerSecondOption,
			appOption,
			bestChannelOption,
			defaultCountryOption,
			phoneNumberFormatOption,
			{
				displayName: 'Put Result in Field',
				name: 'resultField',
				type: 'string',
				default: DEFAULT_RESULT_FIELD,
				description:
					"The field to put the whole result in, next to the input's own fields. It replaces an input field of this name.",
			},
			queriesPerSecondOption,
		],
	},
];
