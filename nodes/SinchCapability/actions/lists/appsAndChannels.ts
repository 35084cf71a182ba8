import type { ILoadOptionsFunctions, INodeListSearchItems } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { CHANNELS, channelName } from '../../sinch/channels';
import { SinchClient } from '../../transport/client';
import { type AppSummary, getApp, listApps } from '../../transport/apps';
import { idOf, isExpression } from '../../parameters/pickers';

/** For every request of a list, because someone waits for it in the editor. */
export const PICKER_TIMEOUT_SECONDS = 10;

/** The items whose name or ID contains what was typed, in any case. */
export function matching(items: INodeListSearchItems[], typed = ''): INodeListSearchItems[] {
	const wanted = typed.trim().toLowerCase();
	return items.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted));
}

/** The app that the node in the editor uses; undefined when an expression sets it, which only a run evaluates. */
export async function chosenApp(context: ILoadOptionsFunctions): Promise<AppSummary | undefined> {
	const chosen = idOf(context.getCurrentNodeParameter('options.appId'));
	if (isExpression(chosen)) {
		return undefined;
	}
	const client = await SinchClient.create(context);
	return await getApp(client, chosen || client.appId, PICKER_TIMEOUT_SECONDS);
}

const toOptions = (channels: string[], remark = '') =>
	channels
		.map((value) => ({ name: `${channelName(value)}${remark}`, value }))
		.sort((one, other) => one.name.localeCompare(other.name));

/** Without a response from Sinch, no channel is marked: the list is a convenience, not a restriction. */
export async function getChannels(this: ILoadOptionsFunctions) {
	const app = await chosenApp(this).catch(() => undefined);
	const known = CHANNELS.map(({ value }) => value);
	if (!app) {
		return toOptions(known);
	}
	const others = known.filter((channel) => !app.channels.includes(channel));
	return [...toOptions(app.channels), ...toOptions(others, ' (not set up in this app)')];
}

/** E.g. `Demo app (CONVERSATION) — RCS, WhatsApp, SMS`. */
function describe({ id, name, channels, processingMode }: AppSummary): string {
	const setUp = channels.map(channelName).join(', ') || 'no channels set up';
	return `${name || id}${processingMode && ` (${processingMode})`} — ${setUp}`;
}

/** The list of the App picker. Sinch has no search for apps, so all are read and filtered here. */
export async function searchApps(this: ILoadOptionsFunctions, filter?: string) {
	const apps = await listApps(await SinchClient.create(this), PICKER_TIMEOUT_SECONDS);
	if (apps.length === 0) {
		throw new NodeOperationError(
			this.getNode(),
			'Sinch lists no apps for this project in this region',
			{ description: 'Check Region and Project ID in the credential.' },
		);
	}
	const items = apps
		.map((app) => ({ name: describe(app), value: app.id }))
		.sort((one, other) => one.name.localeCompare(other.name));
	return { results: matching(items, filter) };
}
