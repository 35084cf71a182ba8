import type { IExecuteFunctions } from 'n8n-workflow';

import type { CapabilityQuery } from '../../sinch/types';
import { getApp, isDispatch } from '../../transport/apps';
import type { BulkClient } from '../../transport/bulkClient';

/** For one hint the editor's user should not have to wait. */
const TIMEOUT_SECONDS = 5;

/**
 * After a run by hand: says that contacts were asked about by an app that stores none. A run in
 * production pays for no such look-up, and one that fails is no matter.
 */
export async function hintAtDispatch(
	context: IExecuteFunctions,
	client: BulkClient,
	queries: CapabilityQuery[],
): Promise<void> {
	if (context.getMode() !== 'manual') {
		return;
	}
	const appIds = queries.flatMap(({ app_id, recipient }) =>
		'contact_id' in recipient ? app_id : [],
	);
	for (const appId of new Set(appIds)) {
		const stores = await getApp(client, appId, TIMEOUT_SECONDS).then(
			(app) => !isDispatch(app),
			() => true,
		);
		if (!stores) {
			context.addExecutionHints({
				message: `The app ${appId} is in DISPATCH mode and stores no contacts, so Sinch cannot look one up. Set Recipient to 'Channel Identities', or choose an app in CONVERSATION mode.`,
				type: 'warning',
			});
		}
	}
}
