import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { createRequestId } from '../../sinch/requestId';
import type { CapabilityQuery, RegisteredQuery } from '../../sinch/types';
import type { SinchClient } from '../../transport/client';
import { readRecipient } from './recipient';
import type { PhoneNumberFormat } from './recipient';

/** The options that every operation has that sends a capability query. */
export interface QueryOptions {
	appId?: string;
	phoneNumberFormat?: PhoneNumberFormat;
	requestId?: string;
	/** Seconds. */
	timeout?: number;
}

export const appIdOption: INodeProperties = {
	displayName: 'App ID',
	name: 'appId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 01W4FFL35P4NC4K35CONVAPP01',
	description: "Ask with this app instead of the credential's",
};

/**
 * Reads and checks one item's query; nothing is sent yet.
 *
 * @throws NodeOperationError naming field and item
 */
export function readQuery(
	context: IExecuteFunctions,
	client: SinchClient,
	itemIndex: number,
	{ appId, phoneNumberFormat, requestId }: QueryOptions,
): CapabilityQuery {
	const app_id = String(appId ?? '').trim() || client.appId;
	if (app_id === '') {
		throw new NodeOperationError(context.getNode(), "'App ID' is empty", {
			itemIndex,
			description: "Enter it in the credential, or in this node's options.",
		});
	}
	return {
		app_id,
		project_id: client.projectId,
		recipient: readRecipient(context, itemIndex, phoneNumberFormat),
		request_id: String(requestId ?? '').trim() || createRequestId(Date.now()),
	};
}

/** Registers a query at Sinch, which answers with the same request id unless it chose another. */
export async function sendQuery(
	client: SinchClient,
	body: CapabilityQuery,
	itemIndex: number,
	timeoutSeconds?: number,
): Promise<RegisteredQuery> {
	return await client.request<RegisteredQuery>({
		method: 'POST',
		path: '/capability:query',
		body,
		timeoutSeconds,
		itemIndex,
	});
}
