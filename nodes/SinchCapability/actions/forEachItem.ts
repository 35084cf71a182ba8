import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { BulkClient } from '../transport/bulkClient';
import { prepareItems, workConcurrently } from './operation';
import { createClient, tellAboutRun } from './run';

/** What one operation does for each item; `answer` gives one item or several. */
interface Work<Request> {
	/** What was done, for the summary of a long run, e.g. `contacts created`. */
	done: string;
	/** Reads and checks an item's parameters before anything is sent. */
	prepare(client: BulkClient, item: number): Request;
	answer(client: BulkClient, request: Request, item: number): Promise<object | object[]>;
}

/** Runs an operation with one output for every item, several at once, in the order of the input. */
export async function forEachItem<Request>(
	context: IExecuteFunctions,
	{ done, prepare, answer }: Work<Request>,
): Promise<INodeExecutionData[][]> {
	const started = Date.now();
	const client = await createClient(context);
	const requests = await prepareItems(context, (item) => prepare(client, item));
	const answers = await workConcurrently(
		context,
		requests,
		async (request, item) => await answer(client, request, item),
	);
	tellAboutRun(context, client, answers, started, done);
	return [
		answers.flatMap((one, item): INodeExecutionData[] =>
			'failed' in one
				? [one.failed]
				: [one.done].flat().map((json) => ({ json: json as IDataObject, pairedItem: { item } })),
		),
	];
}
