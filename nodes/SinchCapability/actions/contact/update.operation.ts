import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { contactField, readContactId } from '../../parameters/pickers';
import type { ContactDetails } from '../../parameters/contactDetails';
import { detailFields, displayNameField, readDetails } from '../../parameters/contactDetails';
import { languageField, readLanguage } from '../../parameters/language';
import { updateContact } from '../../transport/contacts';
import { forEachItem } from '../operation';
import type { Operation } from '../operation';

interface Update {
	id: string;
	/** What to change, by Sinch's names. */
	changes: Record<string, string>;
}

function readUpdate(context: IExecuteFunctions, itemIndex: number): Update {
	const given = context.getNodeParameter('updateFields', itemIndex, {}) as ContactDetails & {
		language?: unknown;
	};
	const changes = {
		...readDetails(context, itemIndex, given),
		...(given.language !== undefined && {
			language: readLanguage(context, itemIndex, given.language),
		}),
	};
	if (Object.keys(changes).length === 0) {
		throw new NodeOperationError(context.getNode(), `Nothing to change for item ${itemIndex + 1}`, {
			itemIndex,
			description: "Add a field under 'Update Fields'.",
		});
	}
	return { id: readContactId(context, itemIndex), changes };
}

/** Changes details of one contact; its channel identities stay. */
export const update: Operation = {
	option: {
		name: 'Update',
		value: 'update',
		description: 'Change the name, language or other details of a contact',
		action: 'Update contact',
	},
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
			options: [
				displayNameField,
				...detailFields,
				languageField('Language', 'language', 'The language of the contact'),
			].sort((one, other) => one.displayName.localeCompare(other.displayName)),
		},
	],
	async execute(this: IExecuteFunctions) {
		return await forEachItem(this, {
			caption: { one: 'contact updated', many: 'contacts updated' },
			prepare: (_, itemIndex) => readUpdate(this, itemIndex),
			send: async (client, { id, changes }, itemIndex) =>
				await updateContact(client, id, changes, itemIndex),
		});
	},
};
