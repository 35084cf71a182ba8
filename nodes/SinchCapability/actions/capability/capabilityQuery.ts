import type { IExecuteFunctions } from 'n8n-workflow';

import { appField } from '../../pickers/fields';
import type { Located } from '../../pickers/locator';
import { createRequestId } from '../../sinch/requestId';
import type { CapabilityQuery, RegisteredQuery } from '../../sinch/types';
import type { BulkClient } from '../../transport/bulkClient';
import type { PhoneNumberFormat } from '../identities';
import { readAppId } from '../ids';
import { requestsPerSecondOption } from '../run';
import { readRecipient } from './recipient';

/** The options that every operation has that sends a capability query. */
export interface QueryOptions {
	appId?: Located;
	phoneNumberFormat?: PhoneNumberFormat;
	requestId?: string;
	requestsPerSecond?: number;
	/** Seconds. */
	timeout?: number;
}

export const appOption = appField("Ask with this app instead of the credential's");

export const queriesPerSecondOption = requestsPerSecondOption(
	'; the answers arrive at 25 a second by default',
);

/**
 * Reads and checks one item's query; nothing is sent yet.
 *
 * @throws NodeOperationError naming field and item
 */
export function readQuery(
	context: IExecuteFunctions,
	client: BulkClient,
	itemIndex: number,
	{ appId, phoneNumberFormat, requestId }: QueryOptions,
): CapabilityQuery {
	return {
		app_id: readAppId(context, appId, client.appId, itemIndex),
		project_id: client.projectId,
		recipient: readRecipient(context, itemIndex, phoneNumberFormat),
		request_id: String(requestId ?? '').trim() || createRequestId(Date.now()),
	};
}

/** Registers a query at Sinch, which answers with the same request id unless it chose another. */
export async function sendQuery(
	client: BulkClient,
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
