import type { INodeProperties } from 'n8n-workflow';

import { maxAgeOption } from '../../parameters/maxAge';
import { outputModeField } from '../../parameters/outputMode';
import { OUTCOMES } from '../../notification/outcomes';

/** The outputs of requests that are not capability notifications, or not genuine. */
const OTHERS = ['Ignored', 'Refused'] as const;

/** The outputs in their order: one for each outcome, or one for all of them. */
export const PARSE_OUTPUTS = {
	perOutcome: [...OUTCOMES, ...OTHERS],
	single: ['Notification', ...OTHERS],
} as const;

/** Where n8n's Webhook node puts the raw body. */
export const DEFAULT_BINARY_FIELD = 'data';

export const parseNotificationFields: INodeProperties[] = [
	{
		displayName:
			"Place this node directly after n8n's Webhook node, and turn on the option Raw Body there. Use it for a webhook of your own, such as one that the operation Create of the resource Webhook has registered; the Sinch Capability Trigger does not need it.",
		name: 'parseNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Secret From',
		name: 'secretFrom',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Credential',
				value: 'credential',
				description: "The field 'Webhook Secret' of the credential",
			},
			{
				name: 'Field',
				value: 'field',
				description: 'A field of this node, which may be an expression; needs no credential',
			},
		],
		default: 'credential',
		description: 'Where the secret of the webhook is',
	},
	{
		displayName: 'Webhook Secret',
		name: 'webhookSecret',
		type: 'string',
		typeOptions: { password: true },
		required: true,
		default: '',
		description: "The webhook's secret at Sinch",
		displayOptions: { show: { secretFrom: ['field'] } },
	},
	outputModeField(
		OUTCOMES,
		'. Other callbacks are always sent to Ignored, and requests that are not genuine to Refused.',
	),
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Raw Body Field',
				name: 'binaryField',
				type: 'string',
				default: DEFAULT_BINARY_FIELD,
				description: 'The binary field of the input that holds the raw body',
			},
			maxAgeOption,
		],
	},
];
