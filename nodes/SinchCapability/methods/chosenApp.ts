import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { SinchClient } from '../transport/client';
import type { AppSummary } from '../transport/apps';
import { getApp } from '../transport/apps';
import type { ResourceLocatorValue } from '../parameters/resourceLocator';
import { idOf, isExpression } from '../parameters/resourceLocator';

/** For every request of a list, because somebody waits for it in the editor. */
export const PICKER_TIMEOUT_SECONDS = 10;

/**
 * The app that the node in the editor uses: the one in its options, else the credential's.
 *
 * @returns undefined when an expression sets it, which only a run evaluates
 */
export async function chosenApp(context: ILoadOptionsFunctions): Promise<AppSummary | undefined> {
	const chosen = idOf(context.getCurrentNodeParameter('options.appId') as ResourceLocatorValue);
	if (isExpression(chosen)) {
		return undefined;
	}
	const client = await SinchClient.create(context);
	return await getApp(client, chosen || client.appId, PICKER_TIMEOUT_SECONDS);
}
