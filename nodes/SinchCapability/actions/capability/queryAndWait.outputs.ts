import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { PendingQuery } from '../../waiting/pendingQuery';
import type { WaitOutcome } from '../../waiting/contactResult';
import {
	channelResults,
	contactResult,
	NOT_SENT,
	WAIT_OUTCOMES,
} from '../../waiting/contactResult';
import { mergeInput } from '../mergeInput';
import type { Attempt } from '../items';
import { withBinary, withInput } from '../items';
import { isTool } from '../operation';
import type { WaitOptions } from './queryAndWait.fields';

type Result = { outcome: WaitOutcome } & object;

/** The parts of an answer that an AI agent needs to decide; short, because it pays for every token. */
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

/** The options of an item, or none when an expression in them fails, which is then the item's error. */
function optionsOf(context: IExecuteFunctions, itemIndex: number): WaitOptions {
	try {
		return context.getNodeParameter('options', itemIndex, {}) as WaitOptions;
	} catch {
		return {};
	}
}

/** The outcome of each contact; one that could not be sent has failed. */
export const outcomesOf = (
	context: IExecuteFunctions,
	attempts: Array<Attempt<PendingQuery>>,
): WaitOutcome[] =>
	attempts.map((one, itemIndex) =>
		'failed' in one
			? 'Failed'
			: contactResult(one.result, optionsOf(context, itemIndex).bestChannel).outcome,
	);

/** The items of a finished run on their outputs; failed items leave on the output Failed. */
export function toOutputs(
	context: IExecuteFunctions,
	attempts: Array<Attempt<PendingQuery>>,
): INodeExecutionData[][] {
	const asTool = isTool(context);
	const single = asTool || context.getNodeParameter('outputMode', 0, 'perOutcome') === 'single';
	const perChannel = context.getNodeParameter('itemPer', 0, 'contact') === 'channel';
	const inputs = context.getInputData();
	const outputs: INodeExecutionData[][] = (single ? ['all'] : WAIT_OUTCOMES).map(() => []);
	const put = (outcome: WaitOutcome, item: INodeExecutionData) =>
		outputs[single ? 0 : WAIT_OUTCOMES.indexOf(outcome)].push(item);

	const resultsOf = (pending: PendingQuery, { bestChannel }: WaitOptions): Result[] => {
		if (asTool) {
			return [forAgent(contactResult(pending, bestChannel))];
		}
		return perChannel
			? channelResults(pending).map((one) => ({ ...one, request_id: pending.requestId }))
			: [contactResult(pending, bestChannel)];
	};
	for (const [itemIndex, one] of attempts.entries()) {
		const options = optionsOf(context, itemIndex);
		const input = inputs[itemIndex];
		const fieldsWith = (result: Result): IDataObject => {
			if (asTool) {
				return result as IDataObject;
			}
			const field = String(options.resultField ?? '').trim();
			return field
				? { ...input.json, [field]: result as IDataObject }
				: mergeInput(input.json, result);
		};
		if ('failed' in one) {
			const notSent = asTool
				? { outcome: 'Failed' as const }
				: NOT_SENT[perChannel ? 'channel' : 'contact'];
			put('Failed', withInput(context, one.failed, input, fieldsWith(notSent)));
			continue;
		}
		for (const result of resultsOf(one.result, options)) {
			const item = { json: fieldsWith(result), pairedItem: { item: itemIndex } };
			put(result.outcome, asTool ? item : withBinary(item, input));
		}
	}
	return outputs;
}
