import {
	Workflow,
	type IConnections,
	type IDataObject,
	type INode,
	type INodeParameters,
	type INodeType,
} from 'n8n-workflow';
import type { CredentialStore } from './credentialStore';
import { nodeTypesOf, typeNameOf, versionOf } from './nodeTypes';

export const WORKFLOW_ID = 'workflow-1';

/** A node's settings in a test workflow. */
export interface NodeSettings {
	name?: string;
	credentials?: CredentialStore;
	onError?: INode['onError'];
	retryOnFail?: boolean;
	maxTries?: number;
	/** Milliseconds. */
	waitBetweenTries?: number;
	executeOnce?: boolean;
	alwaysOutputData?: boolean;
	webhookId?: string;
}

/** A workflow's node of this type, with every credential of the store that the type declares. */
export function nodeOf(
	nodeType: INodeType,
	parameters: INodeParameters = {},
	{ name, credentials, ...settings }: NodeSettings = {},
): INode {
	return {
		id: `node-${nodeType.description.name}`,
		name: name ?? nodeType.description.displayName,
		type: typeNameOf(nodeType),
		typeVersion: versionOf(nodeType),
		position: [0, 0],
		// A copy, because the engine adds defaults in place.
		parameters: structuredClone(parameters),
		credentials: credentials?.forNode(nodeType),
		...settings,
	};
}

/** A workflow as n8n builds it before running it. */
export function workflowOf(
	nodes: INode[],
	nodeTypes: INodeType[],
	connections: IConnections = {},
	staticData: IDataObject = {},
): Workflow {
	return new Workflow({
		id: WORKFLOW_ID,
		name: 'Test workflow',
		nodes,
		connections,
		active: true,
		nodeTypes: nodeTypesOf(nodeTypes),
		staticData,
		settings: { executionOrder: 'v1' },
	});
}
