import { ACTION_TYPE, TRIGGER_TYPE } from '../../../sandbox/demo/setup.mts';
import type { Execution, WorkflowFile, WorkflowNode } from '../../../sandbox/n8n/types.mts';

/** The outputs of Check reachability and wait, hard-coded so that the test does not rely on the node. */
const OUTPUTS = ['Full', 'Partial', 'None', 'Unknown', 'Failed', 'No Answer'];

export const ASK = 'Ask and wait';

let count = 0;

const node = (given: Partial<WorkflowNode>): WorkflowNode => {
	count += 1;
	return {
		id: `5a4db0c5-0005-4000-8000-${String(count).padStart(12, '0')}`,
		position: [count * 200, 0],
		typeVersion: 1,
		parameters: {},
		...given,
	} as WorkflowNode;
};

const chain = (nodes: WorkflowNode[]): WorkflowFile['connections'] =>
	Object.fromEntries(
		nodes
			.slice(1)
			.map(({ name }, index) => [
				nodes[index].name,
				{ main: [[{ node: name, type: 'main' as const, index: 0 }]] },
			]),
	);

const phones = (list: string[]) => [
	node({
		name: 'Phones',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		parameters: {
			assignments: {
				assignments: [{ id: 'a', name: 'phone', type: 'array', value: JSON.stringify(list) }],
			},
		},
	}),
	node({
		name: 'One by one',
		type: 'n8n-nodes-base.splitOut',
		parameters: { fieldToSplitOut: 'phone' },
	}),
];

/** A workflow with only the trigger node. */
export const listening = (): WorkflowFile => ({
	name: 'Listen',
	nodes: [node({ name: 'Sinch answers', type: TRIGGER_TYPE })],
	connections: {},
	settings: { executionOrder: 'v1' },
});

/** Phone numbers, each checked on one channel, after the given start node. */
export function asking(
	list: string[],
	parameters: Record<string, unknown> = {},
	start: Partial<WorkflowNode> = { name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
): WorkflowFile {
	const nodes = [
		node(start),
		...phones(list),
		node({
			name: ASK,
			type: ACTION_TYPE,
			parameters: {
				resource: 'capability',
				operation: 'queryAndWait',
				recipientType: 'channelIdentities',
				channelIdentities: { identity: [{ channel: 'SMS', identity: '={{ $json.phone }}' }] },
				...parameters,
			},
		}),
	];
	return {
		name: `Ask about ${list.length}`,
		nodes,
		connections: chain(nodes),
		settings: { executionOrder: 'v1' },
	};
}

/** The node as a tool, run by n8n's tool executor in place of an agent with a model. */
export function asTool(query: Record<string, string>): WorkflowFile {
	const tool = 'Check_reachability';
	const start = node({ name: 'Start', type: 'n8n-nodes-base.manualTrigger' });
	const executor = node({
		name: 'Agent',
		type: '@n8n/n8n-nodes-langchain.toolExecutor',
		// n8n 2 expects the arguments under the tool's name, n8n 1 on their own.
		parameters: { query: JSON.stringify({ ...query, [tool]: query }) },
	});
	const check = node({
		name: tool,
		type: `${ACTION_TYPE}Tool`,
		parameters: {
			descriptionType: 'manual',
			toolDescription: 'Finds out on which channel a phone number can be reached',
			resource: 'capability',
			operation: 'queryAndWait',
			recipientType: 'channelIdentities',
			channelIdentities: {
				identity: ['RCS', 'SMS'].map((channel) => ({
					channel,
					identity: "={{ $fromAI('phone', 'Phone number with country code', 'string') }}",
				})),
			},
		},
	});
	const connections = {
		...chain([start, executor]),
		[tool]: { ai_tool: [[{ node: executor.name, type: 'ai_tool', index: 0 }]] },
	} as unknown as WorkflowFile['connections'];
	const settings = { executionOrder: 'v1' };
	return { name: 'Agent with tool', nodes: [start, executor, check], connections, settings };
}

/** The items that left the asking node, by the label of their output. */
export function itemsByOutput(execution: Execution, name = ASK) {
	const outputs = execution.runs[name]?.[0]?.data?.main ?? [];
	return Object.fromEntries(
		outputs.map((items, index) => [OUTPUTS[index], (items ?? []).map(({ json }) => json)]),
	);
}
