import { type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';

import type { PacedClient } from '../transport/pacedClient';
import { CAPABILITY_TRIGGER } from '../sinch/webhookTriggers';
import { listWebhooks } from '../transport/webhooks';
import { answerPaceOf, MAX_BURST } from '../transport/queries';
import type { CapabilityQuery } from '../sinch/types';
import { whereAnswersArrive } from './queueMode/place';
import { getContact } from '../transport/contacts';
import { memoize } from '../shared/memoize';
import { type Receiver, shown, PUBLISH_TRIGGER, receiverOf } from '../shared/webhookAddresses';
import { listApps } from '../transport/apps';
import type { ApiClient } from '../transport/client';
import { listeningAt } from './listening';

/** What Sinch posts the answers of an app to in this n8n. */
export async function findReceivers(context: IExecuteFunctions, client: ApiClient, appId: string) {
	return (await listWebhooks(client, appId)).flatMap((webhook) => {
		const { target_type, triggers } = webhook;
		const hasAnswers = target_type === 'HTTP' && triggers?.includes(CAPABILITY_TRIGGER);
		return (hasAnswers && receiverOf(context, webhook)) || [];
	});
}

/** Those receivers at whose address a workflow may be published. @param isFresh whether all are looked up now */
export async function published(
	context: IExecuteFunctions,
	receivers: readonly Receiver[],
	isFresh = false,
): Promise<Receiver[]> {
	const listening = await Promise.all(
		receivers.map(async (receiver) => await listeningAt(context, receiver, isFresh)),
	);
	return receivers.filter((_, index) => listening[index] !== 'no');
}

/** The addresses of receivers for a text. */
export const addressesOf = (receivers: readonly Receiver[]): string =>
	receivers.map(({ target }) => shown(target)).join(', ');

/** No one should have to wait for an error message. In seconds. */
const OTHER_APPS_TIMEOUT = 5;

/** Where the answers of one execution's queries arrive, looked up once for each app. */
export class Listeners {
	private readonly lookUp = memoize(
		async (appId) => await findReceivers(this.context, this.client, appId),
	);

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly client: PacedClient,
	) {}

	/** @returns what receives them in this n8n, empty when no workflow does; undefined when Sinch does not say */
	async usableOf(appId: string): Promise<Receiver[] | undefined> {
		const receivers = await this.lookUp(appId).catch(() => undefined);
		return receivers && (await published(this.context, receivers));
	}

	/**
	 * Makes sure that the answers will come to this n8n, before any query is sent.
	 *
	 * @returns what Sinch posts the answers to in this n8n
	 */
	async require(appId: string): Promise<Receiver[]> {
		const receivers = await this.lookUp(appId);
		const fail = (message: string, description: string) =>
			new NodeOperationError(this.context.getNode(), message, {
				description: `${description} No query was sent.`,
			});
		if (receivers.length === 0) {
			const other = await this.findAppWithTrigger();
			const address = shown(this.context.getInstanceBaseUrl());
			throw fail(
				`No published workflow receives the answers of app ${appId}`,
				other
					? `A published workflow in this n8n receives the answers of app ${other}: choose the same app (or credential) in both.`
					: `Sinch has no address in this n8n (${address}) for them. ${PUBLISH_TRIGGER}`,
			);
		}
		const usable = await published(this.context, receivers);
		if (usable.length === 0) {
			throw fail(
				`The workflow that receives the answers of app ${appId} is not published (active)`,
				`Sinch posts them to ${addressesOf(receivers)}, where no workflow is published. ${PUBLISH_TRIGGER}`,
			);
		}
		return usable;
	}

	/**
	 * Resolves when the query may be sent, or at once when the run has ended, when the query would not be
	 * sent, or when no workflow of this n8n receives its answers.
	 *
	 * @param answers how many the query will have, if that is known
	 * @param areCollected whether answers that come to another process are collected from it
	 */
	async untilTurn(
		query: CapabilityQuery,
		answersPerSecond: number,
		answers?: number,
		areCollected = false,
	): Promise<void> {
		if (this.client.hasGivenUp) {
			return;
		}
		const { app_id, request_id } = query;
		await answerPaceOf(app_id).wait({
			requestId: request_id,
			answers: answers ?? (await this.answersTo(query)),
			answersPerSecond,
			hasListener: async () => await this.hasListener(app_id),
			arriveElsewhere: !areCollected && whereAnswersArrive(this.context) === 'elsewhere',
			signal: this.client.signal,
		});
	}

	/** The first app of the project for which a trigger in this n8n is published; undefined without one. */
	private async findAppWithTrigger(): Promise<string | undefined> {
		const apps = await listApps(this.client, OTHER_APPS_TIMEOUT).catch(() => []);
		for (const { id } of apps) {
			const receivers = await this.usableOf(id);
			if (receivers?.some(({ kind }) => kind === 'trigger')) {
				return id;
			}
		}
		return undefined;
	}

	/** A contact has one for each of its channels, which matters only in a query of many contacts. */
	private async answersTo({ app_id, recipient }: CapabilityQuery): Promise<number> {
		if ('identified_by' in recipient) {
			return recipient.identified_by.channel_identities.length;
		}
		const isSmallRun = this.context.getInputData().length <= MAX_BURST;
		if (isSmallRun || !(await this.hasListener(app_id))) {
			return 1;
		}
		return await getContact(this.client, recipient.contact_id).then(
			({ channel_identities }) => channel_identities.length,
			() => 1,
		);
	}

	/** Whether a workflow in this n8n receives the answers; assumed for an app that cannot be looked up. */
	private async hasListener(appId: string): Promise<boolean> {
		return (await this.lookUp(appId).catch(() => undefined))?.length !== 0;
	}
}
