import type { IExecuteFunctions } from 'n8n-workflow';

import { AnswerWindow } from '../../pacing/answerWindow';
import type { Wait } from '../../waiting/mailbox';
import { mailbox } from '../../waiting/mailbox';
import type { WaitFor } from '../../waiting/pendingQuery';
import { PendingQuery } from '../../waiting/pendingQuery';
import { pause } from '../../shared/promises';
import type { CapabilityQuery, ChannelIdentity } from '../../sinch/types';
import { registerQuery } from '../../transport/queries';
import { getContact } from '../../transport/contacts';
import type { PacedClient } from '../../transport/pacedClient';
import { AnswerPacing } from './listeners';
import type { CollectProblem } from '../../waiting/across/collectClient';
import { Collector } from '../../waiting/across/collector';
import { whereAnswersArrive } from '../../waiting/across/place';

/** How often to look whether the next query may be sent, in milliseconds. */
const LOOK_MS = 100;

/** One item's query, checked and not yet sent. */
export interface PreparedQuery {
	query: CapabilityQuery;
	waitFor: WaitFor;
	/** Seconds. */
	timeout: number;
	answersPerSecond: number;
}

/** The channel identities that Sinch will answer for: those given, or all of the contact's. */
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

/** Sends the queries of one execution and collects their answers. */
export class QueryBatch {
	private readonly waits: Wait[] = [];

	private readonly pacing: AnswerPacing;

	private readonly window = new AnswerWindow();

	/** When Sinch will have delivered all answers so far, at the app's rate. */
	private queueEmptyAt = 0;

	/** Absent when the answers come to this process. */
	private readonly collector: Collector | undefined;

	/** @param targets the addresses of this n8n that Sinch posts the answers to */
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly client: PacedClient,
		targets: string[],
	) {
		this.pacing = new AnswerPacing(context, client);
		const place = whereAnswersArrive(context);
		if (place !== 'here' && targets.length > 0) {
			this.collector = new Collector(context, place, targets, {
				accept: (callback) => void mailbox.deliver(callback, Date.now()),
				outstanding: () => this.unanswered.length,
			});
		}
	}

	/** @throws NodeOperationError when the answers could not be collected */
	async open(): Promise<void> {
		await this.collector?.start();
	}

	async ask(
		{ query: prepared, waitFor, timeout, answersPerSecond }: PreparedQuery,
		itemIndex: number,
	): Promise<PendingQuery> {
		const request_id = this.collector?.createRequestId(Date.now()) ?? prepared.request_id;
		const query = { ...prepared, request_id };
		const identities = await identitiesOf(this.client, query, itemIndex);
		await this.pacing.turn(query, itemIndex, answersPerSecond, identities.length);
		const { signal } = this.client;
		while (!signal.aborted && this.window.isFull(answersPerSecond, Date.now())) {
			await pause(LOOK_MS, signal);
		}
		const awaited = new PendingQuery(query.request_id, identities, waitFor, query.app_id);
		this.window.add(awaited, Date.now());
		const wait: Wait = { awaited, deadline: Infinity };
		this.waits.push(wait);
		// Registered before it is sent, because the answer can arrive before the acknowledgement.
		mailbox.register(awaited, Date.now());
		const isAnswered = () => awaited.answers.size > 0;
		const registered = await registerQuery(
			this.client,
			query,
			itemIndex,
			undefined,
			isAnswered,
		).catch((error: unknown) => {
			if (isAnswered()) {
				return query;
			}
			this.window.remove(awaited);
			throw error;
		});
		mailbox.rename(awaited, registered.request_id, Date.now());
		const queueingMs = (identities.length / answersPerSecond) * 1000;
		this.queueEmptyAt = Math.max(this.queueEmptyAt, Date.now()) + queueingMs;
		wait.deadline = this.queueEmptyAt + timeout * 1000;
		return awaited;
	}

	async settle(): Promise<void> {
		const asked = this.waits.filter(({ deadline }) => deadline < Infinity);
		await mailbox.settle(asked, this.context.getExecutionCancelSignal());
	}

	private get unanswered(): PendingQuery[] {
		return this.waits.flatMap(({ awaited }) => (awaited.isComplete ? [] : awaited));
	}

	/** Why the latest attempt to collect answers failed, if it did. */
	get problem(): CollectProblem | undefined {
		return this.collector?.problem;
	}

	/** Cleans up, however the execution ended. */
	end(): void {
		this.collector?.end(this.unanswered.map(({ requestId }) => requestId));
		for (const { awaited } of this.waits) {
			mailbox.close(awaited, Date.now());
		}
	}
}
