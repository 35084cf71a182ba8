import type { IExecuteFunctions } from 'n8n-workflow';

import { contactField, readContactId } from '../../parameters/pickers';
import { getContact } from '../../transport/contacts';
import { forEachItem } from '../operation';
import type { Operation } from '../operation';

/** Reads one contact. */
export const get: Operation = {
	option: {
		name: 'Get',
		value: 'get',
		description: 'Read a contact that is stored at Sinch',
		action: 'Get contact',
	},
	fields: [contactField('The contact to read', 'searchContacts')],
	async execute(this: IExecuteFunctions) {
		return await forEachItem(this, {
			caption: { one: 'contact read', many: 'contacts read' },
			prepare: (_, itemIndex) => readContactId(this, itemIndex),
			send: async (client, id, itemIndex) => await getContact(client, id, itemIndex),
		});
	},
};
