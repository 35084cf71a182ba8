import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { BulkClient, DEFAULT_REQUESTS_PER_SECOND } from '../transport/bulkClient';
import { PROJECT_LIMIT } from '../transport/pace';
import type { Attempt } from './operation';

/** @param furthermore the end of the description, without full stop */
export const requestsPerSecondOption = (furthermore = ''): INodeProperties => ({
	displayName: 'Requests per Second',
	name: 'requestsPerSecond',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: PROJECT_LIMIT },
	default: DEFAULT_REQUESTS_PER_SECOND,
	description: `How fast to send many items. Sinch allows ${PROJECT_LIMIT} requests a second for all apps of a project together${furthermore}.`,
});

/** The client of one execution; its pace is the first item's. */
export async function createClient(context: IExecuteFunctions): Promise<BulkClient> {
	const { requestsPerSecond } = context.getNodeParameter('options', 0, {}) as {
		requestsPerSecond?: number;
	};
	return await BulkClient.create(context, requestsPerSecond);
}

/** From how many items on a run is worth a summary though nothing went wrong. */
const LONG_RUN = 100;

/**
 * Shows in the editor how a long or a troubled run went.
 *
 * @param what was done for each item, e.g. `queries registered`
 */
export function tellAboutRun(
	context: IExecuteFunctions,
	{ tally: { retried, slowedDown } }: BulkClient,
	results: Array<Attempt<unknown>>,
	started: number,
	what: string,
): void {
	const failed = results.filter((result) => 'failed' in result).length;
	if (results.length >= LONG_RUN || retried > 0) {
		const seconds = ((Date.now() - started) / 1000).toFixed(1);
		context.addExecutionHints({
			message: `${results.length - failed} ${what} and ${failed} failed in ${seconds} seconds; ${retried} tries repeated, ${slowedDown} times slowed down by Sinch.`,
			type: failed > 0 ? 'warning' : 'info',
		});
	}
}
