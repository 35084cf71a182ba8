import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Item } from '../../parameters/item';
import type { PendingQuery } from '../../waiting/mailbox';
import type { BestChannelRule, BestResult, WaitOutcome } from '../../waiting/contactResult';
import { channelResults, contactResult, notSent, WAIT_OUTCOMES } from '../../waiting/contactResult';
import { type Emission, toOutputs } from '../../notification/outcomes';
import { type Attempt, mergeInput, withBinary, withInput, isTool } from '../operation';

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

export const bestChannelOption: INodeProperties = {
	displayName: 'Best Channel',
	name: 'bestChannel',
	type: 'options',
	options: [
		{
			name: 'First Usable in My Order',
			value: 'firstUsable',
			description:
				'The first of the channels, in the order you chose them, that is Full or Partial',
		},
		{
			name: 'Most Capable',
			value: 'mostCapable',
			description: 'The first channel that is Full, else the first that is Partial',
		},
	],
	default: 'firstUsable',
	description: 'Which channel decides the outcome of a contact when several can be used',
};

export const readBestChannel = ({ options }: Item): BestChannelRule =>
	options.choice(bestChannelOption);

export const readResultField = ({ options }: Item): string =>
	options.text('resultField', 'Put Result in Field').trim();

/** The field to put the whole result in; none if it cannot be read, which is then the item's error. */
function resultField(item: Item): string {
	try {
		return readResultField(item);
	} catch {
		return '';
	}
}

export const bestResultsOf = (attempts: Array<Attempt<PendingQuery>>): BestResult[] =>
	attempts.map((one) =>
		'failed' in one ? notSent().contact : contactResult(one.result, readBestChannel(one.item)),
	);

/** How results are divided into items and outputs; the same for all items of a run. */
export interface Layout {
	perChannel: boolean;
	isSingle: boolean;
}

/** Into an object, so that what could be read counts even if the rest is an error. */
export function readLayout(context: IExecuteFunctions, layout: Layout): void {
	layout.isSingle = context.getNodeParameter('outputMode', 0, '') === 'single';
	layout.perChannel = context.getNodeParameter('itemPer', 0, 'contact') === 'channel';
}

export function outputsOf(
	context: IExecuteFunctions,
	attempts: Array<Attempt<PendingQuery>>,
	{ perChannel, isSingle }: Layout,
) {
	const asTool = isTool(context);

	const resultsOf = (pending: PendingQuery, item: Item): Result[] => {
		if (perChannel && !asTool) {
			return channelResults(pending).map((one) => ({ ...one, request_id: pending.requestId }));
		}
		const result = contactResult(pending, readBestChannel(item));
		return [asTool ? forAgent(result) : result];
	};
	const fieldsWith = (result: Result, item: Item): IDataObject => {
		if (asTool) {
			return { ...result };
		}
		const field = resultField(item);
		return field
			? { ...item.input.json, [field]: { ...result } }
			: mergeInput(item.input.json, result);
	};
	const emissionsOf = (one: Attempt<PendingQuery>): Array<Emission<WaitOutcome>> => {
		const { item } = one;
		if ('failed' in one) {
			const { outcome } = notSent().contact;
			const fields = asTool ? { outcome } : notSent()[perChannel ? 'channel' : 'contact'];
			return [{ outcome, item: withInput(item, one.failed, fieldsWith(fields, item)) }];
		}
		return resultsOf(one.result, item).map((result) => {
			const emitted = { json: fieldsWith(result, item), pairedItem: { item: item.index } };
			return { outcome: result.outcome, item: asTool ? emitted : withBinary(item, emitted) };
		});
	};
	const hasOneOutput = asTool || isSingle;
	return toOutputs(attempts.flatMap(emissionsOf), hasOneOutput ? undefined : WAIT_OUTCOMES);
}
