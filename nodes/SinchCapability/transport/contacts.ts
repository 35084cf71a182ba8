import { identityKey } from '../sinch/channels';
import type { ChannelIdentity, Contact, NewContact } from '../sinch/types';
import { type ApiClient, deleteOne } from './client';
import { type Expect, asText, isIdentity, listOf, nameOf, thing } from './expect';

/** The largest page of contacts that Sinch returns. */
export const CONTACTS_PER_PAGE = 20;

/** Sinch's own filters: an exact external id, or an exact identity on one channel. */
export type ContactFilter = { external_id: string } | ChannelIdentity | Record<string, never>;

interface PageWanted {
	filter?: ContactFilter;
	pageToken?: string;
	/** 1 to 20. */
	pageSize?: number;
	timeoutSeconds?: number;
}

/** A contact may come without identities. */
const withIdentities = (contact: Contact): Contact => ({
	...contact,
	channel_identities: contact.channel_identities ?? [],
});

const areIdentities = ({ channel_identities }: Contact): boolean =>
	(channel_identities ?? null) === null ||
	(Array.isArray(channel_identities) && channel_identities.every(isIdentity));

/** Whether a contact can be one that Sinch has found by a filter. */
const matches =
	(filter: ContactFilter = {}) =>
	(contact: Contact): boolean => {
		if (!areIdentities(contact)) {
			return false;
		}
		if ('external_id' in filter) {
			return asText(contact.external_id).toLowerCase() === filter.external_id.toLowerCase();
		}
		const identities = contact.channel_identities ?? [];
		return (
			!('channel' in filter) || identities.map(nameOf).includes(nameOf(filter as ChannelIdentity))
		);
	};

/** A contact, and the one with this id if it is given. */
const contactOf =
	(id?: string): Expect<Contact> =>
	(body) => {
		const contact = thing<Contact>(id)(body);
		return contact && areIdentities(contact) ? withIdentities(contact) : undefined;
	};

/** One page of the project's contacts. @returns `nextPageToken` to ask for the next one; empty on the last */
export async function listContacts(client: ApiClient, wanted: PageWanted) {
	const { filter, pageToken, pageSize = CONTACTS_PER_PAGE, timeoutSeconds } = wanted;
	const { contacts, next_page_token: token } = await client.request({
		method: 'GET',
		path: '/contacts',
		expect: listOf<{ contacts: Contact[]; next_page_token?: unknown }>('contacts', matches(filter)),
		query: {
			page_size: String(pageSize),
			...(pageToken && { page_token: pageToken }),
			...filter,
		},
		timeoutSeconds,
	});
	return { contacts: contacts.map(withIdentities), nextPageToken: asText(token) };
}

/** The pages of contacts, until there are enough or no new ones. */
export async function* contactPages(client: ApiClient, filter?: ContactFilter, limit = Infinity) {
	const tokens = new Set<string>();
	let missing = limit;
	let pageToken = '';
	do {
		tokens.add(pageToken);
		const pageSize = Math.min(CONTACTS_PER_PAGE, missing);
		const { contacts, nextPageToken } = await listContacts(client, { filter, pageToken, pageSize });
		yield contacts;
		missing -= contacts.length;
		pageToken = nextPageToken;
	} while (!tokens.has(pageToken) && missing > 0);
}

/** A contact that has this identity on this channel, if there is one; several can share it. */
export async function findContact(client: ApiClient, { channel, identity }: ChannelIdentity) {
	const filter = { channel, identity };
	return (await listContacts(client, { filter, pageSize: 1 })).contacts[0];
}

/** Whether this contact may be the result of the request to create the new one. */
function isResultOf(contact: Contact, { channel_identities, ...fields }: NewContact): boolean {
	const own = new Set(contact.channel_identities.map(identityKey));
	return (
		channel_identities.every((identity) => own.has(identityKey(identity))) &&
		Object.entries(fields).every(([name, value]) => contact[name as keyof Contact] === value)
	);
}

/** Creates a contact. Looks for it first after a request without response, so that there is never a second one. */
export async function createContact(client: ApiClient, contact: NewContact): Promise<Contact> {
	const recover = async () => {
		const { channel, identity } = contact.channel_identities[0] as ChannelIdentity;
		for await (const contacts of contactPages(client, { channel, identity })) {
			const created = contacts.find((one) => isResultOf(one, contact));
			if (created) {
				return created;
			}
		}
		return undefined;
	};
	return await client.request({
		method: 'POST',
		path: '/contacts',
		body: contact,
		expect: contactOf(),
		recover,
	});
}

export async function getContact(client: ApiClient, id: string): Promise<Contact> {
	const path = `/contacts/${encodeURIComponent(id)}`;
	return await client.request({ method: 'GET', path, expect: contactOf(id) });
}

/** Changes those fields of a contact that are given, by Sinch's names, e.g. `display_name`. */
export async function updateContact(
	client: ApiClient,
	id: string,
	changes: Record<string, string>,
): Promise<Contact> {
	return await client.request({
		method: 'PATCH',
		path: `/contacts/${encodeURIComponent(id)}`,
		query: { update_mask: Object.keys(changes).join(',') },
		body: changes,
		expect: contactOf(id),
	});
}

/** Deletes a contact. @throws NodeApiError when Sinch still has it, or does not say */
export async function deleteContact(client: ApiClient, id: string) {
	return await deleteOne(client, '/contacts', id);
}
