import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { WaitFor } from '../../results/pendingQuery';
import type { Wait } from '../../results/mailbox';
import { mailbox } from '../../results/mailbox';
import { PendingQuery } from '../../results/pendingQuery';
import type { CapabilityQuery, ChannelIdentity } from '../../sinch/types';
import { registerQuery } from '../../transport/capability';
import { getContact } from '../../transport/contacts';
import type { PacedClient } from '../../transport/pacedClient';
import { prepareItems, workConcurrently } from '../items';
import type { Operation } from '../operation';
import { addRunSummary, createClient } from '../operation';
import { readQuery } from './capabilityQuery';
import { hintAtDispatch, NO_ANSWER_HINT } from './hints';
import { refuseInWorker, requireActiveTrigger } from './activeTrigger';
import type { WaitOptions } from './queryAndWait.fields';
import { DEFAULT_CALLBACK_RATE, queryAndWaitFields } from './queryAndWait.fields';
import { toOutputs } from './queryAndWait.outputs';

/** One item's question, checked and not yet sent. */
interface PreparedQuery {
	query: CapabilityQuery;
	waitFor: WaitFor;
	/** Seconds. */
	timeout: number;
	/** Answers per second that Sinch delivers for the app. */
	callbackRate: number;
}

function prepareQuery(
	context: IExecuteFunctions,
	client: PacedClient,
	item: number,
): PreparedQuery {
	const options = context.getNodeParameter('options', item, {}) as WaitOptions;
	return {
		query: readQuery(context, client, item, options),
		waitFor: context.getNodeParameter('waitFor', item, 'all') as WaitFor,
		timeout: context.getNodeParameter('timeout', item, 30) as number,
		callbackRate: options.callbackRate ?? DEFAULT_CALLBACK_RATE,
	};
}

/** The channel identities that Sinch will answer for: those given, or all that the contact has. */
async function identitiesOf(
	client: PacedClient,
	{ recipient }: CapabilityQuery,
	itemIndex: number,
): Promise<ChannelIdentity[]> {
	if ('identified_by' in recipient) {
		return recipient.identified_by.channel_identities;
	}
	const { channel_identities } = await getContact(client, recipient.contact_id, itemIndex);
	return channel_identities.map(({ channel, identity }) => ({ channel, identity }));
}

/** Sends the questions of one execution and collects their answers. */
class QueryBatch {
	private readonly waits: Wait[] = [];

	/** When Sinch has delivered all that was asked so far, at the app's rate. */
	private queueEmptyAt = 0;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly client: PacedClient,
	) {}

	async ask(
		{ query, waitFor, timeout, callbackRate }: PreparedQuery,
		item: number,
	): Promise<PendingQuery> {
		const identities = await identitiesOf(this.client, query, item);
		const awaited = new PendingQuery(query.request_id, identities, waitFor);
		const wait: Wait = { awaited, deadline: Infinity };
		this.waits.push(wait);
		// Registered before it is sent, because the answer may overtake the acknowledgement.
		mailbox.register(awaited, Date.now());
		const { request_id } = await registerQuery(this.client, query, item);
		mailbox.rename(awaited, request_id, Date.now());
		const queueingMs = (identities.length / callbackRate) * 1000;
		this.queueEmptyAt = Math.max(this.queueEmptyAt, Date.now()) + queueingMs;
		wait.deadline = this.queueEmptyAt + timeout * 1000;
		return awaited;
	}

	async settle(): Promise<void> {
		const asked = this.waits.filter(({ deadline }) => deadline < Infinity);
		await mailbox.settle(asked, this.context.getExecutionCancelSignal());
	}

	/** Leaves nothing behind, however the execution ended. */
	end(): void {
		for (const { awaited } of this.waits) {
			mailbox.close(awaited, Date.now());
		}
	}
}

/** Asks Sinch, waits for the answers, and emits each contact on the output of its best outcome. */
export const queryAndWait: Operation = {
	option: {
		name: 'Query and Wait',
		value: 'queryAndWait',
		description: 'Ask on which channels a recipient can be reached, and get the answers',
		action: 'Query capability and wait',
	},
	fields: queryAndWaitFields,
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		refuseInWorker(this);
		const started = Date.now();
		const client = await createClient(this);
		const questions = await prepareItems(this, (item) => prepareQuery(this, client, item));
		const appIds = questions.flatMap((question) =>
			'done' in question ? [question.done.query.app_id] : [],
		);
		for (const appId of new Set(appIds)) {
			await requireActiveTrigger(this, client, appId);
		}
		const conversation = new QueryBatch(this, client);
		try {
			const asked = await workConcurrently(
				this,
				questions,
				async (question, item) => await conversation.ask(question, item),
			);
			addRunSummary(this, client, asked, started, 'queries registered');
			await hintAtDispatch(
				this,
				client,
				questions.flatMap((question) => ('done' in question ? question.done.query : [])),
			);
			await conversation.settle();
			if (asked.length > 0 && asked.every((one) => 'done' in one && one.done.answers.size === 0)) {
				this.addExecutionHints({ message: NO_ANSWER_HINT, type: 'warning' });
			}
			return toOutputs(
				this,
				asked,
				this.getInputData().map(({ json }) => json as IDataObject),
			);
		} finally {
			conversation.end();
		}
	},
};
