import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { PacedClient } from '../transport/pacedClient';

/**
 * The item that replaces a failed one when On Error is set to continue. It has no `error` next to its
 * JSON, because n8n would then keep the message only.
 */
function toErrorItem(
	error: NodeApiError | NodeOperationError,
	itemIndex: number,
): INodeExecutionData {
	const { message, description } = error;
	const httpCode = error instanceof NodeApiError ? error.httpCode : null;
	return {
		json: { error: { message, description, httpCode, item: itemIndex } },
		pairedItem: { item: itemIndex },
	};
}

/** An item with new fields that keeps the files of the input item it comes from. */
export const withBinary = (
	item: INodeExecutionData,
	{ binary }: INodeExecutionData,
): INodeExecutionData => (binary ? { ...item, binary } : item);

/**
 * A failed item with the fields and files of its input. On the error output, n8n adds the fields itself
 * and knows a failed item by its only field.
 *
 * @param fields those of the input, and what else a failed item has
 */
export const withInput = (
	context: IExecuteFunctions,
	failed: INodeExecutionData,
	input: INodeExecutionData,
	fields: IDataObject = input.json,
): INodeExecutionData =>
	context.getNode().onError === 'continueErrorOutput'
		? withBinary(failed, input)
		: withBinary({ ...failed, json: { ...fields, ...failed.json } }, input);

/** The result of one item's work. */
export type Attempt<T> = { result: T } | { failed: INodeExecutionData };

/** Does one item's work; its error becomes an item when On Error is set to continue. */
export async function attempt<T>(
	context: IExecuteFunctions,
	itemIndex: number,
	work: () => T | Promise<T>,
): Promise<Attempt<T>> {
	try {
		return { result: await work() };
	} catch (error) {
		const nodeError =
			error instanceof NodeApiError || error instanceof NodeOperationError
				? error
				: new NodeOperationError(context.getNode(), error as Error, { itemIndex });
		if (context.continueOnFail()) {
			return { failed: toErrorItem(nodeError, itemIndex) };
		}
		throw nodeError;
	}
}

/**
 * Reads and checks every item before the first request is sent, so that bad input in one of them
 * does not affect what was already sent.
 */
export async function prepareItems<Input>(
	context: IExecuteFunctions,
	prepare: (itemIndex: number) => Input,
): Promise<Array<Attempt<Input>>> {
	const prepared: Array<Attempt<Input>> = [];
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		prepared.push(await attempt(context, itemIndex, () => prepare(itemIndex)));
	}
	return prepared;
}

/** Concurrent requests at first: enough for 800 a second at 60 ms each. */
const CONCURRENT = 50;

/** Concurrent requests when responses take longer, as over https from another continent. */
const MAX_CONCURRENT = 150;

/**
 * Does the work for each prepared item, several at once, and keeps their order. When one fails and
 * On Error is set to stop, nothing more is sent, and requests in flight are awaited. A cancelled
 * execution has no results.
 */
export async function workConcurrently<Input, Result>(
	context: IExecuteFunctions,
	client: PacedClient,
	prepared: Array<Attempt<Input>>,
	work: (request: Input, itemIndex: number) => Promise<Result>,
): Promise<Array<Attempt<Result>>> {
	const results: Array<Attempt<Result>> = [];
	const workers: Array<Promise<void>> = [];
	const failures: unknown[] = [];
	const queue = prepared.entries();
	const worker = async () => {
		for (const [itemIndex, request] of queue) {
			if (client.signal.aborted) {
				return;
			}
			if ('failed' in request) {
				results[itemIndex] = request;
				continue;
			}
			results[itemIndex] = await attempt(
				context,
				itemIndex,
				async () => await work(request.result, itemIndex),
			);
			if (client.isBehind && workers.length < MAX_CONCURRENT) {
				workers.push(untilFailure());
			}
		}
	};
	const untilFailure = async () =>
		await worker().catch((error: unknown) => {
			failures.push(error);
			client.stop();
		});
	for (let count = 0; count < Math.min(CONCURRENT, prepared.length); count++) {
		workers.push(untilFailure());
	}
	for (let index = 0; index < workers.length; index++) {
		await workers[index];
	}
	if (context.getExecutionCancelSignal()?.aborted) {
		return [];
	}
	if (failures.length > 0) {
		throw failures[0];
	}
	return results;
}
