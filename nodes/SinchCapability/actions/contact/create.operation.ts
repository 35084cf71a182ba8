import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { appField, readAppId } from '../../parameters/app';
import type { ResourceLocatorValue } from '../../parameters/resourceLocator';
import type { NewContact } from '../../sinch/types';
import type { PacedClient } from '../../transport/pacedClient';
import { createContact } from '../../transport/contacts';
import { forEachItem } from '../operation';
import type { PhoneNumberOptions } from '../../parameters/phoneRecipient';
import { defaultCountryOption } from '../../parameters/defaultCountry';
import { fieldError } from '../../parameters/fieldError';
import {
	channelIdentitiesField,
	phoneNumberFormatOption,
	readIdentities,
	withApp,
} from '../../parameters/channelIdentities';
import { languageField, readLanguage } from '../../parameters/language';
import type { Operation } from '../operation';
import { requestsPerSecondOption } from '../../parameters/requestsPerSecond';

/** Sinch's limit, in characters. */
const MAX_METADATA = 1024;

interface CreateOptions extends PhoneNumberOptions {
	appId?: ResourceLocatorValue;
	displayName?: string;
	email?: string;
	externalId?: string;
	metadata?: unknown;
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
		{
			displayName: 'Display Name',
			name: 'displayName',
			type: 'string',
			default: '',
			placeholder: 'e.g. Astrid Lindqvist',
			description: 'The name that people see in Sinch and in this node',
		},
		{
			displayName: 'Email',
			name: 'email',
			type: 'string',
			default: '',
			placeholder: 'name@email.com',
		},
		{
			displayName: 'External ID',
			name: 'externalId',
			type: 'string',
			default: '',
			placeholder: 'e.g. crm-1001',
			description: 'Your own ID of the contact, to find it again by Get Many',
		},
		{
			displayName: 'Metadata',
			name: 'metadata',
			type: 'string',
			default: '',
			description: `Anything that Sinch should keep with the contact, at most ${MAX_METADATA} characters`,
		},
		phoneNumberFormatOption,
		requestsPerSecondOption(),
	],
};

/** An object is kept as its JSON. @throws NodeOperationError when it is too long */
function readMetadata(context: IExecuteFunctions, itemIndex: number, metadata: unknown): string {
	const text =
		typeof metadata === 'object' && metadata !== null
			? JSON.stringify(metadata)
			: String(metadata ?? '');
	if (text.length > MAX_METADATA) {
		throw fieldError(
			context,
			itemIndex,
			'Metadata',
			'is too long',
			`It has ${text.length} characters; Sinch keeps at most ${MAX_METADATA}.`,
		);
	}
	return text;
}

function readContact(
	context: IExecuteFunctions,
	client: PacedClient,
	itemIndex: number,
): NewContact {
	const given = context.getNodeParameter('options', itemIndex, {}) as CreateOptions;
	const identities = readIdentities(context, itemIndex, given);
	const language = readLanguage(
		context,
		itemIndex,
		context.getNodeParameter('language', itemIndex),
	);
	const fields = {
		display_name: String(given.displayName ?? '').trim(),
		email: String(given.email ?? '').trim(),
		external_id: String(given.externalId ?? '').trim(),
		metadata: readMetadata(context, itemIndex, given.metadata),
	};
	return {
		channel_identities: withApp(identities, () =>
			readAppId(context, itemIndex, given.appId, client.appId),
		),
		language,
		...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')),
	};
}

/** Stores a contact at Sinch and answers with it. */
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
		languageField('Language', 'language', 'The language of the contact'),
		options,
	],
	async execute(this: IExecuteFunctions) {
		return await forEachItem(this, {
			done: 'contacts created',
			prepare: (client, item) => readContact(this, client, item),
			answer: async (client, contact, item) => await createContact(client, contact, item),
		});
	},
};
