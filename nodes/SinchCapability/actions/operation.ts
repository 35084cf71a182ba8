import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { PROJECT_LIMIT, PacedClient } from '../transport/pacedClient';
import { isObject } from '../shared/isObject';
import { type Item, itemsOf } from '../parameters/item';
import { type ApiClient, SinchClient } from '../transport/client';

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

const readRate = ({ options }: Item): number => options.positiveNumber(requestsPerSecondOption());

/** The first item's; what is wrong with it is the error of that item alone, which `prepareEach` finds. */
function rateOf(context: IExecuteFunctions): number {
	try {
		return itemsOf(context).slice(0, 1).map(readRate)[0] ?? DEFAULT_REQUESTS_PER_SECOND;
	} catch {
		return DEFAULT_REQUESTS_PER_SECOND;
	}
}

/** The client of one execution; its pace is the first item's. */
export const createClient = async (context: IExecuteFunctions): Promise<PacedClient> =>
	new PacedClient(context, await SinchClient.create(context), rateOf(context));

/** Reads and checks the fields of all items before anything is sent: bad input must not stop a run half-way. */
export const prepareEach = async <Input>(
	context: IExecuteFunctions,
	prepare: (item: Item) => Input,
): Promise<Array<Attempt<Input>>> =>
	await attemptEach(context, (item) => {
		if (item.index === 0) {
			readRate(item);
		}
		return prepare(item);
	});

interface Work<Input> {
	/** Reads and checks an item's fields. */
	prepare(item: Item, client: PacedClient): Input;
	/** @returns the JSON of one item or several */
	send(client: ApiClient, request: Input, item: Item): Promise<object | object[]>;
}

/**
 * The items of an operation with one output, in the order of the input.
 *
 * @param keepsInput whether they keep the files of their input, and those that failed its fields
 */
export const toOneOutput = (
	attempts: Array<Attempt<object | object[]>>,
	keepsInput = false,
): INodeExecutionData[][] => [
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

/** An operation that needs nothing else than its items; several are in progress at once. */
export const eachItem = <Input>({
	prepare,
	send,
	...operation
}: Omit<Operation, 'execute'> & Work<Input>): Operation => ({
	...operation,
	async execute(this: IExecuteFunctions) {
		const attempts = await attemptRun(this, async () => {
			const client = await createClient(this);
			const requests = await prepareEach(this, (item) => prepare(item, client));
			return await workConcurrently(this, client, requests, send);
		});
		return toOneOutput(attempts);
	},
});

/** An emitted item that keeps the files of the item it comes from. */
export const withBinary = (
	{ input: { binary } }: Item,
	emitted: INodeExecutionData,
): INodeExecutionData => (binary ? { ...emitted, binary } : emitted);

/** On the error output, n8n adds the input's fields itself and knows a failed item by its only field. */
export const withInput = (
	item: Item,
	failed: INodeExecutionData,
	fields: IDataObject = item.input.json,
): INodeExecutionData =>
	item.context.getNode().onError === 'continueErrorOutput'
		? withBinary(item, failed)
		: withBinary(item, { ...failed, json: { ...fields, ...failed.json } });

export type Attempt<T> = { item: Item } & ({ result: T } | { failed: INodeExecutionData });

/** Does one item's work; its error becomes an item when On Error is set to continue. */
async function attempt<T>(item: Item, work: () => T | Promise<T>): Promise<Attempt<T>> {
	const { context, index: itemIndex } = item;
	try {
		return { item, result: await work() };
	} catch (error) {
		const nodeError =
			error instanceof NodeApiError || error instanceof NodeOperationError
				? error
				: new NodeOperationError(context.getNode(), error as Error, { itemIndex });
		if (!context.continueOnFail()) {
			throw nodeError;
		}
		const { message, description } = nodeError;
		const httpCode = nodeError instanceof NodeApiError ? nodeError.httpCode : null;
		const json = { error: { message, description, httpCode, item: itemIndex } };
		// Without an `error` next to its JSON, because n8n would then keep the message only.
		return { item, failed: { json, pairedItem: { item: itemIndex } } };
	}
}

/** Does the work of each item, one after the other. */
export async function attemptEach<T>(
	context: IExecuteFunctions,
	work: (item: Item) => T | Promise<T>,
): Promise<Array<Attempt<T>>> {
	const attempts: Array<Attempt<T>> = [];
	for (const item of itemsOf(context)) {
		attempts.push(await attempt(item, () => work(item)));
	}
	return attempts;
}

/** Goes on with the items that have not failed, one after the other. */
export async function continueEach<Input, T>(
	attempts: Array<Attempt<Input>>,
	work: (input: Input, item: Item) => T | Promise<T>,
): Promise<Array<Attempt<T>>> {
	const next: Array<Attempt<T>> = [];
	for (const one of attempts) {
		next.push(
			'failed' in one ? one : await attempt(one.item, async () => await work(one.result, one.item)),
		);
	}
	return next;
}

/**
 * A whole run, whose error becomes the error of each item when On Error is set to continue: n8n would send
 * the input to the first output, as if it were a result.
 */
export async function attemptRun<T>(
	context: IExecuteFunctions,
	run: () => Promise<Array<Attempt<T>>>,
): Promise<Array<Attempt<T>>> {
	const attempts = run();
	const failEach = async () =>
		await attemptEach(context, async (): Promise<T> => await (attempts as Promise<never>));
	return context.continueOnFail() ? await attempts.catch(failEach) : await attempts;
}

/** A run of this many items gets a summary even if nothing went wrong. */
const LONG_RUN = 100;

/** @param started by `performance.now()` */
function addRunSummary(
	context: IExecuteFunctions,
	{ tally: { retried, slowedDown } }: PacedClient,
	results: Array<Attempt<unknown>>,
	started: number,
): void {
	if (results.length >= LONG_RUN || retried > 0) {
		const failed = results.filter((result) => 'failed' in result).length;
		const seconds = ((performance.now() - started) / 1000).toFixed(1);
		context.addExecutionHints({
			message: `Requests sent in ${seconds} seconds. Accepted by Sinch: ${results.length - failed}; failed: ${failed}. Retries: ${retried}; rate limit responses from Sinch: ${slowedDown}.`,
			type: failed > 0 ? 'warning' : 'info',
		});
	}
}

/** Concurrent requests at first: enough for 800 a second at 60 ms each. */
const CONCURRENT = 50;

/** Concurrent requests when responses take longer, as over https from another continent. */
const MAX_CONCURRENT = 150;

/**
 * Keeps the order of the items. When one fails and On Error is set to stop, nothing more is sent, and
 * requests in flight are awaited. A cancelled execution has no results.
 */
export async function workConcurrently<Input, Result>(
	context: IExecuteFunctions,
	client: PacedClient,
	prepared: Array<Attempt<Input>>,
	send: (client: ApiClient, request: Input, item: Item) => Promise<Result>,
): Promise<Array<Attempt<Result>>> {
	const started = performance.now();
	const results: Array<Attempt<Result>> = [];
	const workers: Array<Promise<void>> = [];
	const failures: unknown[] = [];
	const queue = prepared.entries();
	async function worker(): Promise<void> {
		try {
			for (const [index, request] of queue) {
				if (client.signal.aborted) {
					return;
				}
				const { item } = request;
				const sender = client.forItem(item.index);
				results[index] =
					'failed' in request
						? request
						: await attempt(item, async () => await send(sender, request.result, item));
				if (client.isBehind && workers.length < MAX_CONCURRENT) {
					workers.push(worker());
				}
			}
		} catch (error) {
			failures.push(error);
			client.stop();
		}
	}
	for (let count = 0; count < Math.min(CONCURRENT, prepared.length); count++) {
		workers.push(worker());
	}
	for (const one of workers) {
		await one;
	}
	if (context.getExecutionCancelSignal()?.aborted) {
		return [];
	}
	if (failures.length > 0) {
		throw failures[0];
	}
	addRunSummary(context, client, results, started);
	return results;
}

/** The field for the whole result when the input has fields of the same names. */
export const DEFAULT_RESULT_FIELD = 'capability';

/**
 * The first of `capability`, `capability_2` … that is free or holds an earlier result.
 *
 * @param isResult whether a value has all fields of the result
 */
function placeIn(input: IDataObject, isResult: (value: unknown) => boolean): string {
	let field = DEFAULT_RESULT_FIELD;
	for (let number = 2; field in input && !isResult(input[field]); number++) {
		field = `${DEFAULT_RESULT_FIELD}_${number}`;
	}
	return field;
}

/**
 * The input's fields, then those of the result. No field of the input is overwritten: when names
 * collide, the input's field stays, and the whole result is added in a field of its own. An input with
 * all of several fields of the result, there or among its own, is an earlier result, which the new one
 * replaces; but an item of the trigger has them too. Fields with the values of an earlier result count
 * as its own, because nothing tells which names collided then.
 */
export function mergeInput(input: IDataObject, result: object): IDataObject {
	const names = Object.keys(result);
	const isResult = (value: unknown): boolean =>
		names.length > 1 && isObject(value) && names.every((name) => name in value);
	const place = placeIn(input, isResult);
	const earlier = input[place];
	if (isObject(earlier)) {
		const isFromIt = ([name, value]: [string, unknown]) =>
			name in result && JSON.stringify(value) === JSON.stringify(earlier[name]);
		const own = Object.entries(input).filter((entry) => !isFromIt(entry));
		return { ...input, ...result, ...Object.fromEntries(own), [place]: { ...result } };
	}
	if (isResult(input) && !('notification_id' in input)) {
		return { ...input, ...result };
	}
	const collides = names.some((name) => name in input);
	return {
		...input,
		...result,
		...input,
		...(collides && { [place]: { ...result } }),
	};
}
