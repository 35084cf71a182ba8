import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { DEFAULT_LANGUAGE } from '../../sinch/languages';
import type { CapabilityQuery, NewContact } from '../../sinch/types';
import type { BulkClient } from '../../transport/bulkClient';
import { withApp } from '../contactIdentities';
import { phoneNumberFormatOption } from '../identities';
import { languageField, readLanguage } from '../language';
import { prepareItems, workConcurrently } from '../operation';
import type { Operation } from '../operation';
import { createClient, tellAboutRun } from '../run';
import { appOption, queriesPerSecondOption, readQuery, sendQuery } from './capabilityQuery';
import type { QueryOptions } from './capabilityQuery';
import { ContactDirectory } from './contactDirectory';
import { hintAtDispatch } from './dispatchHint';
import { recipientFields } from './recipient';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
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
				"Whether to store the recipient as a contact at Sinch first, if no contact has one of its channel identities. The query is sent as entered; the output has 'contact_id' and 'contact_created'. Costs a request or more per item, and needs an app in CONVERSATION mode.",
			displayOptions: { show: { '/recipientType': ['channelIdentities'] } },
		},
		phoneNumberFormatOption,
		{
			displayName: 'Request ID',
			name: 'requestId',
			type: 'string',
			default: '',
			description:
				'The ID that comes back with each answer. Leave empty for a new one per item; use an expression, so that no two items share one.',
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

interface RecordOptions extends QueryOptions {
	contactLanguage?: string;
	createContact?: boolean;
}

/** One item's query, checked and not yet sent. */
interface Prepared {
	body: CapabilityQuery;
	/** Seconds. */
	timeout?: number;
	/** What to store at Sinch if nobody there has one of the identities. */
	contact?: NewContact;
}

function prepare(context: IExecuteFunctions, client: BulkClient, item: number): Prepared {
	const given = context.getNodeParameter('options', item, {}) as RecordOptions;
	const body = readQuery(context, client, item, given);
	const { timeout, createContact, contactLanguage = DEFAULT_LANGUAGE } = given;
	if (!createContact || !('identified_by' in body.recipient)) {
		return { body, timeout };
	}
	const { channel_identities } = body.recipient.identified_by;
	const contact = {
		channel_identities: withApp(context, channel_identities, body.app_id, '', item),
		language: readLanguage(context, contactLanguage, item),
	};
	return { body, timeout, contact };
}

/** Asks Sinch and answers with the registered request; the results come to the trigger node. */
export const query: Operation = {
	option: {
		name: 'Query',
		value: 'query',
		description: 'Ask on which channels a recipient can be reached; the trigger gets the answers',
		action: 'Query capability',
	},
	fields: [...recipientFields, options],
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const started = Date.now();
		const client = await createClient(this);
		const directory = new ContactDirectory(this, client);
		const queries = await prepareItems(this, (item) => prepare(this, client, item));
		const answers = await workConcurrently(
			this,
			queries,
			async ({ body, timeout, contact }, item) => {
				const known = contact && (await directory.ensure(body.app_id, contact, item));
				const registered = await sendQuery(client, body, item, timeout);
				return known ? { ...registered, ...known } : registered;
			},
		);
		tellAboutRun(this, client, answers, started, 'queries registered');
		await hintAtDispatch(
			this,
			client,
			queries.flatMap((query) => ('done' in query ? query.done.body : [])),
		);
		return [
			answers.map((answer, item) =>
				'failed' in answer
					? answer.failed
					: { json: answer.done as object as IDataObject, pairedItem: { item } },
			),
		];
	},
};
