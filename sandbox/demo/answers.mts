import type { Execution, WorkflowFile } from '../n8n/types.mts';
import { TRIGGER_TYPE } from './setup.mts';

/** In the order of the trigger's outputs. */
export const OUTCOMES = ['Full', 'Partial', 'None', 'Unknown', 'Failed'] as const;

/** One notification, as n8n's own data of one execution show it. */
export interface Answer {
	executionId: string;
	status: Execution['status'];
	requestId: string;
	contactId: string;
	channel: string;
	identity: string;
	capabilityStatus: string;
	reasonCode: string;
	/** Outputs of the trigger by which items left. */
	outputs: string[];
	/** All nodes behind the trigger that ran. */
	nodes: string[];
	/** When the first of them began, in milliseconds since 1970. */
	branchedAt: number | undefined;
}

export function triggerName(workflow: WorkflowFile): string {
	return workflow.nodes.find(({ type }) => type === TRIGGER_TYPE)!.name;
}

/** The nodes that an output of the trigger leads to. */
export function nodesBehind(workflow: WorkflowFile, outcome: string): string[] {
	const index = OUTCOMES.findIndex((name) => name === outcome);
	const connections = workflow.connections[triggerName(workflow)].main[index] ?? [];
	return connections.map(({ node }) => node);
}

function text(value: unknown): string {
	return value === undefined || value === null ? '' : String(value);
}

/** Reads where the items of an execution went. */
export function readAnswer(workflow: WorkflowFile, execution: Execution): Answer {
	const trigger = triggerName(workflow);
	const outputs = execution.runs[trigger]?.[0]?.data?.main ?? [];
	const json = outputs.flatMap((items) => items ?? [])[0]?.json ?? {};
	const nodes = Object.keys(execution.runs).filter((name) => name !== trigger);
	const starts = nodes.map((name) => execution.runs[name][0].startTime);
	return {
		executionId: execution.id,
		status: execution.status,
		requestId: text(json.request_id),
		contactId: text(json.contact_id),
		channel: text(json.channel),
		identity: text(json.identity),
		capabilityStatus: text(json.capability_status),
		reasonCode: text((json.reason as { code?: string } | null | undefined)?.code),
		outputs: outputs.flatMap((items, index) =>
			items?.length ? [OUTCOMES[index] ?? `output ${index}`] : [],
		),
		nodes,
		branchedAt: starts.length > 0 ? Math.min(...starts) : undefined,
	};
}
