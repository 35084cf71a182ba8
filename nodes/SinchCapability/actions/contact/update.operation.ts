import { contactField, readContactId } from '../../parameters/pickers';
import { type Item, sorted } from '../../parameters/item';
import {
	detailFields,
	displayNameField,
	readDetails,
	languageField,
	readLanguage,
} from '../../parameters/contactDetails';
import { updateContact } from '../../transport/contacts';
import { eachItem } from '../operation';

function readUpdate(item: Item) {
	const fields = item.collection('updateFields');
	const changes = {
		...readDetails(fields),
		...(fields.has('language') && { language: readLanguage(fields, languageField) }),
	};
	if (Object.keys(changes).length === 0) {
		throw item.error('Nothing to change', "Add a field under 'Update Fields'.");
	}
	return { id: readContactId(item), changes };
}

/** Changes details of one contact; its channel identities stay. */
export const update = eachItem({
	name: 'Update',
	value: 'update',
	description: 'Change the name, language or other details of a contact',
	action: 'Update contact',
	fields: [
		contactField('The contact to change', 'searchContacts'),
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			description:
				'What to change. All other details stay as they are. An empty field deletes the stored value.',
			options: sorted([displayNameField, languageField, ...detailFields]),
		},
	],
	prepare: readUpdate,
	send: async (client, { id, changes }) => await updateContact(client, id, changes),
});
