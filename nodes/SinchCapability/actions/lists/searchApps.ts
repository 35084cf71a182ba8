import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { channelName } from '../../sinch/channels';
import type { AppSummary } from '../../transport/apps';
import { listApps } from '../../transport/apps';
import { SinchClient } from '../../transport/client';
import { PICKER_TIMEOUT_SECONDS } from './getChannels';

/** E.g. `Demo app (CONVERSATION) — RCS, WhatsApp, SMS`. */
function describe({ id, name, channels, processingMode }: AppSummary): string {
	const setUp = channels.map(channelName).join(', ') || 'no channels set up';
	return `${name || id}${processingMode && ` (${processingMode})`} — ${setUp}`;
}

/** The list of the App picker. Sinch has no search for apps, so all are read and filtered here. */
export async function searchApps(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const apps = await listApps(await SinchClient.create(this), PICKER_TIMEOUT_SECONDS);
	if (apps.length === 0) {
		throw new NodeOperationError(
			this.getNode(),
			'Sinch lists no apps for this project in this region',
			{ description: 'Check Region and Project ID in the credential.' },
		);
	}
	const wanted = filter?.trim().toLowerCase() ?? '';
	const results = apps
		.map((app) => ({ name: describe(app), value: app.id }))
		.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted))
		.sort((one, other) => one.name.localeCompare(other.name));
	return { results };
}
