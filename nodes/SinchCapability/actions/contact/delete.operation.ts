import { contactField, readContactId } from '../../parameters/pickers';
import { deleteContact } from '../../transport/contacts';
import { eachItem } from '../operation';

export const contactDelete = eachItem({
	name: 'Delete',
	value: 'delete',
	description: 'Remove a contact from Sinch',
	action: 'Delete contact',
	fields: [contactField('The contact to delete', 'searchContacts')],
	prepare: readContactId,
	send: deleteContact,
});
