import { type INodeProperties, updateDisplayOptions } from 'n8n-workflow';

import { parseNotification, PARSE_OUTPUTS } from './capability/parseNotification.operation';
import { query } from './capability/query.operation';
import { queryAndWait } from './capability/queryAndWait.operation';
import { create } from './contact/create.operation';
import { contactDelete } from './contact/delete.operation';
import { get } from './contact/get.operation';
import { getAll as getManyContacts } from './contact/getAll.operation';
import { update } from './contact/update.operation';
import type { Operation } from './operation';
import { webhookCreate } from './webhook/create.operation';
import { webhookDelete } from './webhook/delete.operation';
import { getAll as getManyWebhooks } from './webhook/getAll.operation';
import { IS_SINGLE_OUTPUT, namedOutputs, ONE_OUTPUT } from '../parameters/outputMode';
import { WAIT_OUTCOMES } from '../waiting/contactResult';
import { CHANNELS } from '../sinch/channels';

interface Resource {
	name: string;
	value: string;
	operations: readonly Operation[];
	/** The initial choice of the form. */
	opensOn: Operation['value'];
}

/** The only list of resources and operations: form fields and dispatch both come from it. */
const RESOURCES: readonly Resource[] = [
	{
		name: 'Capability',
		value: 'capability',
		operations: [query, queryAndWait, parseNotification],
		opensOn: query.value,
	},
	{
		name: 'Contact',
		value: 'contact',
		operations: [create, contactDelete, get, getManyContacts, update],
		opensOn: create.value,
	},
	{
		name: 'Webhook',
		value: 'webhook',
		operations: [webhookCreate, webhookDelete, getManyWebhooks],
		opensOn: getManyWebhooks.value,
	},
];

const resourceField: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: RESOURCES.map(({ name, value }) => ({ name, value })),
	default: 'capability',
};

function fieldsOf({ value: resource, operations, opensOn }: Resource): INodeProperties[] {
	const operationField: INodeProperties = {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: operations.map(({ name, value, description, action }) => ({
			name,
			value,
			description,
			action,
		})),
		default: opensOn,
		displayOptions: { show: { resource: [resource] } },
	};
	return [
		operationField,
		...operations.flatMap(({ value, fields }) =>
			updateDisplayOptions({ show: { resource: [resource], operation: [value] } }, fields),
		),
	];
}

export const operationFields: INodeProperties[] = [resourceField, ...RESOURCES.flatMap(fieldsOf)];

/** The operation that was chosen; undefined for one that this version does not have. */
export function findOperation(resource: string, operation: string): Operation | undefined {
	const operations = RESOURCES.find(({ value }) => value === resource)?.operations;
	return operations?.find(({ value }) => value === operation);
}

const names = JSON.stringify(
	Object.fromEntries(
		CHANNELS.map(({ value, name }) => [value, name.replace(/ Business Messages$/, '')]),
	),
);

/** The channels of one field in words; only Sinch knows a contact's channels. */
const CHANNELS_IN_WORDS = `(
	$parameter["recipientType"] === "contact" ? ["contact"]
	: $parameter["recipientType"] === "channelIdentities" ? ($parameter["channelIdentities"]?.identity ?? []).map((one) => one.channel)
	: [$parameter["channels"] ?? []].flat()
).map((one) => (${names})[one] ?? one).join(", ")`;

/** Words such as `get many: contact`. */
const OPERATION_IN_WORDS =
	'$parameter["operation"].replace("getAll", "getMany").replace(/[A-Z]/g, " $&").toLowerCase() + ": " + $parameter["resource"]';

/** What the canvas shows below the node's name: the channels of a query, else the operation. */
export const SUBTITLE = `={{ ["query", "queryAndWait"].includes($parameter["operation"]) ? ${CHANNELS_IN_WORDS.replace(/\s+/g, ' ')} : ${OPERATION_IN_WORDS} }}`;

/** An expression, because n8n computes the outputs from the parameters. */
export const OUTPUTS =
	`={{ $parameter["operation"] === "queryAndWait" ? (${IS_SINGLE_OUTPUT} ? ${ONE_OUTPUT} : ${namedOutputs(WAIT_OUTCOMES)}) : $parameter["operation"] === "parseNotification" ? (${IS_SINGLE_OUTPUT} ? ${namedOutputs(PARSE_OUTPUTS.single)} : ${namedOutputs(PARSE_OUTPUTS.perOutcome)}) : ${ONE_OUTPUT} }}` as const;
