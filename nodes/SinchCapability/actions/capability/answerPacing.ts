import type { IExecuteFunctions } from 'n8n-workflow';

import { answerPaceOf, DEFAULT_ANSWERS_PER_SECOND, MAX_BURST } from '../../results/answerPace';
import type { CapabilityQuery } from '../../sinch/types';
import { getContact } from '../../transport/contacts';
import type { PacedClient } from '../../transport/pacedClient';
import { Listeners } from './activeTrigger';

/** Makes the queries of one execution wait for their turn when this n8n receives their answers. */
export class AnswerPacing {
	readonly listeners: Listeners;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly client: PacedClient,
	) {
		this.listeners = new Listeners(context, client);
	}

	/**
	 * Resolves when the query may be sent, or at once when the run has ended.
	 *
	 * @param answers how many the query will have, if that is known
	 */
	async turn(
		query: CapabilityQuery,
		itemIndex: number,
		answersPerSecond = DEFAULT_ANSWERS_PER_SECOND,
		answers?: number,
	): Promise<void> {
		const { app_id } = query;
		await answerPaceOf(app_id).wait({
			answers: answers ?? (await this.answersTo(query, itemIndex)),
			answersPerSecond,
			comeHere: async () => await this.hasListener(app_id),
			signal: this.client.signal,
		});
	}

	/** A contact has one for each of its channels, which matters only in a query of many contacts. */
	private async answersTo(
		{ app_id, recipient }: CapabilityQuery,
		itemIndex: number,
	): Promise<number> {
		if ('identified_by' in recipient) {
			return recipient.identified_by.channel_identities.length;
		}
		const isSmallRun = this.context.getInputData().length <= MAX_BURST;
		if (isSmallRun || !(await this.hasListener(app_id))) {
			return 1;
		}
		return await getContact(this.client, recipient.contact_id, itemIndex).then(
			({ channel_identities }) => channel_identities.length,
			() => 1,
		);
	}

	/** Whether a workflow in this n8n receives the answers; assumed for an app that cannot be looked up. */
	private async hasListener(appId: string): Promise<boolean> {
		return (await this.listeners.targetsOf(appId))?.length !== 0;
	}
}
