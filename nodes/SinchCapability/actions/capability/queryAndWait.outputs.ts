import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { PendingQuery } from '../../waiting/pendingQuery';
import type { WaitOutcome } from '../../waiting/contactResult';
import { channelResults, contactResult, WAIT_OUTCOMES } from '../../waiting/contactResult';
import { mergeInput } from '../mergeInput';
import type { Attempt } from '../items';
import { withInput } from '../items';
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

/** The items of a finished run on their outputs; failed items leave on the output Failed. */
export function toOutputs(
	context: IExecuteFunctions,
	asked: Array<Attempt<PendingQuery>>,
	inputs: IDataObject[],
): INodeExecutionData[][] {
	const asTool = isTool(context);
	const single = asTool || context.getNodeParameter('outputMode', 0, 'perOutcome') === 'single';
	const perChannel = context.getNodeParameter('itemPer', 0, 'contact') === 'channel';
	const outputs: INodeExecutionData[][] = (single ? ['all'] : WAIT_OUTCOMES).map(() => []);
	const put = (outcome: WaitOutcome, item: INodeExecutionData) =>
		outputs[single ? 0 : WAIT_OUTCOMES.indexOf(outcome)].push(item);

	for (const [itemIndex, one] of asked.entries()) {
		if ('failed' in one) {
			put('Failed', asTool ? one.failed : withInput(context, one.failed, inputs[itemIndex]));
			continue;
		}
		const { resultField, bestChannel } = context.getNodeParameter(
			'options',
			itemIndex,
			{},
		) as WaitOptions;
		if (asTool) {
			outputs[0].push({
				json: forAgent(contactResult(one.done, bestChannel)),
				pairedItem: { item: itemIndex },
			});
			continue;
		}
		const results: Result[] = perChannel
			? channelResults(one.done).map((result) => ({ ...result, request_id: one.done.requestId }))
			: [contactResult(one.done, bestChannel)];
		const field = resultField?.trim();
		for (const result of results) {
			put(result.outcome, {
				json: field
					? { ...inputs[itemIndex], [field]: result as IDataObject }
					: mergeInput(inputs[itemIndex], result),
				pairedItem: { item: itemIndex },
			});
		}
	}
	return outputs;
}
