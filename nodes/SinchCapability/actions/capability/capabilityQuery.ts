import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { createRequestId } from '../../sinch/requestId';
import type { CapabilityQuery, RegisteredQuery } from '../../sinch/types';
import { BulkClient, DEFAULT_REQUESTS_PER_SECOND } from '../../transport/bulkClient';
import { PROJECT_LIMIT } from '../../transport/pace';
import type { Attempt } from '../operation';
import { readRecipient } from './recipient';
import type { PhoneNumberFormat } from './recipient';

/** The options that every operation has that sends a capability query. */
export interface QueryOptions {
	appId?: string;
	phoneNumberFormat?: PhoneNumberFormat;
	requestId?: string;
	requestsPerSecond?: number;
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

export const requestsPerSecondOption: INodeProperties = {
	displayName: 'Requests per Second',
	name: 'requestsPerSecond',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: PROJECT_LIMIT },
	default: DEFAULT_REQUESTS_PER_SECOND,
	description: `How fast to send many items. Sinch allows ${PROJECT_LIMIT} requests a second for all apps of a project together; the answers arrive at 25 a second by default.`,
};

/** The client of one execution; its pace is the first item's. */
export async function createClient(context: IExecuteFunctions): Promise<BulkClient> {
	const { requestsPerSecond } = context.getNodeParameter('options', 0, {}) as QueryOptions;
	return await BulkClient.create(context, requestsPerSecond);
}

/** From how many items on a run is worth a summary though nothing went wrong. */
const LONG_RUN = 100;

/** Shows in the editor how a long or a troubled run went. */
export function tellAboutRun(
	context: IExecuteFunctions,
	{ tally: { retried, slowedDown } }: BulkClient,
	results: Array<Attempt<unknown>>,
	started: number,
): void {
	const failed = results.filter((result) => 'failed' in result).length;
	if (results.length >= LONG_RUN || retried > 0) {
		const seconds = ((Date.now() - started) / 1000).toFixed(1);
		context.addExecutionHints({
			message: `${results.length - failed} queries registered and ${failed} failed in ${seconds} seconds; ${retried} tries repeated, ${slowedDown} times slowed down by Sinch.`,
			type: failed > 0 ? 'warning' : 'info',
		});
	}
}

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
