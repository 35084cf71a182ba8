import { appField, readAppId } from '../../parameters/pickers';
import type { NewContact } from '../../sinch/types';
import type { PacedClient } from '../../transport/pacedClient';
import { createContact } from '../../transport/contacts';
import { eachItem, requestsPerSecondOption } from '../operation';
import { phoneNumberOptions } from '../../parameters/phoneNumberField';
import { identitiesField, readIdentities, withApp } from '../../parameters/channelIdentities';
import {
	languageField,
	readLanguage,
	detailFields,
	displayNameField,
	readDetails,
} from '../../parameters/contactDetails';
import { type Item, optionsCollection } from '../../parameters/item';

function readContact(item: Item, client: PacedClient): NewContact {
	const identities = readIdentities(item);
	const display_name = item.text('displayName', 'Display Name').trim();
	const details = Object.entries({ display_name, ...readDetails(item.options) });
	return {
		channel_identities: withApp(identities, () => readAppId(item.options, client.sinch)),
		language: readLanguage(item, languageField),
		...Object.fromEntries(details.filter(([, value]) => value !== '')),
	};
}

export const create = eachItem({
	name: 'Create',
	value: 'create',
	description: 'Store a contact at Sinch, so that all its channels can be checked at once',
	action: 'Create contact',
	fields: [
		identitiesField(
			'Where the contact can be reached, one pair for each channel',
			'The channel of the identity',
		),
		displayNameField,
		languageField,
		optionsCollection([
			appField(
				"The app that identities on Instagram, LINE, Messenger and WeChat belong to, instead of the credential's. Other channels need none.",
			),
			...detailFields,
			...phoneNumberOptions,
			requestsPerSecondOption(),
		]),
	],
	prepare: readContact,
	send: createContact,
});
