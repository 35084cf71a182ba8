import type { IExecuteFunctions } from 'n8n-workflow';

import { contactField, readContactId } from '../../parameters/contact';
import * as contacts from '../../transport/contacts';
import { forEachItem } from '../operation';
import type { Operation } from '../operation';

/** Deletes one contact. */
export const deleteContact: Operation = {
	option: {
		name: 'Delete',
		value: 'delete',
		description: 'Remove a contact from Sinch',
		action: 'Delete contact',
	},
	fields: [contactField('The contact to delete', 'searchContacts')],
	async execute(this: IExecuteFunctions) {
		return await forEachItem(this, {
			done: 'contacts deleted',
			prepare: (_, item) => readContactId(this, item),
			answer: async (client, id, item) => await contacts.deleteContact(client, id, item),
		});
	},
};
