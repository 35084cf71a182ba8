import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { INode, INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import type * as N8nWorkflow from 'n8n-workflow';
import type { Execution, NodeTypeDescription, WorkflowFile } from '../../../sandbox/n8n/types.mts';

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
