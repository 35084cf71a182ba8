/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { INodeProperties, INodePropertyOptions, INodeType } from 'n8n-workflow';
import { NodeHelpers, Workflow } from 'n8n-workflow';

import { SinchConversationApi } from '../../../credentials/SinchConversationApi.credentials';
import { findOperation } from '../../../nodes/SinchCapability/actions/router';
import { WAIT_OUTCOMES } from '../../../nodes/SinchCapability/waiting/contactResult';
import { OUTCOMES } from '../../../nodes/SinchCapability/notification/outcomes';
import { SinchCapability } from '../../../nodes/SinchCapability/SinchCapability.node';
import { SinchCapabilityTrigger } from '../../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import pkg from '../../../package.json';
import { nodeOf } from '../../support/engine/workflow';

const nodes: INodeType[] = [new SinchCapability(), new SinchCapabilityTrigger()];
const folder = 'nodes/SinchCapability';

/** Parameters that are visible together must not share a name. */
const visibleKey = ({ name, displayOptions }: INodeProperties) =>
	JSON.stringify([name, displayOptions?.show]);

describe.each(nodes.map((node) => [node.description.name, node] as const))('%s', (name, node) => {
	it('the node is listed in package.json and has a codex file', () => {
		const file = pkg.n8n.nodes.find(
			(path) => basename(path) === `${node.constructor.name}.node.js`,
		);
		expect(file).toBeDefined();
		const codex = JSON.parse(readFileSync(`${folder}/${node.constructor.name}.node.json`, 'utf8'));
		expect(codex).toMatchObject({
			node: `${pkg.name}.${name}`,
			nodeVersion: '1.0',
			codexVersion: '1.0',
			categories: ['Communication', 'Marketing & Content'],
		});
	});

	it('the node has the words that the nodes panel shows for both nodes', () => {
		expect(node.description.description).toBe(
			'Find out on which channels (RCS, WhatsApp, SMS …) a contact can be reached',
		);
	});

	it('the node tells the AI builder which node belongs to it', () => {
		const others = nodes.filter((other) => other !== node);
		expect(node.description.builderHint?.relatedNodes?.map(({ nodeType }) => nodeType)).toEqual(
			others.map(({ description }) => `${pkg.name}.${description.name}`),
		);
	});

	it('the node has an icon for each theme', () => {
		const icon = node.description.icon as { light: string; dark: string };
		for (const path of Object.values(icon)) {
			expect(existsSync(join(folder, path.replace('file:', '')))).toBe(true);
		}
	});

	it('the node requires the credential of this package', () => {
		expect(node.description.credentials).toMatchObject([
			{ name: new SinchConversationApi().name, required: true },
		]);
	});

	it('the node shows no two parameters of the same name at once', () => {
		const keys = node.description.properties.map(visibleKey);
		expect(new Set(keys).size).toBe(keys.length);
	});
});

describe('the action node', () => {
	const { properties } = new SinchCapability().description;

	it('the action node is offered to AI agents, with a description of its own', () => {
		expect(new SinchCapability().description.usableAsTool).toEqual({
			replacements: { description: expect.stringContaining("'best_channel' is null") },
		});
	});

	it('the action node tells the AI builder its outputs in their order', () => {
		const { searchHint } = new SinchCapability().description.builderHint ?? {};
		expect(searchHint).toContain(`in this order: ${WAIT_OUTCOMES.join(', ')}.`);
	});

	it.each([
		['capability', 'query'],
		['contact', 'create'],
		['webhook', 'getAll'],
	])('the action node opens the resource %s on the operation %s', (resource, operation) => {
		const field = properties.find(
			({ name, displayOptions }) =>
				name === 'operation' && displayOptions?.show?.resource?.includes(resource),
		);
		expect(field?.default).toBe(operation);
	});

	it('the action node has fields for every operation of every resource', () => {
		const optionsOf = (property?: INodeProperties) =>
			(property?.options ?? []).map((option) => (option as { value: string }).value);
		const resources = optionsOf(properties.find(({ name }) => name === 'resource'));
		for (const resource of resources) {
			const operationField = properties.find(
				({ name, displayOptions }) =>
					name === 'operation' && displayOptions?.show?.resource?.includes(resource),
			);
			for (const operation of optionsOf(operationField)) {
				const visible = properties.filter(
					({ displayOptions }) =>
						displayOptions?.show?.resource?.includes(resource) &&
						displayOptions.show.operation?.includes(operation),
				);
				expect(visible.length).toBeGreaterThan(0);
			}
		}
		expect(resources).toContain('capability');
	});
});

/** Every parameter of a node, including those inside collections and fixed collections. */
function deepParameters(properties: INodeProperties[]): INodeProperties[] {
	return properties.flatMap((property) => {
		const options = (property.options ?? []) as Array<Partial<INodeProperties & { values: [] }>>;
		const inside = options.flatMap((option) => option.values ?? (option.type ? [option] : []));
		return [property, ...deepParameters(inside as INodeProperties[])];
	});
}

describe.each(nodes.map((node) => [node.description.name, node] as const))(
	'the parameters of %s',
	(_, node) => {
		const parameters = deepParameters(node.description.properties);

		it('the parameters name only methods that the node has', () => {
			const wanted = parameters.flatMap(({ typeOptions, modes = [] }) => [
				...[typeOptions?.loadOptionsMethod ?? []].flat(),
				...modes.flatMap((mode) => mode.typeOptions?.searchListMethod ?? []),
			]);
			const { listSearch, loadOptions } = { ...node.methods };
			const offered = Object.keys({ ...listSearch, ...loadOptions });
			expect([...new Set(wanted)].sort()).toEqual(offered.sort());
		});

		it('the parameters have sorted, distinct options in every collection', () => {
			for (const { options = [] } of parameters.filter(({ type }) => type === 'collection')) {
				const labels = options.map((option) => (option as INodeProperties).displayName);
				expect(labels).toEqual([...labels].sort((one, other) => one.localeCompare(other, 'en')));
				expect(new Set(options.map(({ name }) => name)).size).toBe(options.length);
			}
		});

		it('the parameters have a description wherever the label does not say it all', () => {
			const silent = parameters.filter(
				({ type, description, name }) =>
					!description && !['notice', 'collection', 'hidden'].includes(type) && name !== 'email',
			);
			expect(silent.map(({ name }) => name)).toEqual(
				node.description.name === 'sinchCapability'
					? ['resource', 'operation', 'operation', 'operation']
					: [],
			);
		});
	},
);

describe('the operations', () => {
	const { properties } = new SinchCapability().description;
	const operations = properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ displayOptions, options = [] }) =>
			(options as INodePropertyOptions[]).map((option) => ({
				resource: displayOptions?.show?.resource?.[0] as string,
				...option,
			})),
		);

	it('the operations are the documented ones', () => {
		expect(operations.map(({ resource, value }) => `${resource}.${String(value)}`)).toEqual([
			'capability.query',
			'capability.queryAndWait',
			'capability.parseNotification',
			'contact.create',
			'contact.delete',
			'contact.get',
			'contact.getAll',
			'contact.update',
			'webhook.create',
			'webhook.delete',
			'webhook.getAll',
		]);
	});

	it('the operations each say what they do, and can be found', () => {
		expect(new Set(operations.map(({ action }) => action)).size).toBe(operations.length);
		for (const { resource, value, action, description } of operations) {
			expect(action).toMatch(/^[A-Z]/);
			expect(description).toMatch(/^[A-Z].*[^.]$/);
			expect(findOperation(resource, String(value))).toBeDefined();
		}
	});

	it('the operations have their options as the last field', () => {
		for (const { resource, value } of operations) {
			const names = findOperation(resource, String(value))!.fields.map(({ name }) => name);
			expect(names.slice(0, -1)).not.toContain('options');
		}
	});

	it.each([
		[
			'capability',
			'parseNotification',
			['parseNotice', 'secretFrom', 'outputMode', 'simplify', 'options'],
		],
		['contact', 'create', ['channelIdentities', 'displayName', 'language', 'options']],
		['contact', 'delete', ['contactId']],
		['contact', 'get', ['contactId']],
		['contact', 'getAll', ['returnAll', 'limit', 'filterBy']],
		['contact', 'update', ['contactId', 'updateFields']],
		['webhook', 'create', ['webhookNotice', 'appId', 'targetUrl', 'triggers']],
		['webhook', 'delete', ['appId', 'webhookId']],
		['webhook', 'getAll', ['appId']],
	])(
		'the operation %s.%s shows only the parameters that it needs',
		(resource, operation, expected) => {
			const node = nodeOf(new SinchCapability(), { resource, operation });
			const shown = properties.filter((property) =>
				NodeHelpers.displayParameter(
					{ returnAll: false, filterBy: 'nothing', secretFrom: 'credential', ...node.parameters },
					property,
					node,
					new SinchCapability().description,
				),
			);
			expect(shown.map(({ name }) => name)).toEqual(['resource', 'operation', ...expected]);
		},
	);
});

describe("the action node's outputs", () => {
	const node = new SinchCapability();
	const nodeTypes = {
		getByName: () => node,
		getByNameAndVersion: () => node,
		getKnownTypes: () => ({}),
	};
	const outcomes = ['Full', 'Partial', 'None', 'Unknown', 'Failed'];

	it.each([
		['query', 'perOutcome', undefined],
		['queryAndWait', 'perOutcome', [...outcomes, 'No Answer']],
		['queryAndWait', 'single', undefined],
		['parseNotification', 'perOutcome', [...outcomes, 'Ignored', 'Refused']],
		['parseNotification', 'single', ['Notification', 'Ignored', 'Refused']],
	])(
		'the outputs of the operation %s with %s are the documented ones',
		(operation, outputMode, names) => {
			const action = nodeOf(node, { resource: 'capability', operation, outputMode });
			const workflow = new Workflow({ nodes: [action], connections: {}, active: false, nodeTypes });
			expect(NodeHelpers.getNodeOutputs(workflow, action, node.description)).toEqual(
				names?.map((displayName) => ({ type: 'main', displayName })) ?? ['main'],
			);
		},
	);
});

it.each([
	[true, { operation: 'query' }],
	[true, { operation: 'parseNotification', secretFrom: 'credential' }],
	[false, { operation: 'parseNotification', secretFrom: 'field' }],
])('the credential is required (%s) with the parameters %j', (expected, parameters) => {
	const node = new SinchCapability();
	const [credential] = node.description.credentials!;
	const action = nodeOf(node, { resource: 'capability', ...parameters });
	expect(
		NodeHelpers.displayParameter(action.parameters, credential, action, node.description),
	).toBe(expected);
});

it('the entry of the trigger in the nodes panel is the action of its field Event', () => {
	const { properties, displayName } = new SinchCapabilityTrigger().description;
	const event = properties.find((property) => property.displayName === 'Event');
	expect(displayName).toContain('Trigger');
	expect(event).toMatchObject({
		type: 'hidden',
		default: 'capabilityAnswer',
		options: [{ value: 'capabilityAnswer', action: 'On capability answer' }],
	});
});

describe("the trigger's outputs", () => {
	const node = new SinchCapabilityTrigger();
	const nodeTypes = {
		getByName: () => node,
		getByNameAndVersion: () => node,
		getKnownTypes: () => ({}),
	};

	it.each([
		['perOutcome', OUTCOMES.map((displayName) => ({ type: 'main', displayName }))],
		['single', ['main']],
	])(
		'the outputs of the trigger in the mode %s are the documented ones',
		(outputMode, expected) => {
			const trigger = nodeOf(node, { outputMode });
			const workflow = new Workflow({
				nodes: [trigger],
				connections: {},
				active: false,
				nodeTypes,
			});
			expect(NodeHelpers.getNodeOutputs(workflow, trigger, node.description)).toEqual(expected);
		},
	);
});

it.each([
	['is kept where answers are grouped by time', 'groupedByTime', 5],
	['does not exist for other groupings', 'groupedWhenBusy', undefined],
])("the trigger's option Collect for (Seconds) %s", (_, executions, expected) => {
	const { description } = new SinchCapabilityTrigger();
	const stored = nodeOf(new SinchCapabilityTrigger(), {
		options: { executions, windowSeconds: 5 },
	});
	const { properties } = description;
	const read = NodeHelpers.getNodeParameters(
		properties,
		stored.parameters,
		true,
		false,
		stored,
		description,
	);
	expect((read?.options as { windowSeconds?: number }).windowSeconds).toBe(expected);
});

describe('the credential', () => {
	const credential = new SinchConversationApi();

	it('the credential hides every secret field', () => {
		const secret = credential.properties.filter(({ typeOptions }) => typeOptions?.password);
		expect(secret.map(({ name }) => name).sort()).toEqual([
			'accessToken',
			'keySecret',
			'webhookSecret',
		]);
	});

	it('the credential has an icon for each theme', () => {
		const icon = credential.icon as { light: string; dark: string };
		for (const path of Object.values(icon)) {
			expect(existsSync(join(dirname('credentials/x'), path.replace('file:', '')))).toBe(true);
		}
	});
});
