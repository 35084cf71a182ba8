import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { readPositiveNumber } from '../../parameters/numbers';
import type { WaitFor } from '../../waiting/pendingQuery';
import type { PacedClient } from '../../transport/pacedClient';
import { prepareItems, workConcurrently } from '../items';
import type { Operation } from '../operation';
import { addRunSummary, createClient } from '../operation';
import { Listeners } from './listeners';
import { QUERIES_REGISTERED, readQuery } from './readQuery';
import { hintAtDispatch, hintAtEmptyItem, hintAtOutcomes } from './hints';
import { noAnswerHint } from './noAnswer';
import { countRefusals } from '../../waiting/refusals';
import type { AwaitedQuery } from './queryBatch';
import { QueryBatch } from './queryBatch';
import type { WaitOptions } from './queryAndWait.fields';
import { queryAndWaitFields } from './queryAndWait.fields';
import { outcomesOf, toOutputs } from './queryAndWait.outputs';

function prepareQuery(
	context: IExecuteFunctions,
	client: PacedClient,
	itemIndex: number,
): AwaitedQuery {
	const options = context.getNodeParameter('options', itemIndex, {}) as WaitOptions;
	return {
		...readQuery(context, client, itemIndex, options),
		waitFor: context.getNodeParameter('waitFor', itemIndex, 'all') as WaitFor,
		timeout: readPositiveNumber(
			context,
			itemIndex,
			'Timeout (Seconds)',
			context.getNodeParameter('timeout', itemIndex, 30),
		),
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
		const started = performance.now();
		const client = await createClient(this);
		const prepared = await prepareItems(this, (itemIndex) => prepareQuery(this, client, itemIndex));
		const appIds = prepared.flatMap((one) => ('result' in one ? [one.result.query.app_id] : []));
		const listeners = new Listeners(this, client);
		const targets: string[] = [];
		const refusedBefore = countRefusals();
		for (const appId of new Set(appIds)) {
			targets.push(...(await listeners.require(appId)));
		}
		const batch = new QueryBatch(this, client, listeners, targets);
		try {
			await batch.open();
			const attempts = await workConcurrently(
				this,
				client,
				prepared,
				async (query, itemIndex) => await batch.send(query, itemIndex),
			);
			addRunSummary(this, client, attempts, started, QUERIES_REGISTERED);
			await hintAtDispatch(
				this,
				client,
				prepared.flatMap((one) => ('result' in one ? one.result.query : [])),
			);
			await batch.settle();
			if (
				attempts.length > 0 &&
				attempts.every((one) => 'result' in one && one.result.answers.size === 0)
			) {
				const wait = { appIds: [...new Set(appIds)], refusedBefore, problem: batch.problem };
				this.addExecutionHints({
					message: await noAnswerHint(this, client, wait),
					type: 'warning',
				});
			}
			const outputs = toOutputs(this, attempts);
			hintAtOutcomes(this, outcomesOf(this, attempts), outputs.length > 1);
			hintAtEmptyItem(this, outputs);
			return outputs;
		} finally {
			batch.end();
		}
	},
};
