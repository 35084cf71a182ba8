import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { WAIT_OUTCOMES } from '../../waiting/contactResult';
import { outputModeField } from '../../parameters/outputMode';
import { queryOptions, readQuery } from './readQuery';
import { recipientFields } from '../../parameters/recipient';
import { type Item, optionsCollection } from '../../parameters/item';
import type { Receiver } from '../../shared/webhookAddresses';
import type { PacedClient } from '../../transport/pacedClient';
import {
	type Attempt,
	DEFAULT_RESULT_FIELD,
	type Operation,
	attemptRun,
	continueEach,
	createClient,
	prepareEach,
	workConcurrently,
} from '../operation';
import { Listeners } from '../../waiting/listeners';
import { hintAtDispatch, hintAtEmptyItem, hintAtOutcomes } from './hints';
import { causeOfSilence } from '../../waiting/noAnswer';
import { refusals } from '../../notification/signature';
import { type AwaitedQuery, QueryBatch } from '../../waiting/queryBatch';
import type { PendingQuery } from '../../waiting/mailbox';
import { memoize } from '../../shared/memoize';
import {
	type Layout,
	bestChannelOption,
	bestResultsOf,
	outputsOf,
	readBestChannel,
	readLayout,
	readResultField,
} from './queryAndWait.outputs';

const waitForField: INodeProperties = {
	displayName: 'Wait Until',
	name: 'waitFor',
	type: 'options',
	options: [
		{
			name: 'All Answers',
			value: 'all',
			description: 'Every channel of the recipient has answered',
		},
		{
			name: 'First Usable Channel',
			value: 'firstUsable',
			description: 'A channel has answered Full or Partial',
		},
	],
	default: 'all',
	description: 'When to stop waiting for the answers of a recipient',
};

const timeoutField: INodeProperties = {
	displayName: 'Timeout (Seconds)',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 30,
	description:
		'How long to wait for the answers to an item. The time that an item waits for its turn does not count.',
};

const queryAndWaitFields: INodeProperties[] = [
	{
		displayName:
			'Needs a published (active) workflow with a Sinch Capability Trigger for the same app',
		name: 'triggerNotice',
		type: 'notice',
		default: '',
	},
	...recipientFields,
	waitForField,
	timeoutField,
	{
		displayName: 'Return Items',
		name: 'itemPer',
		type: 'options',
		options: [
			{
				name: 'One Item per Contact',
				value: 'contact',
				description: 'The best channel, with the results of all channels',
			},
			{
				name: 'One Item per Channel',
				value: 'channel',
				description: 'An item for each channel, as the trigger emits it',
			},
		],
		default: 'contact',
		description: 'What each item represents',
	},
	outputModeField(WAIT_OUTCOMES, 'tells them apart'),
	optionsCollection([
		...queryOptions,
		bestChannelOption,
		{
			displayName: 'Put Result in Field',
			name: 'resultField',
			type: 'string',
			default: DEFAULT_RESULT_FIELD,
			description:
				"The field to put the whole result in, next to the input's own fields. It replaces an input field of this name.",
		},
	]),
];

function prepareQuery(item: Item, client: PacedClient): AwaitedQuery {
	// Needed for the results only; what cannot be used is to be known before anything is sent.
	readBestChannel(item);
	readResultField(item);
	return {
		...readQuery(item, client),
		waitFor: item.choice(waitForField),
		timeout: item.positiveNumber(timeoutField),
	};
}

/** Sends the query of each item, and waits until they are answered or time is up. */
async function checkAndWait(context: IExecuteFunctions): Promise<Array<Attempt<PendingQuery>>> {
	const client = await createClient(context);
	const listeners = new Listeners(context, client);
	const receiversOf = memoize(async (appId) => await listeners.require(appId));
	const receivers = new Map<string, Receiver[]>();
	const refusedBefore = { ...refusals };
	const read = await prepareEach(context, (item) => prepareQuery(item, client));
	const prepared = await continueEach(read, async (one) => {
		const { app_id } = one.query;
		receivers.set(app_id, await receiversOf(app_id));
		return one;
	});
	const queries = prepared.flatMap((one) => ('result' in one ? one.result.query : []));
	const batch = new QueryBatch(context, listeners, [...receivers.values()].flat());
	try {
		await batch.open();
		const attempts = await workConcurrently(context, client, prepared, batch.send.bind(batch));
		await hintAtDispatch(context, client, queries);
		await batch.settle();
		const isSilent = attempts.every((one) => 'result' in one && one.result.answers.size === 0);
		if (isSilent && attempts.length > 0) {
			const wait = { appIds: receivers.keys(), refusedBefore, problem: batch.problem };
			const cause = await causeOfSilence(context, client, wait);
			context.addExecutionHints({
				message: `No answer arrived in time for any item. ${cause}`,
				type: 'warning',
			});
		}
		return attempts;
	} finally {
		batch.end();
	}
}

export const queryAndWait: Operation = {
	name: 'Check Reachability and Wait',
	value: 'queryAndWait',
	description: 'Check on which channels a recipient can be reached, and wait for the answers',
	action: 'Check reachability and wait',
	fields: queryAndWaitFields,
	async execute(this: IExecuteFunctions) {
		const layout: Layout = { isSingle: false, perChannel: false };
		const attempts = await attemptRun(this, async () => {
			readLayout(this, layout);
			return await checkAndWait(this);
		});
		const outputs = outputsOf(this, attempts, layout);
		hintAtOutcomes(this, bestResultsOf(attempts), outputs);
		hintAtEmptyItem(this, outputs);
		return outputs;
	},
};
