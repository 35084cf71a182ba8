import type { ILoadOptionsFunctions, INodeListSearchItems } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { CHANNELS, PHONE_CHANNELS, channelName } from '../sinch/channels';
import { SinchClient } from '../transport/client';
import { type AppSummary, getApp, isDispatch, knowsNoContact, listApps } from '../transport/apps';
import { shown } from '../shared/webhookAddresses';
import { appIdError, idOf, isExpression } from '../parameters/pickers';
import { readPhoneNumber } from '../sinch/phoneNumber';
import type { Contact, Webhook } from '../sinch/types';
import { type ContactFilter, listContacts } from '../transport/contacts';
import { asText } from '../transport/expect';
import { listWebhooks } from '../transport/webhooks';

/** For every request of a list, because someone waits for it in the editor. */
const PICKER_TIMEOUT_SECONDS = 10;

/** The items whose name or ID contains what was typed, in any case. */
function matching(items: INodeListSearchItems[], typed = ''): INodeListSearchItems[] {
	const wanted = typed.trim().toLowerCase();
	return items.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted));
}

/** The chosen app, else the credential's. @throws NodeOperationError, of which a list shows the message only */
function appIdOf(context: ILoadOptionsFunctions, client: SinchClient, chosen: string): string {
	const id = chosen || client.appId;
	const wrong = appIdError(id);
	if (wrong) {
		throw new NodeOperationError(context.getNode(), `${wrong.message}. ${wrong.description}`);
	}
	return id;
}

/** The app that the node in the editor uses; undefined when an expression sets it, which only a run evaluates. */
async function chosenApp(context: ILoadOptionsFunctions): Promise<AppSummary | undefined> {
	const chosen = idOf(context.getCurrentNodeParameter('options.appId'));
	if (isExpression(chosen)) {
		return undefined;
	}
	const client = await SinchClient.create(context);
	return await getApp(client, appIdOf(context, client, chosen), PICKER_TIMEOUT_SECONDS);
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
function describeApp({ id, name, channels, processingMode }: AppSummary): string {
	const setUp = channels.map(channelName).join(', ') || 'no channels set up';
	return `${name || id}${processingMode && ` (${processingMode})`} — ${setUp}`;
}

/** The list of the App picker. Sinch has no search for apps, so all are read and filtered here. */
export async function searchApps(this: ILoadOptionsFunctions, filter?: string) {
	const apps = await listApps(await SinchClient.create(this), PICKER_TIMEOUT_SECONDS);
	if (apps.length === 0) {
		throw new NodeOperationError(
			this.getNode(),
			// The list shows this sentence and no description.
			'Sinch lists no apps for this project in this region. Check Region and Project ID in the credential.',
		);
	}
	const items = apps
		.map((app) => ({ name: describeApp(app), value: app.id }))
		.sort((one, other) => one.name.localeCompare(other.name));
	return { results: matching(items, filter) };
}

/** Sinch cannot search by name, so this many pages of 20 are read and filtered for one response. */
const PAGES_PER_SEARCH = 5;

/** Sinch's name for a contact without a name. */
const NAMELESS = 'Unknown';

/** E.g. `Astrid Lindqvist — 46701740605`. */
function describeContact({ id, display_name, external_id, channel_identities }: Contact): string {
	const name = display_name === NAMELESS ? '' : asText(display_name);
	const identities = [...new Set(channel_identities.map(({ identity }) => identity))].join(', ');
	return [name || asText(external_id), identities].filter(Boolean).join(' — ') || id;
}

/** One for each contact, which Sinch may have found by several channels. */
function toItems(contacts: Contact[]) {
	const byId = new Map(contacts.map((contact) => [contact.id, describeContact(contact)]));
	return [...byId].map(([value, name]) => ({ name, value }));
}

/** By external ID and by phone number: Sinch's own filters, all of them exact. */
async function findExactly(client: SinchClient, typed: string): Promise<Contact[]> {
	const filters: ContactFilter[] = [{ external_id: typed }];
	const number = readPhoneNumber(typed);
	if ('digits' in number) {
		const identity = number.digits;
		filters.push(...PHONE_CHANNELS.map((channel) => ({ channel, identity })));
	}
	const timeoutSeconds = PICKER_TIMEOUT_SECONDS;
	const pages = await Promise.all(
		filters.map(async (filter) => await listContacts(client, { filter, timeoutSeconds })),
	);
	return pages.flatMap(({ contacts }) => contacts);
}

/** Reads pages until one has a matching name, or enough were read for one response. */
async function findByName(client: SinchClient, typed: string, firstPage: string | undefined) {
	let pageToken = firstPage;
	for (let page = 1; ; page++) {
		const wanted = { pageToken, timeoutSeconds: PICKER_TIMEOUT_SECONDS };
		const { contacts, nextPageToken } = await listContacts(client, wanted);
		const results = matching(toItems(contacts), typed);
		pageToken = nextPageToken || undefined;
		if (results.length > 0 || !pageToken || page === PAGES_PER_SEARCH) {
			return { results, paginationToken: pageToken };
		}
	}
}

/** The list of the Contact picker: every contact of the project, 20 at a time. */
export async function searchContacts(this: ILoadOptionsFunctions, filter?: string, page?: string) {
	const client = await SinchClient.create(this);
	const typed = filter?.trim() ?? '';
	const exact = typed !== '' && !page ? await findExactly(client, typed) : [];
	if (exact.length > 0) {
		return { results: toItems(exact), paginationToken: undefined };
	}
	return await findByName(client, typed, page);
}

/** The same for queries by contact: an app in DISPATCH mode has no contacts. */
export async function searchContactsOfApp(
	this: ILoadOptionsFunctions,
	filter?: string,
	page?: string,
) {
	const app = page ? undefined : await chosenApp(this);
	if (app && isDispatch(app)) {
		// The list shows this sentence and no description.
		throw new NodeOperationError(this.getNode(), knowsNoContact(app.name || app.id));
	}
	return await searchContacts.call(this, filter, page);
}

/** E.g. `https://n8n.example.com/webhook/… (CAPABILITY) — signed`. Without secrets. */
const describeWebhook = ({ target, triggers = [], secret }: Webhook): string =>
	`${shown(target)} (${triggers.join(', ') || 'no triggers'}) — ${secret ? 'signed' : 'not signed'}`;

/** The list of the Webhook picker: the webhooks of the app in the form, else of the credential's. */
export async function searchWebhooks(this: ILoadOptionsFunctions, filter?: string) {
	const chosen = idOf(this.getCurrentNodeParameter('appId'));
	if (isExpression(chosen)) {
		throw new NodeOperationError(
			this.getNode(),
			// The list shows this sentence and no description.
			"The webhooks cannot be listed, because an expression sets the app. Choose the app from the list, or enter the webhook's ID.",
		);
	}
	const client = await SinchClient.create(this);
	const webhooks = await listWebhooks(client, appIdOf(this, client, chosen));
	const items = webhooks.map((webhook) => ({ name: describeWebhook(webhook), value: webhook.id }));
	return { results: matching(items, filter) };
}
