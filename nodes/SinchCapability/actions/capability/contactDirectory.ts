import { memoize } from '../../shared/memoize';
import { identityKey } from '../../sinch/channels';
import type { NewContact } from '../../sinch/types';
import type { Item } from '../../parameters/item';
import { getApp, isDispatch, storesNoContacts } from '../../transport/apps';
import type { ApiClient } from '../../transport/client';
import { createContact, findContact } from '../../transport/contacts';

export interface KnownContact {
	contact_id: string;
	/** Whether this item's turn was the one that created it. */
	contact_created: boolean;
}

async function findOrCreate(client: ApiClient, contact: NewContact): Promise<KnownContact> {
	for (const identity of contact.channel_identities) {
		const found = await findContact(client, identity);
		if (found) {
			return { contact_id: found.id, contact_created: false };
		}
	}
	const created = await createContact(client, contact);
	return { contact_id: created.id, contact_created: true };
}

/** Items that share an identity wait for one another, so that none creates a contact a second time. */
export class ContactDirectory {
	/** Of the latest item with an identity; undefined if it has failed. */
	private readonly byIdentity = new Map<string, Promise<KnownContact | undefined>>();

	private readonly appOf = memoize(async (appId) => await getApp(this.client, appId));

	/** @param client for what concerns the whole run */
	constructor(private readonly client: ApiClient) {}

	/** The contact that has one of the identities, else a new one that has them all. @param client for the item */
	async ensure(client: ApiClient, appId: string, contact: NewContact, item: Item) {
		if (isDispatch(await this.appOf(appId))) {
			throw item.error(
				storesNoContacts(appId),
				"Turn off the option 'Create Contact If Missing', or choose an app in CONVERSATION mode.",
			);
		}
		const keys = contact.channel_identities.map(identityKey);
		const earlier = keys.flatMap((key) => this.byIdentity.get(key) ?? []);
		const own = Promise.all(earlier).then(async (contacts) => {
			const known = contacts.find(Boolean);
			return known ? { ...known, contact_created: false } : await findOrCreate(client, contact);
		});
		const settled = own.catch(() => undefined);
		keys.forEach((key) => this.byIdentity.set(key, settled));
		return await own;
	}
}
