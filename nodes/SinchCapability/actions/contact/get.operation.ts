import { contactField, readContactId } from '../../parameters/pickers';
import { getContact } from '../../transport/contacts';
import { type Operation, eachItem } from '../operation';

export const get: Operation = {
	option: {
		name: 'Get',
		value: 'get',
		description: 'Read a contact that is stored at Sinch',
		action: 'Get contact',
	},
	fields: [contactField('The contact to read', 'searchContacts')],
	execute: eachItem({
		prepare: readContactId,
		send: getContact,
	}),
};
