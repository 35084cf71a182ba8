import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Item } from '../../parameters/item';
import type { PacedClient } from '../../transport/pacedClient';
import { prepareItems, resultsOf, workConcurrently } from '../items';
import type { Operation } from '../operation';
import { addRunSummary, createClient } from '../operation';
import { Listeners } from './listeners';
import { QUERIES_REGISTERED, readQuery } from './readQuery';
import { hintAtDispatch, hintAtEmptyItem, hintAtOutcomes } from './hints';
import { noAnswerHint } from './noAnswer';
import { countRefusals } from '../../notification/callback';
import type { AwaitedQuery } from './queryBatch';
import { QueryBatch } from './queryBatch';
import { queryAndWaitFields } from './queryAndWait.fields';
import { outcomesOf, outputsOf } from './queryAndWait.outputs';

const prepareQuery = (item: Item, client: PacedClient): AwaitedQuery => ({
	...readQuery(item, client),
	waitFor: item.choice('waitFor', ['all', 'firstUsable']),
	timeout: item.positiveNumber('timeout', 'Timeout (Seconds)', 30),
});

/** Sends queries, waits for the answers, and emits each contact on the output of its outcome. */
export const queryAndWait: Operation = {
	option: {
		name: 'Check Reachability and Wait',
		value: 'queryAndWait',
		description: 'Check on which channels a recipient can be reached, and wait for the answers',
		action: 'Check reachability and wait',
	},
	fields: queryAndWaitFields,
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const started = performance.now();
		const client = await createClient(this);
		const prepared = await prepareItems(this, (item) => prepareQuery(item, client));
		const queries = resultsOf(prepared).map((one) => one.query);
		const appIds = new Set(queries.map((one) => one.app_id));
		const listeners = new Listeners(this, client);
		const targets: string[] = [];
		const refusedBefore = countRefusals();
		for (const appId of appIds) {
			targets.push(...(await listeners.require(appId)));
		}
		const batch = new QueryBatch(this, client, listeners, targets);
		try {
			await batch.open();
			const attempts = await workConcurrently(
				this,
				client,
				prepared,
				async (query, item) => await batch.send(query, item.index),
			);
			addRunSummary(this, client, attempts, started, QUERIES_REGISTERED);
			await hintAtDispatch(this, client, queries);
			await batch.settle();
			if (
				attempts.length > 0 &&
				attempts.every((one) => 'result' in one && one.result.answers.size === 0)
			) {
				const wait = { appIds: [...appIds], refusedBefore, problem: batch.problem };
				this.addExecutionHints({
					message: await noAnswerHint(this, client, wait),
					type: 'warning',
				});
			}
			const outputs = outputsOf(this, attempts);
			hintAtOutcomes(this, outcomesOf(attempts), outputs.length > 1);
			hintAtEmptyItem(this, outputs);
			return outputs;
		} finally {
			batch.end();
		}
	},
};
