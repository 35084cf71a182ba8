import { type ILoadOptionsFunctions, NodeOperationError } from 'n8n-workflow';

import { PHONE_CHANNELS } from '../../sinch/channels';
import { readPhoneNumber } from '../../sinch/phoneNumber';
import type { Contact } from '../../sinch/types';
import { isDispatch, knowsNoContact } from '../../transport/apps';
import { SinchClient } from '../../transport/client';
import { type ContactFilter, listContacts } from '../../transport/contacts';
import { asText } from '../../transport/expect';
import { chosenApp, matching, PICKER_TIMEOUT_SECONDS } from './appsAndChannels';

/** Sinch cannot search by name, so this many pages of 20 are read and filtered for one response. */
const PAGES_PER_SEARCH = 5;

/** Sinch's name for a contact without a name. */
const NAMELESS = 'Unknown';

/** E.g. `Astrid Lindqvist — 46701740605`. */
function describe({ id, display_name, external_id, channel_identities = [] }: Contact): string {
	const name = display_name === NAMELESS ? '' : asText(display_name);
	const identities = [...new Set(channel_identities.map(({ identity }) => identity))].join(', ');
	return [name || asText(external_id), identities].filter(Boolean).join(' — ') || id;
}

/** One for each contact, which Sinch may have found by several channels. */
function toItems(contacts: Contact[]) {
	const byId = new Map(contacts.map((contact) => [contact.id, describe(contact)]));
	return [...byId].map(([value, name]) => ({ name, value }));
}

/** The filters of Sinch that could find what was typed. All are exact. */
function exactFilters(typed: string): ContactFilter[] {
	const number = readPhoneNumber(typed);
	const byNumber =
		'digits' in number
			? PHONE_CHANNELS.map((channel) => ({ channel, identity: number.digits }))
			: [];
	return [{ external_id: typed }, ...byNumber];
}

async function findExactly(client: SinchClient, typed: string): Promise<Contact[]> {
	const timeoutSeconds = PICKER_TIMEOUT_SECONDS;
	const find = async (filter: ContactFilter) =>
		(await listContacts(client, { filter, timeoutSeconds })).contacts;
	return (await Promise.all(exactFilters(typed).map(find))).flat();
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
