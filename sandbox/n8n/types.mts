/** Types of n8n's REST interface; only the fields that the sandbox uses. */

export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	/** Of a trigger that listens to a webhook: the first part of its path. */
	webhookId?: string;
	credentials?: Record<string, { id: string | null; name: string }>;
	onError?: 'continueRegularOutput' | 'continueErrorOutput' | 'stopWorkflow';
	[key: string]: unknown;
}

export interface Connection {
	node: string;
	type: string;
	index: number;
}

/** A workflow file, as n8n imports it. */
export interface WorkflowFile {
	name: string;
	nodes: WorkflowNode[];
	/** By the node's name and the outputs' type: the targets of each output. */
	connections: Record<string, Record<string, Array<Connection[] | null>>>;
	settings?: Record<string, unknown>;
	[key: string]: unknown;
}

export interface Workflow extends WorkflowFile {
	id: string;
	/** Missing in n8n 1.12x and older. */
	versionId?: string;
	active: boolean;
}

export interface Credential {
	id: string;
	name: string;
	type: string;
}

export interface CredentialTestResult {
	status: 'OK' | 'Error';
	message: string;
}

export type ExecutionStatus =
	'canceled' | 'crashed' | 'error' | 'new' | 'running' | 'success' | 'unknown' | 'waiting';

export interface ExecutionSummary {
	id: string;
	workflowId: string;
	mode: string;
	status: ExecutionStatus;
	startedAt: string | null;
	stoppedAt: string | null;
}

export interface Item {
	json: Record<string, unknown>;
	pairedItem?: unknown;
	error?: unknown;
}

export interface ExecutionError {
	message: string;
	description?: string | null;
	httpCode?: string | null;
	context?: Record<string, unknown>;
	node?: { name: string };
}

/** One run of one node. */
export interface NodeRun {
	/** Milliseconds since 1970. */
	startTime: number;
	/** Milliseconds. */
	executionTime: number;
	executionStatus?: ExecutionStatus;
	/** The items of each output. */
	data?: { main: Array<Item[] | null> };
	error?: ExecutionError;
}

export interface Execution extends ExecutionSummary {
	/** By the node's name, its runs. A node that did not run is missing. */
	runs: Record<string, NodeRun[]>;
	error?: ExecutionError;
}

/** A node type as n8n describes it to its editor; only the fields that the tests use. */
export interface NodeTypeDescription {
	name: string;
	version: number | number[];
	properties: unknown[];
	[key: string]: unknown;
}
