import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { DEFAULT_LANGUAGE } from '../../sinch/languages';
import type { NewContact, RegisteredQuery } from '../../sinch/types';
import type { PacedClient } from '../../transport/pacedClient';
import { phoneNumberFormatOption, withApp } from '../../parameters/channelIdentities';
import { readPositiveNumber } from '../../parameters/numbers';
import { languageField, readLanguage } from '../../parameters/language';
import type { Operation } from '../operation';
import { forEachItem, isTool } from '../operation';
import { Listeners } from './listeners';
import {
	answersPerSecondOption,
	appOption,
	QUERIES_REGISTERED,
	queriesPerSecondOption,
	readQuery,
} from './readQuery';
import type { PreparedQuery, QueryOptions } from './readQuery';
import { defaultCountryOption } from '../../parameters/defaultCountry';
import { mergeInput } from '../mergeInput';
import { ContactDirectory } from './contactDirectory';
import { sendQuery } from './sendQuery';
import { RequestIds } from './requestIds';
import { hintAtDispatch, hintAtListeners } from './hints';
import { recipientFields } from '../../parameters/recipient';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		answersPerSecondOption,
		appOption,
		{
			...languageField('Contact Language', 'contactLanguage', 'The language of a new contact'),
			displayOptions: { show: { createContact: [true] } },
		},
		{
			displayName: 'Create Contact If Missing',
			name: 'createContact',
			type: 'boolean',
			default: false,
			description:
				"Whether to store the recipient as a contact at Sinch first, if no contact has one of its channel identities. The query is sent as entered; the output has 'contact_id' and 'contact_created'. Needs one or more extra requests per item, and an app in CONVERSATION mode.",
			displayOptions: { show: { '/recipientType': ['phoneNumber', 'channelIdentities'] } },
		},
		defaultCountryOption,
		phoneNumberFormatOption,
		{
			displayName: 'Request ID',
			name: 'requestId',
			type: 'string',
			default: '',
			description:
				'The ID that comes back with each answer. Leave empty for a new one per item. Use each ID once: the trigger drops a second answer with the same ID, channel and identity within 24 hours as a repeat.',
		},
		queriesPerSecondOption,
		{
			displayName: 'Timeout (Seconds)',
			name: 'timeout',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 30,
			description: 'How long to wait for Sinch to register the query',
		},
	],
};

interface CreateContactOptions extends QueryOptions {
	contactLanguage?: string;
	createContact?: boolean;
}

/** One item's query, checked and not yet sent. */
interface Prepared extends PreparedQuery {
	/** Seconds. */
	timeout?: number;
	/** What to store at Sinch if no contact has one of the identities. */
	contact?: NewContact;
}

function prepare(context: IExecuteFunctions, client: PacedClient, itemIndex: number): Prepared {
	const given = context.getNodeParameter('options', itemIndex, {}) as CreateContactOptions;
	const prepared = readQuery(context, client, itemIndex, given);
	const { createContact, contactLanguage = DEFAULT_LANGUAGE } = given;
	const timeout =
		given.timeout === undefined
			? undefined
			: readPositiveNumber(context, itemIndex, 'Timeout (Seconds)', given.timeout);
	const { recipient, app_id } = prepared.query;
	if (!createContact || !('identified_by' in recipient)) {
		return { ...prepared, timeout };
	}
	const { channel_identities } = recipient.identified_by;
	const contact = {
		channel_identities: withApp(channel_identities, () => app_id),
		language: readLanguage(context, itemIndex, contactLanguage),
	};
	return { ...prepared, timeout, contact };
}

/** The request id comes first, because it identifies the answers, unless the input has a field of that name. */
const mergeQuery = (input: IDataObject, registered: RegisteredQuery): IDataObject => ({
	request_id: registered.request_id,
	...mergeInput(input, registered),
});

/** Sends queries to Sinch and returns the registered requests; the trigger receives the answers. */
export const query: Operation = {
	option: {
		name: 'Query',
		value: 'query',
		description:
			'Check on which channels a recipient can be reached; the trigger receives the answers',
		action: 'Check reachability',
	},
	fields: [...recipientFields, options],
	async execute(this: IExecuteFunctions) {
		let directory: ContactDirectory | undefined;
		const inputs = this.getInputData();
		const asTool = isTool(this);
		const requestIds = new RequestIds(this);
		let listeners: Listeners | undefined;
		const countByApp = new Map<string, number>();
		return await forEachItem(this, {
			caption: QUERIES_REGISTERED,
			keepsInput: !asTool,
			prepare: (client, itemIndex) => {
				const prepared = prepare(this, client, itemIndex);
				requestIds.use(prepared.query, itemIndex);
				return prepared;
			},
			send: async (client, { query: body, timeout, answersPerSecond, contact }, itemIndex) => {
				const { app_id } = body;
				listeners ??= new Listeners(this, client);
				directory ??= new ContactDirectory(this, client);
				await listeners.untilTurn(body, itemIndex, answersPerSecond);
				const known = contact && (await directory.ensure(app_id, contact, itemIndex));
				const registered = await sendQuery(client, body, itemIndex, timeout);
				countByApp.set(app_id, (countByApp.get(app_id) ?? 0) + 1);
				return asTool
					? { ...registered, ...known }
					: mergeQuery(inputs[itemIndex].json, { ...registered, ...known });
			},
			afterwards: async (client, queries) => {
				await hintAtDispatch(
					this,
					client,
					queries.map((one) => one.query),
				);
				if (listeners) {
					await hintAtListeners(this, listeners, countByApp);
				}
			},
		});
	},
};
