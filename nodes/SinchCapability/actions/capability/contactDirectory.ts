import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { identityKey } from '../../sinch/channels';
import type { NewContact } from '../../sinch/types';
import { getApp, isDispatch, storesNoContacts } from '../../transport/apps';
import type { PacedClient } from '../../transport/pacedClient';
import { createContact, findContact } from '../../transport/contacts';

/** The contact that belongs to one item's identities. */
export interface KnownContact {
	contact_id: string;
	/** Whether this item's turn was the one that created it. */
	contact_created: boolean;
}

/**
 * The contacts of one execution, by their channel identities. Items that share an identity wait for
 * one another, so that none creates a contact a second time.
 */
export class ContactDirectory {
	private readonly byIdentity = new Map<string, Promise<KnownContact>>();

	private readonly dispatchByApp = new Map<string, Promise<boolean>>();

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly client: PacedClient,
	) {}

	/** The contact that has one of the identities, else a new one that has them all. */
	async ensure(appId: string, contact: NewContact, itemIndex: number): Promise<KnownContact> {
		await this.requireContacts(appId, itemIndex);
		const keys = contact.channel_identities.map(identityKey);
		for (;;) {
			const other = keys.map((key) => this.byIdentity.get(key)).find(Boolean);
			if (!other) {
				break;
			}
			const known = await other.catch(() => undefined);
			if (known) {
				return { ...known, contact_created: false };
			}
		}
		const own = this.findOrCreate(contact, itemIndex);
		for (const key of keys) {
			this.byIdentity.set(key, own);
		}
		own.catch(() => {
			for (const key of keys) {
				this.byIdentity.delete(key);
			}
		});
		return await own;
	}

	private async findOrCreate(contact: NewContact, itemIndex: number): Promise<KnownContact> {
		for (const identity of contact.channel_identities) {
			const found = await findContact(this.client, identity, itemIndex);
			if (found) {
				return { contact_id: found.id, contact_created: false };
			}
		}
		const created = await createContact(this.client, contact, itemIndex);
		return { contact_id: created.id, contact_created: true };
	}

	/** @throws NodeOperationError for an app that stores no contacts */
	private async requireContacts(appId: string, itemIndex: number): Promise<void> {
		const known = this.dispatchByApp.get(appId);
		const dispatch = known ?? getApp(this.client, appId).then(isDispatch);
		this.dispatchByApp.set(appId, dispatch);
		if (await dispatch) {
			throw new NodeOperationError(this.context.getNode(), storesNoContacts(appId), {
				itemIndex,
				description:
					"Switch off the option 'Create Contact If Missing', or choose an app in CONVERSATION mode.",
			});
		}
	}
}
