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
import { prepareItems, withBinary, withInput, workConcurrently } from './items';

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

/** What was done, e.g. `contact created` and `contacts created`. */
export interface Caption {
	one: string;
	many: string;
}

/** Shows in the editor how a long or a troubled run went. */
export function addRunSummary(
	context: IExecuteFunctions,
	{ tally: { retried, slowedDown } }: PacedClient,
	results: Array<Attempt<unknown>>,
	started: number,
	{ one, many }: Caption,
): void {
	const failed = results.filter((result) => 'failed' in result).length;
	if (results.length >= LONG_RUN || retried > 0) {
		const succeeded = results.length - failed;
		const seconds = ((performance.now() - started) / 1000).toFixed(1);
		context.addExecutionHints({
			message: `${succeeded} ${succeeded === 1 ? one : many} and ${failed} failed in ${seconds} seconds. Retries: ${retried}; rate limit responses from Sinch: ${slowedDown}.`,
			type: failed > 0 ? 'warning' : 'info',
		});
	}
}

/** What one operation does for each item; `send` returns one item or several. */
interface Work<Input> {
	/** For the summary of a long run. */
	caption: Caption;
	/** Whether items keep the files of their input, and those that failed its fields, as `send` does. */
	keepsInput?: boolean;
	/** Reads and checks an item's parameters before anything is sent. */
	prepare(client: PacedClient, itemIndex: number): Input;
	send(client: PacedClient, request: Input, itemIndex: number): Promise<object | object[]>;
	/** Runs once at the end, with all that was prepared. */
	afterwards?(client: PacedClient, requests: Input[]): Promise<void>;
}

/** Runs an operation with one output for every item, several at once, in the order of the input. */
export async function forEachItem<Input>(
	context: IExecuteFunctions,
	{ caption, keepsInput, prepare, send, afterwards }: Work<Input>,
): Promise<INodeExecutionData[][]> {
	const started = performance.now();
	const client = await createClient(context);
	const requests = await prepareItems(context, (itemIndex) => prepare(client, itemIndex));
	const attempts = await workConcurrently(
		context,
		client,
		requests,
		async (request, itemIndex) => await send(client, request, itemIndex),
	);
	addRunSummary(context, client, attempts, started, caption);
	const inputs = context.getInputData();
	await afterwards?.(
		client,
		requests.flatMap((request) => ('result' in request ? request.result : [])),
	);
	return [
		attempts.flatMap((one, itemIndex): INodeExecutionData[] => {
			const input = inputs[itemIndex];
			if ('failed' in one) {
				return [keepsInput ? withInput(context, one.failed, input) : one.failed];
			}
			return [one.result].flat().map((json) => {
				const item = { json: json as IDataObject, pairedItem: { item: itemIndex } };
				return keepsInput ? withBinary(item, input) : item;
			});
		}),
	];
}
