import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { PendingQuery } from '../../results/pendingQuery';
import type { WaitOutcome } from '../../results/contactResult';
import { channelResults, contactResult, WAIT_OUTCOMES } from '../../results/contactResult';
import type { Attempt } from '../items';
import type { WaitOptions } from './queryAndWait.fields';
import { DEFAULT_RESULT_FIELD } from './queryAndWait.fields';

type Result = { outcome: WaitOutcome } & object;

/** The parts of an answer that an AI agent needs to decide; short, because every word costs it. */
function forAgent({
	outcome,
	best_channel,
	best_identity,
	channels,
}: ReturnType<typeof contactResult>) {
	return {
		outcome,
		best_channel,
		best_identity,
		channels: channels.map(({ channel, identity, outcome: one, reason }) => ({
			channel,
			identity,
			outcome: one,
			...(reason?.code && { reason: reason.code }),
		})),
	};
}

/**
 * The input's fields with the result beside them, or under one field. No field of the input is ever
 * overwritten: where names meet, the whole result is under `capability` as well.
 */
function merge(input: IDataObject, result: Result, field: string | undefined): IDataObject {
	if (field) {
		return { ...input, [field]: result };
	}
	const collides = Object.keys(result).some((name) => name in input);
	return { ...result, ...input, ...(collides && { [DEFAULT_RESULT_FIELD]: result }) };
}

/** The items of a finished run on their outputs; failed items leave on the output Failed. */
export function toOutputs(
	context: IExecuteFunctions,
	asked: Array<Attempt<PendingQuery>>,
	inputs: IDataObject[],
): INodeExecutionData[][] {
	const asTool = context.getNode().type.endsWith('Tool');
	const single = asTool || context.getNodeParameter('outputMode', 0, 'perOutcome') === 'single';
	const perChannel = context.getNodeParameter('itemPer', 0, 'contact') === 'channel';
	const outputs: INodeExecutionData[][] = (single ? ['all'] : WAIT_OUTCOMES).map(() => []);
	const put = (outcome: WaitOutcome, item: INodeExecutionData) =>
		outputs[single ? 0 : WAIT_OUTCOMES.indexOf(outcome)].push(item);

	for (const [item, one] of asked.entries()) {
		if ('failed' in one) {
			put('Failed', one.failed);
			continue;
		}
		if (asTool) {
			put('Full', { json: forAgent(contactResult(one.done)), pairedItem: { item } });
			continue;
		}
		const { resultField } = context.getNodeParameter('options', item, {}) as WaitOptions;
		const results: Result[] = perChannel
			? channelResults(one.done).map((result) => ({ ...result, request_id: one.done.requestId }))
			: [contactResult(one.done)];
		for (const result of results) {
			put(result.outcome, {
				json: merge(inputs[item], result, resultField?.trim()),
				pairedItem: { item },
			});
		}
	}
	return outputs;
}
