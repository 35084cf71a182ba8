import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { CapabilityQuery, NewContact } from '../../sinch/types';
import type { ApiClient } from '../../transport/client';
import type { PacedClient } from '../../transport/pacedClient';
import { withApp } from '../../parameters/channelIdentities';
import { type Item, optionsCollection } from '../../parameters/item';
import { languageField, readLanguage } from '../../parameters/contactDetails';
import {
	type Operation,
	attemptRun,
	createClient,
	isTool,
	mergeInput,
	prepareEach,
	toOneOutput,
	workConcurrently,
} from '../operation';
import { Listeners } from '../../waiting/listeners';
import { queryOptions, readQuery, RequestIds } from './readQuery';
import { ContactDirectory } from './contactDirectory';
import { sendQuery } from '../../transport/queries';
import { hintAtDispatch, hintAtListeners } from './hints';
import { recipientFields } from '../../parameters/recipient';

const timeoutOption: INodeProperties = {
	displayName: 'Request Timeout (Seconds)',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 30,
	description: 'How long to wait for Sinch to register the query',
};

const contactLanguageOption: INodeProperties = {
	...languageField,
	displayName: 'Contact Language',
	name: 'contactLanguage',
	description: 'The language of a new contact',
	displayOptions: { show: { createContact: [true] } },
};

const options: INodeProperties = optionsCollection([
	...queryOptions,
	contactLanguageOption,
	{
		displayName: 'Create Contact If Missing',
		name: 'createContact',
		type: 'boolean',
		default: false,
		description:
			"Whether to store the recipient as a contact at Sinch first, if no contact has one of its channel identities. The query is sent as entered; the output has 'contact_id' and 'contact_created'. Needs one or more extra requests per item, and an app in CONVERSATION mode.",
		displayOptions: { show: { '/recipientType': ['phoneNumber', 'channelIdentities'] } },
	},
	{
		displayName: 'Request ID',
		name: 'requestId',
		type: 'string',
		default: '',
		description:
			'Your own ID for the query, which each answer contains. Leave empty for a new one per item. Use each ID once: the trigger drops a second answer with the same ID, channel, identity and status within 24 hours as a repeat.',
	},
	timeoutOption,
]);

/** Reads one item; `contact` is what to store at Sinch if no contact has one of its identities. */
function prepare(item: Item, client: PacedClient) {
	const { options: given } = item;
	const prepared = readQuery(item, client);
	const { recipient, app_id } = prepared.query;
	const mayCreate = given.isOn('createContact', 'Create Contact If Missing');
	const contact: NewContact | undefined =
		mayCreate && 'identified_by' in recipient
			? {
					channel_identities: withApp(recipient.identified_by.channel_identities, () => app_id),
					language: readLanguage(given, contactLanguageOption),
				}
			: undefined;
	return { ...prepared, timeout: given.positiveNumber(timeoutOption), contact };
}

export const query: Operation = {
	name: 'Check Reachability',
	value: 'query',
	description:
		'Check on which channels a recipient can be reached; the trigger receives the answers',
	action: 'Check reachability',
	fields: [...recipientFields, options],
	async execute(this: IExecuteFunctions) {
		const asTool = isTool(this);
		const attempts = await attemptRun(this, async () => {
			const client = await createClient(this);
			const listeners = new Listeners(this, client);
			const directory = new ContactDirectory(client);
			const requestIds = new RequestIds();
			const queries: CapabilityQuery[] = [];
			const countByApp = new Map<string, number>();
			const prepared = await prepareEach(this, (item) => {
				const one = prepare(item, client);
				requestIds.use(one.query, item);
				queries.push(one.query);
				return one;
			});
			const send = async (
				sender: ApiClient,
				{ query: body, timeout, answersPerSecond, contact }: ReturnType<typeof prepare>,
				item: Item,
			) => {
				const { app_id } = body;
				const known = contact && (await directory.ensure(sender, app_id, contact, item));
				await listeners.untilTurn(body, answersPerSecond);
				const registered = await sendQuery(sender, body, timeout);
				countByApp.set(app_id, (countByApp.get(app_id) ?? 0) + 1);
				const result = { ...registered, ...known };
				// First, because it identifies the answers, unless the input has a field of that name.
				const { request_id } = registered;
				return asTool ? result : { request_id, ...mergeInput(item.input.json, result) };
			};
			const sent = await workConcurrently(this, client, prepared, send);
			await hintAtDispatch(this, client, queries);
			await hintAtListeners(this, listeners, countByApp);
			return sent;
		});
		return toOneOutput(attempts, !asTool);
	},
};
