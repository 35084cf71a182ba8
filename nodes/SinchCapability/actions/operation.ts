import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { readPositiveNumber } from '../parameters/numbers';
import { PacedClient } from '../transport/pacedClient';
import type { Attempt } from './items';
import { prepareItems, withInput, workConcurrently } from './items';

/** One operation of the action node: its place in the form, and what it does. */
export interface Operation {
	option: INodePropertyOptions;
	/** The operation's parameters, without the conditions that show them. */
	fields: INodeProperties[];
	execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]>;
}

/** Whether an AI agent runs the node: n8n gives the tool version of a node this suffix. */
export const isTool = (context: IExecuteFunctions): boolean =>
	context.getNode().type.endsWith('Tool');

/** The client of one execution; its pace is the first item's. */
export async function createClient(context: IExecuteFunctions): Promise<PacedClient> {
	const { requestsPerSecond } = context.getNodeParameter('options', 0, {}) as {
		requestsPerSecond?: unknown;
	};
	return await PacedClient.create(
		context,
		requestsPerSecond === undefined
			? undefined
			: readPositiveNumber(context, 0, 'Requests per Second', requestsPerSecond),
	);
}

/** A run of this many items gets a summary even if nothing went wrong. */
const LONG_RUN = 100;

/**
 * Shows in the editor how a long or a troubled run went.
 *
 * @param what was done for each item, e.g. `queries registered`
 */
export function addRunSummary(
	context: IExecuteFunctions,
	{ tally: { retried, slowedDown } }: PacedClient,
	results: Array<Attempt<unknown>>,
	started: number,
	what: string,
): void {
	const failed = results.filter((result) => 'failed' in result).length;
	if (results.length >= LONG_RUN || retried > 0) {
		const seconds = ((Date.now() - started) / 1000).toFixed(1);
		context.addExecutionHints({
			message: `${results.length - failed} ${what} and ${failed} failed in ${seconds} seconds. Retries: ${retried}; rate limit responses from Sinch: ${slowedDown}.`,
			type: failed > 0 ? 'warning' : 'info',
		});
	}
}

/** What one operation does for each item; `answer` returns one item or several. */
interface Work<Input> {
	/** What was done, for the summary of a long run, e.g. `contacts created`. */
	done: string;
	/** Whether an item that failed keeps the fields of its input, as `answer` does for the others. */
	keepsInput?: boolean;
	/** Reads and checks an item's parameters before anything is sent. */
	prepare(client: PacedClient, itemIndex: number): Input;
	answer(client: PacedClient, request: Input, itemIndex: number): Promise<object | object[]>;
	/** Runs once at the end, with all that was prepared. */
	afterwards?(client: PacedClient, requests: Input[]): Promise<void>;
}

/** Runs an operation with one output for every item, several at once, in the order of the input. */
export async function forEachItem<Input>(
	context: IExecuteFunctions,
	{ done, keepsInput, prepare, answer, afterwards }: Work<Input>,
): Promise<INodeExecutionData[][]> {
	const started = Date.now();
	const client = await createClient(context);
	const requests = await prepareItems(context, (itemIndex) => prepare(client, itemIndex));
	const answers = await workConcurrently(
		context,
		client,
		requests,
		async (request, itemIndex) => await answer(client, request, itemIndex),
	);
	addRunSummary(context, client, answers, started, done);
	const inputs = context.getInputData();
	await afterwards?.(
		client,
		requests.flatMap((request) => ('done' in request ? request.done : [])),
	);
	return [
		answers.flatMap((one, itemIndex): INodeExecutionData[] =>
			'failed' in one
				? [keepsInput ? withInput(context, one.failed, inputs[itemIndex].json) : one.failed]
				: [one.done]
						.flat()
						.map((json) => ({ json: json as IDataObject, pairedItem: { item: itemIndex } })),
		),
	];
}
