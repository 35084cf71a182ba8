import { ExternalSecretsProxy } from 'n8n-core';
import {
	UnexpectedError,
	Workflow,
	type IConnections,
	type IDataObject,
	type INode,
	type INodeParameters,
	type INodeType,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { CredentialStore } from './credentialStore';
import { nodeTypesOf, typeNameOf, versionOf } from './nodeTypes';

/** The public address of the test's n8n (its `WEBHOOK_URL`); ends in `/`. */
export const INSTANCE_URL = 'https://n8n.example.com/';

/** `webhookId` of a trigger node unless the test gives a URL. */
export const WEBHOOK_ID = '3f0c3f5e-6f0e-4c50-9a3e-1d5f6c7b8a90';

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

/** n8n's `WorkflowExecuteAdditionalData.getBase` (2.41.1) without a database. */
export function additionalDataOf(
	credentialsHelper: CredentialStore = new CredentialStore(),
	instanceUrl: string = INSTANCE_URL,
): IWorkflowExecuteAdditionalData {
	const absent = (what: string) => async (): Promise<never> => {
		throw new UnexpectedError(`The test engine has no ${what}`);
	};
	return {
		credentialsHelper,
		currentNodeExecutionIndex: 0,
		executeWorkflow: absent('sub-workflows'),
		getRunExecutionData: absent('stored executions'),
		getRuntimeCredential: absent('runtime credentials'),
		startRunnerTask: absent('task runner'),
		logAiEvent: () => undefined,
		restApiUrl: `${instanceUrl}rest`,
		instanceBaseUrl: instanceUrl,
		formBaseUrl: `${instanceUrl}form`,
		formWaitingBaseUrl: `${instanceUrl}form-waiting`,
		formTestBaseUrl: `${instanceUrl}form-test`,
		webhookBaseUrl: `${instanceUrl}webhook`,
		webhookWaitingBaseUrl: `${instanceUrl}webhook-waiting`,
		webhookTestBaseUrl: `${instanceUrl}webhook-test`,
		mcpBaseUrl: `${instanceUrl}mcp`,
		mcpTestBaseUrl: `${instanceUrl}mcp-test`,
		workflowId: WORKFLOW_ID,
		variables: {},
		externalSecretsProxy: new ExternalSecretsProxy(),
	};
}
