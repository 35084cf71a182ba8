import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import {
	UserError,
	type ExecutionError,
	type ExecutionStatus,
	type IBinaryKeyData,
	type IConnections,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type IPinData,
	type ITaskData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import type { CredentialStore } from './credentialStore';
import { startNodeType } from './nodeTypes';
import { additionalDataOf, type Endpoints } from './surroundings';
import { nodeOf, workflowOf, type NodeSettings } from './workflow';

const EXECUTION_ID = '1';

/** The result of one node; `undefined` in `nodes` if it did not run. */
export interface NodeRun {
	/** Items per output, in the order of the description; the error output of *On Error* comes last. */
	outputs: INodeExecutionData[][];
	/** The error that stopped the node, even if *On Error* continued the workflow. */
	error?: ExecutionError;
	/** Every run of the node as n8n stores it. */
	runs: ITaskData[];
}

export interface WorkflowRun {
	/** `success`, `error`, `canceled` … as n8n shows it in its list of executions. */
	status: ExecutionStatus;
	error?: ExecutionError;
	nodes: { [name: string]: NodeRun | undefined };
}

export interface WorkflowOptions {
	nodes: INode[];
	connections: IConnections;
	nodeTypes: INodeType[];
	credentials?: CredentialStore;
	/** Node to start from; default: the first. Its own code runs unless it is a trigger. */
	start?: string;
	/** Items per output of a trigger, or per input of another node; default: one empty item. */
	input?: INodeExecutionData[][];
	pinData?: IPinData;
	/** Default `trigger` (production); the editor's runs are `manual`. */
	mode?: WorkflowExecuteMode;
	/** Aborting it is the user's *Stop execution*. */
	signal?: AbortSignal;
	executionId?: string;
	instanceUrl?: string;
	endpoints?: Endpoints;
}

/** Plain JSON objects as items. */
function itemsOf(...json: IDataObject[]): INodeExecutionData[] {
	return json.map((one) => ({ json: one }));
}

/** Connections of `[from, output index, to]`, always to the first input. */
export function connect(...lines: Array<[from: string, output: number, to: string]>): IConnections {
	const connections: IConnections = {};
	for (const [from, output, to] of lines) {
		const main = ((connections[from] ??= {}).main ??= []);
		while (main.length <= output) main.push([]);
		main[output]?.push({ node: to, type: 'main', index: 0 });
	}
	return connections;
}

/** Runs a workflow through n8n-core's own `WorkflowExecute`. */
export async function runWorkflow(options: WorkflowOptions): Promise<WorkflowRun> {
	const { nodeTypes, connections, pinData, signal, mode = 'trigger' } = options;
	const workflow = workflowOf(structuredClone(options.nodes), nodeTypes, connections);
	const startNode = workflow.getNode(options.start ?? options.nodes[0].name);
	if (!startNode) throw new UserError(`No node "${options.start}" to start from`);
	const executionId = options.executionId ?? EXECUTION_ID;
	const additionalData = {
		...additionalDataOf(options.credentials, options.instanceUrl, options.endpoints),
		executionId,
		hooks: new ExecutionLifecycleHooks(mode, executionId, {
			id: workflow.id,
			name: workflow.name ?? '',
			active: true,
			activeVersionId: null,
			isArchived: false,
			createdAt: new Date(0),
			updatedAt: new Date(0),
			nodes: Object.values(workflow.nodes),
			connections,
		}),
	};
	const task: ITaskData = {
		startTime: 0,
		executionTime: 0,
		executionIndex: 0,
		source: [],
		data: { main: options.input ?? [itemsOf({})] },
	};
	const triggerToStartFrom = { name: startNode.name, data: task };
	const execution = begin(new WorkflowExecute(additionalData, mode), {
		workflow,
		startNode,
		pinData,
		triggerToStartFrom,
	});
	const stop = () => execution.cancel();
	signal?.addEventListener('abort', stop, { once: true });
	if (signal?.aborted) stop();
	const { data, status } = await execution;
	signal?.removeEventListener('abort', stop);

	const nodes = Object.entries(data.resultData.runData).map(([name, runs]) => {
		const last = runs[runs.length - 1];
		const outputs = (last.data?.main ?? []).map((items) => items ?? []);
		return [name, { outputs, error: last.error, runs }] as const;
	});
	return { status, error: data.resultData.error, nodes: Object.fromEntries(nodes) };
}

type RunOptions = Parameters<WorkflowExecute['run']>[0];

/** n8n 2 takes one object, n8n 1 a list of arguments. */
function begin(engine: WorkflowExecute, options: RunOptions): ReturnType<WorkflowExecute['run']> {
	if (engine.run.length <= 1) return engine.run(options);
	const { workflow, startNode, pinData, triggerToStartFrom } = options;
	const run = engine.run as unknown as (...list: unknown[]) => ReturnType<WorkflowExecute['run']>;
	return run.call(engine, workflow, startNode, undefined, pinData, triggerToStartFrom);
}

/** What `runNode` takes beside parameters and items. */
export type RunNodeOptions = NodeSettings &
	Pick<WorkflowOptions, 'mode' | 'signal' | 'executionId' | 'instanceUrl' | 'endpoints'> & {
		/** The files of every item. */
		binary?: IBinaryKeyData;
	};

/**
 * Runs one node after a start node that emits the items.
 *
 * @example
 * const { outputs, error } = await runNode(new SinchCapability(), { contactId }, [{ name: 'Ada' }], {
 * 	credentials: store,
 * 	onError: 'continueErrorOutput',
 * });
 */
export async function runNode(
	nodeType: INodeType,
	parameters: INodeParameters = {},
	items: IDataObject[] = [{}],
	{ mode, signal, executionId, instanceUrl, binary, ...settings }: RunNodeOptions = {},
): Promise<NodeRun & { status: ExecutionStatus }> {
	const node = nodeOf(nodeType, parameters, settings);
	const start = nodeOf(startNodeType);
	const run = await runWorkflow({
		nodes: [start, node],
		connections: connect([start.name, 0, node.name]),
		nodeTypes: [nodeType],
		credentials: settings.credentials,
		input: [itemsOf(...items).map((item) => ({ ...item, ...(binary && { binary }) }))],
		mode,
		signal,
		executionId,
		instanceUrl,
	});
	const result = run.nodes[node.name] ?? { outputs: [], runs: [] };
	return { ...result, status: run.status };
}
