import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { appField, readAppId } from '../../parameters/pickers';
import type { ResourceLocatorValue } from '../../parameters/pickers';
import type { NewContact } from '../../sinch/types';
import type { PacedClient } from '../../transport/pacedClient';
import { createContact } from '../../transport/contacts';
import { forEachItem } from '../operation';
import type { PhoneNumberOptions } from '../../parameters/phoneRecipient';
import { defaultCountryOption } from '../../parameters/defaultCountry';
import {
	channelIdentitiesField,
	phoneNumberFormatOption,
	readIdentities,
	withApp,
} from '../../parameters/channelIdentities';
import { languageField, readLanguage } from '../../parameters/language';
import type { ContactDetails } from '../../parameters/contactDetails';
import { detailFields, displayNameField, readDetails } from '../../parameters/contactDetails';
import type { Operation } from '../operation';
import { requestsPerSecondOption } from '../../parameters/numbers';

interface CreateOptions extends PhoneNumberOptions, Omit<ContactDetails, 'displayName'> {
	appId?: ResourceLocatorValue;
}

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		appField(
			"The app that identities on Instagram, LINE, Messenger and WeChat belong to, instead of the credential's. Other channels need none.",
		),
		defaultCountryOption,
		...detailFields,
		phoneNumberFormatOption,
		requestsPerSecondOption(),
	],
};

function readContact(
	context: IExecuteFunctions,
	client: PacedClient,
	itemIndex: number,
): NewContact {
	const given = context.getNodeParameter('options', itemIndex, {}) as CreateOptions;
	const displayName = context.getNodeParameter('displayName', itemIndex, '') as string;
	const identities = readIdentities(context, itemIndex, given);
	const language = readLanguage(
		context,
		itemIndex,
		context.getNodeParameter('language', itemIndex),
	);
	return {
		channel_identities: withApp(identities, () =>
			readAppId(context, itemIndex, given.appId, client.appId),
		),
		language,
		...Object.fromEntries(
			Object.entries(readDetails(context, itemIndex, { ...given, displayName })).filter(
				([, value]) => value !== '',
			),
		),
	};
}

/** Stores a contact at Sinch and returns it. */
export const create: Operation = {
	option: {
		name: 'Create',
		value: 'create',
		description: 'Store a contact at Sinch, so that all its channels can be checked at once',
		action: 'Create contact',
	},
	fields: [
		channelIdentitiesField(
			'Where the contact can be reached, one pair for each channel',
			'The channel of the identity',
		),
		displayNameField,
		languageField('Language', 'language', 'The language of the contact'),
		options,
	],
	async execute(this: IExecuteFunctions) {
		return await forEachItem(this, {
			caption: { one: 'contact created', many: 'contacts created' },
			prepare: (client, itemIndex) => readContact(this, client, itemIndex),
			send: async (client, contact, itemIndex) => await createContact(client, contact, itemIndex),
		});
	},
};
