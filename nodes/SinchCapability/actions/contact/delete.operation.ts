import type { IExecuteFunctions } from 'n8n-workflow';

import { contactField, readContactId } from '../../parameters/pickers';
import { deleteContact } from '../../transport/contacts';
import { createClient, forEachItem } from '../operation';
import type { Operation } from '../operation';

/** Deletes one contact. */
export const contactDelete: Operation = {
	option: {
		name: 'Delete',
		value: 'delete',
		description: 'Remove a contact from Sinch',
		action: 'Delete contact',
	},
	fields: [contactField('The contact to delete', 'searchContacts')],
	async execute(this: IExecuteFunctions) {
		return await forEachItem(this, await createClient(this), {
			caption: { one: 'contact deleted', many: 'contacts deleted' },
			prepare: readContactId,
			send: deleteContact,
		});
	},
};
