import type { App } from '../sinch/types';
import { objectIn, thingIn } from './answer';
import type { ApiClient } from './client';

/**
 * The part of an app that this package needs, and nothing else: Sinch's answer holds the bearer
 * tokens and callback secrets of the app's channels.
 */
export interface AppSummary {
	id: string;
	name: string;
	/** Sinch's names of the channels that are set up, in order of priority. */
	channels: string[];
	processingMode: string;
}

function summarise({ id, display_name, processing_mode, channel_credentials }: App): AppSummary {
	const channels = (channel_credentials ?? []).flatMap(({ channel }) => channel ?? []);
	return {
		id,
		name: display_name ?? '',
		channels: [...new Set(channels)],
		processingMode: processing_mode ?? '',
	};
}

/** All apps of the project; Sinch has no pages here. */
export async function listApps(client: ApiClient, timeoutSeconds: number): Promise<AppSummary[]> {
	const answer = await client.request<{ apps?: App[] }>({
		method: 'GET',
		path: '/apps',
		timeoutSeconds,
	});
	return (objectIn(answer).apps ?? []).map(summarise);
}

export async function getApp(
	client: ApiClient,
	appId: string,
	timeoutSeconds?: number,
): Promise<AppSummary> {
	const path = `/apps/${encodeURIComponent(appId)}`;
	return summarise(thingIn(await client.request<App>({ method: 'GET', path, timeoutSeconds })));
}

/** Whether the app stores no contacts. */
export const isDispatch = ({ processingMode }: AppSummary): boolean =>
	processingMode === 'DISPATCH';
