import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { PROJECT_LIMIT } from '../pacing/requestPace';
import { type Item, itemsOf } from '../parameters/item';
import { type ApiClient, SinchClient } from '../transport/client';
import { PacedClient } from '../transport/pacedClient';
import { prepareItems, withBinary, withInput, workConcurrently } from './items';

/** One operation, as the list of operations shows it. */
export interface Operation extends INodePropertyOptions {
	/** The operation's parameters, without the conditions that show them. */
	fields: INodeProperties[];
	execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]>;
}

/** Whether an AI agent runs the node: n8n gives the tool version of a node this suffix. */
export const isTool = (context: IExecuteFunctions): boolean =>
	context.getNode().type.endsWith('Tool');

/** Half of Sinch's limit for a project, which leaves room for its other systems. */
const DEFAULT_REQUESTS_PER_SECOND = 400;

/** @param suffix the end of the description, without a full stop */
export const requestsPerSecondOption = (suffix = ''): INodeProperties => ({
	displayName: 'Requests per Second',
	name: 'requestsPerSecond',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: PROJECT_LIMIT },
	default: DEFAULT_REQUESTS_PER_SECOND,
	description: `How many requests to send per second at most. Sinch allows ${PROJECT_LIMIT} requests a second for all apps of a project together${suffix}.`,
});

/** The client of one execution; its pace is the first item's. */
export async function createClient(context: IExecuteFunctions): Promise<PacedClient> {
	const [first] = itemsOf(context);
	const requestsPerSecond = first?.options.positiveNumber(requestsPerSecondOption());
	const sinch = await SinchClient.create(context);
	return new PacedClient(context, sinch, requestsPerSecond ?? DEFAULT_REQUESTS_PER_SECOND);
}

interface Work<Input> {
	/** Whether items keep the files of their input, and those that failed its fields, as `send` does. */
	keepsInput?: boolean;
	/** Reads and checks an item's fields before anything is sent. */
	prepare(item: Item, client: PacedClient): Input;
	/** @returns the JSON of one item or several */
	send(client: ApiClient, request: Input, item: Item): Promise<object | object[]>;
}

/** Runs an operation with one output for every item, several at once, in the order of the input. */
export async function forEachItem<Input>(
	context: IExecuteFunctions,
	client: PacedClient,
	{ keepsInput, prepare, send }: Work<Input>,
): Promise<INodeExecutionData[][]> {
	const requests = await prepareItems(context, (item) => prepare(item, client));
	const attempts = await workConcurrently(context, client, requests, send);
	return [
		attempts.flatMap((attempt): INodeExecutionData[] => {
			const { item } = attempt;
			if ('failed' in attempt) {
				return [keepsInput ? withInput(item, attempt.failed) : attempt.failed];
			}
			return [attempt.result].flat().map((fields) => {
				const emitted = { json: { ...fields }, pairedItem: { item: item.index } };
				return keepsInput ? withBinary(item, emitted) : emitted;
			});
		}),
	];
}

/** An operation that needs nothing else than its items. */
export const eachItem = <Input>({
	prepare,
	send,
	...operation
}: Omit<Operation, 'execute'> & Work<Input>): Operation => ({
	...operation,
	async execute(this: IExecuteFunctions) {
		return await forEachItem(this, await createClient(this), { prepare, send });
	},
});
