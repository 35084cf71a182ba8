import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { INode, INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import type * as N8nWorkflow from 'n8n-workflow';
import { ACTION_TYPE, readExample } from '../../../sandbox/demo/setup.mts';
import type {
	Execution,
	NodeTypeDescription,
	Workflow,
	WorkflowFile,
} from '../../../sandbox/n8n/types.mts';
import type { Harness } from './harness.mts';

const require = createRequire(import.meta.url);
const { NodeHelpers } = require('n8n-workflow') as typeof N8nWorkflow;

/** The workflow with some parameters of one node changed, as its user would after importing it. */
export function withParameters(
	workflow: WorkflowFile,
	name: string,
	parameters: Record<string, unknown>,
): WorkflowFile {
	if (!workflow.nodes.some((node) => node.name === name)) throw new Error(`No node ${name}`);
	const nodes = workflow.nodes.map((node) =>
		node.name === name ? { ...node, parameters: { ...node.parameters, ...parameters } } : node,
	);
	return { ...workflow, nodes };
}

/** The workflow with other values in a node that sets fields. */
export function withFields(
	workflow: WorkflowFile,
	name: string,
	values: Record<string, unknown>,
): WorkflowFile {
	const assignments = Object.entries(values).map(([field, value]) => ({
		id: field,
		name: field,
		type: Array.isArray(value) ? 'array' : typeof value,
		value: Array.isArray(value) ? JSON.stringify(value) : value,
	}));
	return withParameters(workflow, name, { assignments: { assignments } });
}

/** The agent's workflow, started by hand and without a model: n8n itself asks the agent's tool. */
export function askingItsTool(
	{ nodes, connections, ...example }: WorkflowFile,
	start: string,
	query: Record<string, string>,
): WorkflowFile {
	const tool = nodes.find(({ type }) => type === `${ACTION_TYPE}Tool`)!;
	const changes: Record<string, Partial<WorkflowFile['nodes'][number]>> = {
		'AI agent': {
			type: '@n8n/n8n-nodes-langchain.toolExecutor',
			typeVersion: 1,
			parameters: { query: JSON.stringify({ ...query, [tool.name]: query }) },
		},
		Chat: {
			name: start,
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			parameters: {},
		},
	};
	return {
		...example,
		nodes: nodes
			.filter(({ name }) => !['Language model', 'Memory'].includes(name))
			.map((node) => ({ ...node, ...changes[node.name] })),
		connections: { [start]: connections.Chat, [tool.name]: connections[tool.name] },
	};
}

/** Imports and activates a workflow, does something with it, and deactivates it. */
export async function whileActive(
	harness: Harness,
	file: WorkflowFile,
	use: (workflow: Workflow) => Promise<void>,
): Promise<void> {
	const workflow = await harness.add(file);
	await harness.api.activate(workflow.id);
	try {
		await use(workflow);
	} finally {
		await harness.api.deactivate(workflow.id);
	}
}

/** Imports a workflow to start manually, while *Receive the answers* is active. */
export async function whileListening(
	harness: Harness,
	file: WorkflowFile,
	use: (workflow: Workflow) => Promise<void>,
): Promise<void> {
	await whileActive(harness, await readExample('receive-answers'), async () => {
		await use(await harness.add(file));
	});
}

/** The items of one of a node's outputs, in all its runs. */
export function items(execution: Execution, name: string, output = 0) {
	const runs = execution.runs[name] ?? [];
	return runs.flatMap(({ data }) => (data?.main[output] ?? []).map(({ json }) => json));
}

/**
 * The issues that n8n's editor shows for a node's parameters, by n8n's own check.
 * @throws Error when this n8n has no such node
 */
export function issuesOf(node: WorkflowFile['nodes'][number], types: NodeTypeDescription[]) {
	const type = types.find(
		({ name, version }) => name === node.type && [version].flat().includes(node.typeVersion),
	);
	if (!type) throw new Error(`n8n has no node ${node.type} of version ${node.typeVersion}`);
	const properties = type.properties as INodeProperties[];
	const description = type as unknown as INodeTypeDescription;
	const full = node as unknown as INode;
	const defaults = NodeHelpers.getNodeParameters(
		properties,
		full.parameters,
		true,
		false,
		full,
		description,
	);
	const complete = { ...full, parameters: defaults ?? {} };
	const issues = NodeHelpers.getNodeParametersIssues(properties, complete, description);
	return Object.values(issues?.parameters ?? {}).flat();
}

/** A server that receives messages, like a chat's webhook, and records them. */
export async function startChat() {
	const messages: unknown[] = [];
	const server = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk: Buffer) => (body += chunk.toString()));
		request.on('end', () => {
			messages.push(JSON.parse(body));
			response.end('ok');
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		messages,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
