import type { App } from '../sinch/types';
import type { ApiClient } from './client';
import { asText, listOf, thing } from './expect';

/** What this package needs of an app: Sinch's response also holds tokens and secrets of the app's channels. */
function summarize({ id, display_name, processing_mode, channel_credentials }: App) {
	const credentials = Array.isArray(channel_credentials) ? channel_credentials : [];
	const channels = credentials.map((one) => asText(one?.channel)).filter(Boolean);
	return {
		id,
		name: asText(display_name),
		channels: [...new Set(channels)],
		processingMode: asText(processing_mode),
	};
}

export type AppSummary = ReturnType<typeof summarize>;

/** All apps of the project; Sinch has no pages here. */
export async function listApps(client: ApiClient, timeoutSeconds: number): Promise<AppSummary[]> {
	const { apps } = await client.request({
		method: 'GET',
		path: '/apps',
		expect: listOf<{ apps: App[] }>('apps'),
		timeoutSeconds,
	});
	return apps.map(summarize);
}

export async function getApp(client: ApiClient, appId: string, timeoutSeconds?: number) {
	const path = `/apps/${encodeURIComponent(appId)}`;
	const expect = thing<App>(appId);
	return summarize(await client.request({ method: 'GET', path, expect, timeoutSeconds }));
}

/** The problem with an app in DISPATCH mode. @param app its name or ID */
export const storesNoContacts = (app: string): string =>
	`The app ${app} is in DISPATCH mode and stores no contacts`;

/** The same for a query by contact, with what to do about it. */
export const knowsNoContact = (app: string): string =>
	`${storesNoContacts(app)}. Set 'Recipient' to 'Phone Number', or choose an app in CONVERSATION mode.`;

export const isDispatch = ({ processingMode }: AppSummary): boolean =>
	processingMode === 'DISPATCH';
