import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { createRequestId } from '../../sinch/requestId';
import type { CapabilityQuery, RegisteredQuery } from '../../sinch/types';
import { SinchClient } from '../../transport/client';
import { sendPerItem } from '../operation';
import type { Operation } from '../operation';
import { phoneNumberFormatOption, readRecipient, recipientFields } from './recipient';
import type { PhoneNumberFormat } from './recipient';

interface QueryOptions {
	appId?: string;
	phoneNumberFormat?: PhoneNumberFormat;
	requestId?: string;
	timeout?: number;
}

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'App ID',
			name: 'appId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 01W4FFL35P4NC4K35CONVAPP01',
			description: "Ask with this app instead of the credential's",
		},
		phoneNumberFormatOption,
		{
			displayName: 'Request ID',
			name: 'requestId',
			type: 'string',
			default: '',
			description:
				'The ID that comes back with each answer. Leave empty for a new one per item; use an expression, so that no two items share one.',
		},
		{
			displayName: 'Timeout',
			name: 'timeout',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 30,
			description: 'How many seconds to wait for Sinch to register the query',
		},
	],
};

/** Reads and checks one item's query; nothing is sent yet. */
function readQuery(context: IExecuteFunctions, client: SinchClient, itemIndex: number) {
	const { appId, phoneNumberFormat, requestId, timeout } = context.getNodeParameter(
		'options',
		itemIndex,
		{},
	) as QueryOptions;
	const app_id = String(appId ?? '').trim() || client.appId;
	if (app_id === '') {
		throw new NodeOperationError(context.getNode(), "'App ID' is empty", {
			itemIndex,
			description: "Enter it in the credential, or in this node's options.",
		});
	}
	const query: CapabilityQuery = {
		app_id,
		project_id: client.projectId,
		recipient: readRecipient(context, itemIndex, phoneNumberFormat),
		request_id: String(requestId ?? '').trim() || createRequestId(Date.now()),
	};
	return { query, timeoutSeconds: timeout };
}

/** Asks Sinch and answers with the registered request; the results come to the trigger node. */
export const query: Operation = {
	option: {
		name: 'Query',
		value: 'query',
		description: 'Ask on which channels a recipient can be reached; the trigger gets the answers',
		action: 'Query the capability of a recipient',
	},
	fields: [...recipientFields, options],
	async execute(): Promise<INodeExecutionData[][]> {
		const client = await SinchClient.create(this);
		const items = await sendPerItem(
			this,
			(itemIndex) => readQuery(this, client, itemIndex),
			async ({ query: body, timeoutSeconds }, itemIndex) =>
				await client.request<RegisteredQuery>({
					method: 'POST',
					path: '/capability:query',
					body,
					timeoutSeconds,
					itemIndex,
				}),
		);
		return [items];
	},
};
