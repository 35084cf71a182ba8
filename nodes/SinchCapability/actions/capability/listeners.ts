import { type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';

import type { PacedClient } from '../../transport/pacedClient';
import { CAPABILITY_TRIGGER } from '../../sinch/webhookTriggers';
import { listWebhooks } from '../../transport/webhooks';
import { answerPaceOf, MAX_BURST } from '../../pacing/answerPace';
import type { CapabilityQuery } from '../../sinch/types';
import { whereAnswersArrive } from '../../waiting/across/place';
import { getContact } from '../../transport/contacts';
import { isBelow, ownAddress, shown } from '../../shared/ownAddresses';
import { REPUBLISH, isTestTarget, isTriggerTarget } from '../../shared/triggerWebhook';
import { listApps } from '../../transport/apps';
import { listeningAt } from '../../waiting/listening';

/** The addresses in this n8n to which Sinch posts the answers of an app. */
export async function findTargets(
	context: IExecuteFunctions,
	client: PacedClient,
	appId: string,
): Promise<string[]> {
	const address = ownAddress(context);
	return (await listWebhooks(client, appId))
		.filter(
			({ target, target_type, triggers }) =>
				target_type === 'HTTP' &&
				triggers?.includes(CAPABILITY_TRIGGER) &&
				isBelow(address, target),
		)
		.map(({ target }) => target);
}

/** No one should have to wait for an error message. In seconds. */
const OTHER_APPS_TIMEOUT = 5;

/** Another app of the project for which a trigger in this n8n is registered; undefined without one. */
async function findOtherApp(
	context: IExecuteFunctions,
	client: PacedClient,
	appId: string,
): Promise<string | undefined> {
	const apps = await listApps(client, OTHER_APPS_TIMEOUT).catch(() => []);
	for (const { id } of apps.filter((app) => app.id !== appId)) {
		const targets = await findTargets(context, client, id).catch((): string[] => []);
		if (targets.some((target) => isTriggerTarget(target) && !isTestTarget(target))) {
			return id;
		}
	}
	return undefined;
}

/** Where the answers of one execution's queries arrive, looked up once for each app. */
export class Listeners {
	private readonly known = new Map<string, Promise<string[]>>();

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly client: PacedClient,
	) {}

	/** @returns the addresses of this n8n, empty when no workflow listens; undefined when Sinch does not say */
	async targetsOf(appId: string): Promise<string[] | undefined> {
		return await this.lookUp(appId).catch(() => undefined);
	}

	/**
	 * Makes sure that the answers will come to this n8n, before any query is sent.
	 *
	 * @returns the addresses of this n8n that Sinch posts the answers to
	 */
	async require(appId: string): Promise<string[]> {
		const targets = await this.lookUp(appId);
		const fail = (message: string, description: string) =>
			new NodeOperationError(this.context.getNode(), message, {
				description: `${description} No query was sent.`,
			});
		if (targets.length === 0) {
			const other = await findOtherApp(this.context, this.client, appId);
			const address = shown(ownAddress(this.context));
			throw fail(
				`No published workflow receives the answers of app ${appId}`,
				other
					? `A published workflow in this n8n receives the answers of app ${other}: choose the same app (or credential) in both.`
					: `Publish (activate) a workflow with a Sinch Capability Trigger for this app, in this n8n (${address}). If it is published already, ${REPUBLISH}.`,
			);
		}
		const listening = await Promise.all(
			targets.map(async (target) => await listeningAt(this.context, target)),
		);
		const usable = targets.filter((_, index) => listening[index] !== 'no');
		if (usable.length === 0) {
			throw fail(
				`The workflow that receives the answers of app ${appId} is not published (active)`,
				`Sinch posts them to ${targets.map(shown).join(', ')}, where no workflow is published. Publish (activate) a workflow with a Sinch Capability Trigger for this app; if it is published already, ${REPUBLISH}.`,
			);
		}
		return usable;
	}

	/**
	 * Resolves when the query may be sent, or at once when the run has ended or no workflow of this n8n
	 * receives its answers.
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

	private async lookUp(appId: string): Promise<string[]> {
		const targets = this.known.get(appId) ?? findTargets(this.context, this.client, appId);
		this.known.set(appId, targets);
		return await targets;
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
		return (await this.targetsOf(appId))?.length !== 0;
	}
}
