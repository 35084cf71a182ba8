import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { readPositiveNumber } from '../../parameters/numbers';
import type { WaitFor } from '../../waiting/pendingQuery';
import type { PacedClient } from '../../transport/pacedClient';
import { prepareItems, workConcurrently } from '../items';
import type { Operation } from '../operation';
import { addRunSummary, createClient } from '../operation';
import { requireActiveTrigger } from './listeners';
import { QUERIES_REGISTERED, readAnswersPerSecond, readQuery } from './readQuery';
import { hintAtDispatch, hintAtEmptyItem } from './hints';
import { noAnswerHint } from './noAnswer';
import { countRefusals } from '../../waiting/refusals';
import type { PreparedQuery } from './queryBatch';
import { QueryBatch } from './queryBatch';
import type { WaitOptions } from './queryAndWait.fields';
import { queryAndWaitFields } from './queryAndWait.fields';
import { toOutputs } from './queryAndWait.outputs';

function prepareQuery(
	context: IExecuteFunctions,
	client: PacedClient,
	itemIndex: number,
): PreparedQuery {
	const options = context.getNodeParameter('options', itemIndex, {}) as WaitOptions;
	return {
		query: readQuery(context, client, itemIndex, options),
		waitFor: context.getNodeParameter('waitFor', itemIndex, 'all') as WaitFor,
		timeout: readPositiveNumber(
			context,
			itemIndex,
			'Timeout (Seconds)',
			context.getNodeParameter('timeout', itemIndex, 30),
		),
		answersPerSecond: readAnswersPerSecond(context, itemIndex, options),
	};
}

/** Sends queries, waits for the answers, and emits each contact on the output of its outcome. */
export const queryAndWait: Operation = {
	option: {
		name: 'Query and Wait',
		value: 'queryAndWait',
		description: 'Check on which channels a recipient can be reached, and wait for the answers',
		action: 'Check reachability and wait',
	},
	fields: queryAndWaitFields,
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const started = Date.now();
		const client = await createClient(this);
		const prepared = await prepareItems(this, (itemIndex) => prepareQuery(this, client, itemIndex));
		const appIds = prepared.flatMap((one) => ('done' in one ? [one.done.query.app_id] : []));
		const targets: string[] = [];
		const refusedBefore = countRefusals();
		for (const appId of new Set(appIds)) {
			targets.push(...(await requireActiveTrigger(this, client, appId)));
		}
		const batch = new QueryBatch(this, client, targets);
		try {
			await batch.open();
			const asked = await workConcurrently(
				this,
				client,
				prepared,
				async (query, itemIndex) => await batch.ask(query, itemIndex),
			);
			addRunSummary(this, client, asked, started, QUERIES_REGISTERED);
			await hintAtDispatch(
				this,
				client,
				prepared.flatMap((one) => ('done' in one ? one.done.query : [])),
			);
			await batch.settle();
			if (asked.length > 0 && asked.every((one) => 'done' in one && one.done.answers.size === 0)) {
				const wait = { appIds: [...new Set(appIds)], refusedBefore, problem: batch.problem };
				this.addExecutionHints({
					message: await noAnswerHint(this, client, wait),
					type: 'warning',
				});
			}
			const outputs = toOutputs(this, asked);
			hintAtEmptyItem(this, outputs);
			return outputs;
		} finally {
			batch.end();
		}
	},
};
