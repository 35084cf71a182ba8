import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';

import { parseNotification } from './capability/parseNotification.operation';
import { query } from './capability/query.operation';
import { queryAndWait } from './capability/queryAndWait.operation';
import { create } from './contact/create.operation';
import { contactDelete } from './contact/delete.operation';
import { get } from './contact/get.operation';
import { getAll as getManyContacts } from './contact/getAll.operation';
import { update } from './contact/update.operation';
import type { Operation } from './operation';
import { webhookDelete } from './webhook/delete.operation';
import { getAll as getManyWebhooks } from './webhook/getAll.operation';

interface Resource {
	name: string;
	value: string;
	operations: readonly Operation[];
	/** The initial choice of the form. */
	opensOn: Operation;
}

/** The only list of resources and operations: form fields and dispatch both come from it. */
const RESOURCES: readonly Resource[] = [
	{
		name: 'Capability',
		value: 'capability',
		operations: [query, queryAndWait, parseNotification],
		opensOn: query,
	},
	{
		name: 'Contact',
		value: 'contact',
		operations: [create, contactDelete, get, getManyContacts, update],
		opensOn: create,
	},
	{
		name: 'Webhook',
		value: 'webhook',
		operations: [webhookDelete, getManyWebhooks],
		opensOn: getManyWebhooks,
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
	const openedOperation = opensOn.option.value;
	const operationField: INodeProperties = {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: operations.map(({ option }) => option),
		default: openedOperation,
		displayOptions: { show: { resource: [resource] } },
	};
	return [
		operationField,
		...operations.flatMap(({ option, fields }) =>
			updateDisplayOptions({ show: { resource: [resource], operation: [option.value] } }, fields),
		),
	];
}

/** Every parameter of the action node. */
export const operationFields: INodeProperties[] = [resourceField, ...RESOURCES.flatMap(fieldsOf)];

/** The operation that was chosen; undefined for one that this version does not have. */
export function findOperation(resource: string, operation: string): Operation | undefined {
	return RESOURCES.find(({ value }) => value === resource)?.operations.find(
		({ option }) => option.value === operation,
	);
}
