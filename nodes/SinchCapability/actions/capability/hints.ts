import type { IExecuteFunctions, INodeExecutionData, NodeHint } from 'n8n-workflow';

import { PUBLISH_TRIGGER } from '../../shared/webhookAddresses';
import type { CapabilityQuery } from '../../sinch/types';
import { getApp, isDispatch, knowsNoContact } from '../../transport/apps';
import type { PacedClient } from '../../transport/pacedClient';
import { type BestResult, WAIT_OUTCOMES } from '../../waiting/contactResult';
import type { Listeners } from '../../waiting/listeners';

/** With more items than this, the answers take more than half a minute. */
const MANY_ITEMS = 750;

/** Shown before a long run, because n8n shows no progress within a node. */
export const longRunHint: NodeHint = {
	message:
		'By default, Sinch delivers 25 answers a second, and this node sends queries no faster: 1,000 answers take at least 40 seconds.',
	type: 'info',
	location: 'outputPane',
	whenToDisplay: 'beforeExecution',
	displayCondition: `={{ ["query", "queryAndWait"].includes($parameter["operation"]) && $input.all().length > ${MANY_ITEMS} }}`,
};

/** After a manual run: how many contacts had which outcome. n8n shows the first output, which is often empty. */
export function hintAtOutcomes(
	context: IExecuteFunctions,
	results: readonly BestResult[],
	outputs: INodeExecutionData[][],
): void {
	const [first, ...others] = results;
	if (context.getMode() !== 'manual' || !first) {
		return;
	}
	const { outcome, best_channel: channel } = first;
	const counts = WAIT_OUTCOMES.flatMap((name) => {
		const count = results.filter((one) => one.outcome === name).length;
		return count > 0 ? `${name} ${count}` : [];
	});
	const [item, ...rest] = outputs.flat();
	const isError = item?.json.error && context.getNode().onError === 'continueErrorOutput';
	const hasOwnTab = outputs.length > 1 && rest.length === 0;
	const place = hasOwnTab ? ` Its item is on the tab ${isError ? 'Error' : outcome} Branch.` : '';
	context.addExecutionHints({
		message:
			others.length === 0
				? `1 contact: ${outcome}${channel ? ` on ${channel}` : ''}.${place}`
				: `${results.length} contacts: ${counts.join(', ')}.`,
		type: 'info',
	});
}

/** For Always Output Data, n8n 1 and 2 look at the first output only; n8n 3 adds an item if all are empty. */
export function hintAtEmptyItem(context: IExecuteFunctions, outputs: INodeExecutionData[][]) {
	const [first, ...others] = outputs;
	if (context.getNode().alwaysOutputData && first?.length === 0 && others.length > 0) {
		context.addExecutionHints({
			message:
				"n8n 1 and 2 add an empty item to the first output, because this node's setting 'Always Output Data' is on. Turn it off, or set 'Outputs' to 'Single'.",
			type: 'warning',
		});
	}
}

/** No one should have to wait for a hint. */
const TIMEOUT_SECONDS = 5;

/**
 * After a manual run: says that contacts were queried with an app that stores none. A run in
 * production skips this look-up, and its failure is ignored.
 */
export async function hintAtDispatch(
	context: IExecuteFunctions,
	client: PacedClient,
	queries: CapabilityQuery[],
): Promise<void> {
	if (context.getMode() !== 'manual') {
		return;
	}
	const appIds = queries.flatMap(({ app_id, recipient }) =>
		'contact_id' in recipient ? app_id : [],
	);
	for (const appId of new Set(appIds)) {
		const app = await getApp(client, appId, TIMEOUT_SECONDS).catch(() => undefined);
		if (app && isDispatch(app)) {
			context.addExecutionHints({ message: knowsNoContact(appId), type: 'warning' });
		}
	}
}

/**
 * After a manual run of Check Reachability: says where its answers arrive, or that they are lost; nothing
 * when Sinch does not say who listens. @param registered how many queries Sinch registered, by app
 */
export async function hintAtListeners(
	context: IExecuteFunctions,
	listeners: Listeners,
	registered: ReadonlyMap<string, number>,
): Promise<void> {
	if (context.getMode() !== 'manual') {
		return;
	}
	for (const [appId, count] of registered) {
		const receivers = await listeners.usableOf(appId);
		const queries = count === 1 ? '1 query' : `${count} queries`;
		if (receivers?.length === 0) {
			context.addExecutionHints({
				message: `Sinch registered ${queries}, but no published workflow in this n8n receives the answers of app ${appId}, so they will be lost. ${PUBLISH_TRIGGER}`,
				type: 'warning',
			});
		} else if (receivers?.some(({ kind }) => kind === 'trigger')) {
			context.addExecutionHints({
				message: `Sinch registered ${queries}. The answers start every published workflow with a Sinch Capability Trigger for this app; see their Executions tabs.`,
				type: 'info',
			});
		}
	}
}
