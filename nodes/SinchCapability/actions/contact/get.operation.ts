import { contactField, readContactId } from '../../parameters/pickers';
import { getContact } from '../../transport/contacts';
import { eachItem } from '../operation';

export const get = eachItem({
	name: 'Get',
	value: 'get',
	description: 'Read a contact that is stored at Sinch',
	action: 'Get contact',
	fields: [contactField('The contact to read', 'searchContacts')],
	prepare: readContactId,
	send: getContact,
});
