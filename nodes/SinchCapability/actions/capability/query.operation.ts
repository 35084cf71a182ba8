import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { prepareItems, workConcurrently } from '../operation';
import type { Operation } from '../operation';
import {
	appIdOption,
	createClient,
	readQuery,
	requestsPerSecondOption,
	sendQuery,
	tellAboutRun,
} from './capabilityQuery';
import type { QueryOptions } from './capabilityQuery';
import { phoneNumberFormatOption, recipientFields } from './recipient';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		appIdOption,
		phoneNumberFormatOption,
		{
			displayName: 'Request ID',
			name: 'requestId',
			type: 'string',
			default: '',
			description:
				'The ID that comes back with each answer. Leave empty for a new one per item; use an expression, so that no two items share one.',
		},
		requestsPerSecondOption,
		{
			displayName: 'Timeout (Seconds)',
			name: 'timeout',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 30,
			description: 'How long to wait for Sinch to register the query',
		},
	],
};

/** Asks Sinch and answers with the registered request; the results come to the trigger node. */
export const query: Operation = {
	option: {
		name: 'Query',
		value: 'query',
		description: 'Ask on which channels a recipient can be reached; the trigger gets the answers',
		action: 'Query capability',
	},
	fields: [...recipientFields, options],
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const started = Date.now();
		const client = await createClient(this);
		const queries = await prepareItems(this, (item) => {
			const given = this.getNodeParameter('options', item, {}) as QueryOptions;
			return { body: readQuery(this, client, item, given), timeout: given.timeout };
		});
		const answers = await workConcurrently(this, queries, async ({ body, timeout }, item) => {
			return await sendQuery(client, body, item, timeout);
		});
		tellAboutRun(this, client, answers, started);
		return [
			answers.map((answer, item) =>
				'failed' in answer
					? answer.failed
					: { json: answer.done as object as IDataObject, pairedItem: { item } },
			),
		];
	},
};
