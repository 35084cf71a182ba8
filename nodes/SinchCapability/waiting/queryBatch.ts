import type { IExecuteFunctions } from 'n8n-workflow';

import { noteAnswer, sendQuery } from '../transport/queries';
import { type WaitFor, mailbox, PendingQuery } from './mailbox';
import type {
	CapabilityCallback,
	CapabilityQuery,
	ChannelIdentity,
	Recipient,
} from '../sinch/types';
import type { Receiver } from '../shared/webhookAddresses';
import { getContact } from '../transport/contacts';
import type { ApiClient } from '../transport/client';
import type { Item } from '../parameters/item';
import type { Listeners } from './listeners';
import type { CollectProblem } from './queueMode/collectClient';
import { Collector } from './queueMode/collector';
import { whereAnswersArrive } from './queueMode/place';

export interface AwaitedQuery {
	query: CapabilityQuery;
	answersPerSecond: number;
	waitFor: WaitFor;
	/** Seconds. */
	timeout: number;
}

/** The channel identities that Sinch will answer for: those given, or all of the contact's. */
async function identitiesOf(client: ApiClient, recipient: Recipient): Promise<ChannelIdentity[]> {
	if ('identified_by' in recipient) {
		return recipient.identified_by.channel_identities;
	}
	const { channel_identities } = await getContact(client, recipient.contact_id);
	return channel_identities.map(({ channel, identity }) => ({ channel, identity }));
}

/** Sends the queries of one execution and collects their answers. */
export class QueryBatch {
	private readonly pending: PendingQuery[] = [];

	/** When Sinch will have delivered all answers so far, at the app's rate. */
	private queueEmptyAt = 0;

	/** Absent when the answers come to this process. */
	private readonly collector: Collector | undefined;

	/** @param receivers what Sinch posts the answers to in this n8n */
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly listeners: Listeners,
		receivers: readonly Receiver[],
	) {
		const place = whereAnswersArrive(context);
		// A request for answers would start the workflow of any other node.
		const triggers = receivers.flatMap(({ target, kind }) => (kind === 'other' ? [] : target));
		if (
			(place === 'elsewhere' && receivers.length > 0) ||
			(place === 'unknown' && triggers.length > 0)
		) {
			this.collector = new Collector(context, place, triggers, {
				accept: (callback) => this.accept(callback),
				outstanding: () => this.unanswered.length,
			});
		}
	}

	async open(): Promise<void> {
		await this.collector?.start();
	}

	/**
	 * Sends one query. Three things hold it back, in this order: the app's rate, the answers that are still
	 * outstanding, and the client's own pace.
	 */
	async send(client: ApiClient, prepared: AwaitedQuery, item: Item): Promise<PendingQuery> {
		const { waitFor, timeout, answersPerSecond } = prepared;
		const request_id = this.collector?.createRequestId(Date.now()) ?? prepared.query.request_id;
		const query = { ...prepared.query, request_id };
		const identities = await identitiesOf(client, query.recipient);
		await this.listeners.untilTurn(query, answersPerSecond, identities.length, true);
		const pending = new PendingQuery(request_id, identities, waitFor, query.app_id);
		this.pending.push(pending);
		// Registered before it is sent, because the answer can arrive before the acknowledgement.
		mailbox.register(pending, performance.now());
		const registered = await sendQuery(client, query);
		mailbox.rename(pending, registered.request_id, performance.now());
		this.collector?.noteRegistered(pending.requestId, item.index);
		const queueingMs = (identities.length / answersPerSecond) * 1000;
		this.queueEmptyAt = Math.max(this.queueEmptyAt, performance.now()) + queueingMs;
		pending.deadline = this.queueEmptyAt + timeout * 1000;
		return pending;
	}

	async settle(): Promise<void> {
		const registered = this.pending.filter(({ deadline }) => deadline < Infinity);
		await mailbox.settle(registered, this.context.getExecutionCancelSignal());
	}

	/** Takes an answer that was collected from another process. */
	private accept(callback: CapabilityCallback): void {
		noteAnswer(callback);
		if (!mailbox.deliver(callback, performance.now())) {
			// Too late for its item, but it can no longer start the workflow either.
			const { request_id } = callback.capability_notification;
			this.pending.find(({ requestId }) => requestId === request_id)?.accept(callback);
		}
	}

	private get unanswered(): PendingQuery[] {
		return this.pending.filter(({ isComplete }) => !isComplete);
	}

	get problem(): CollectProblem | undefined {
		return this.collector?.problem;
	}

	/** Cleans up, however the execution ended. */
	end(): void {
		this.collector?.end(this.unanswered.map(({ requestId }) => requestId));
		for (const pending of this.pending) {
			mailbox.close(pending, performance.now());
		}
	}
}
