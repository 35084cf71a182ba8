import { contactField, readContactId } from '../../parameters/pickers';
import { deleteContact } from '../../transport/contacts';
import { type Operation, eachItem } from '../operation';

export const contactDelete: Operation = {
	option: {
		name: 'Delete',
		value: 'delete',
		description: 'Remove a contact from Sinch',
		action: 'Delete contact',
	},
	fields: [contactField('The contact to delete', 'searchContacts')],
	execute: eachItem({
		prepare: readContactId,
		send: deleteContact,
	}),
};
