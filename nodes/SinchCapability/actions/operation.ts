import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

/** One operation of the action node: its place in the form, and what it does. */
export interface Operation {
	option: INodePropertyOptions;
	/** The operation's parameters, without the conditions that show them. */
	fields: INodeProperties[];
	execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]>;
}

/**
 * The item that stands for a failed one when On Error says continue. It has no `error` beside its
 * JSON, because n8n would then keep the message only.
 */
function toErrorItem(error: NodeApiError | NodeOperationError, item: number): INodeExecutionData {
	const { message, description } = error;
	const httpCode = error instanceof NodeApiError ? error.httpCode : null;
	return {
		json: { error: { message, description, httpCode, item } },
		pairedItem: { item },
	};
}

/** What came of one item's work. */
export type Attempt<T> = { done: T } | { failed: INodeExecutionData };

/** Does one item's work; its error becomes an item of its own where On Error says continue. */
export async function attempt<T>(
	context: IExecuteFunctions,
	item: number,
	work: () => T | Promise<T>,
): Promise<Attempt<T>> {
	try {
		return { done: await work() };
	} catch (error) {
		const nodeError =
			error instanceof NodeApiError || error instanceof NodeOperationError
				? error
				: new NodeOperationError(context.getNode(), error as Error, { itemIndex: item });
		if (context.continueOnFail()) {
			return { failed: toErrorItem(nodeError, item) };
		}
		throw nodeError;
	}
}

/**
 * Reads and checks every item before the first request leaves, so that bad input in one of them
 * costs nothing that was already sent.
 */
export async function prepareItems<Request>(
	context: IExecuteFunctions,
	prepare: (item: number) => Request,
): Promise<Array<Attempt<Request>>> {
	const prepared: Array<Attempt<Request>> = [];
	for (let item = 0; item < context.getInputData().length; item++) {
		prepared.push(await attempt(context, item, () => prepare(item)));
	}
	return prepared;
}

/** Sends one request for each item and keeps their order. */
export async function sendPerItem<Request>(
	context: IExecuteFunctions,
	prepare: (item: number) => Request,
	send: (request: Request, item: number) => Promise<object>,
): Promise<INodeExecutionData[]> {
	const requests = await prepareItems(context, prepare);
	const results: INodeExecutionData[] = [];
	for (const [item, request] of requests.entries()) {
		if ('failed' in request) {
			results.push(request.failed);
			continue;
		}
		const answer = await attempt(context, item, async () => await send(request.done, item));
		results.push(
			'failed' in answer
				? answer.failed
				: { json: answer.done as IDataObject, pairedItem: { item } },
		);
	}
	return results;
}
