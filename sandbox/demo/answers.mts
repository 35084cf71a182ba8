import type { Execution, WorkflowFile } from '../n8n/types.mts';
import { TRIGGER_TYPE } from './setup.mts';

/** In the order of the trigger's outputs. */
export const OUTCOMES = ['Full', 'Partial', 'None', 'Unknown', 'Failed'] as const;

/** One notification, according to n8n's execution data. */
export interface Answer {
	executionId: string;
	status: Execution['status'];
	requestId: string;
	contactId: string;
	channel: string;
	identity: string;
	capabilityStatus: string;
	reasonCode: string;
	/** The output of the trigger that the item left on. */
	outputs: string[];
	/** The nodes that ran, without those connected to the outputs of other items. */
	nodes: string[];
}

export function triggerName(workflow: WorkflowFile): string {
	return workflow.nodes.find(({ type }) => type === TRIGGER_TYPE)!.name;
}

/** The nodes connected to an output of the trigger. */
export function nodesBehind(workflow: WorkflowFile, outcome: string): string[] {
	const index = OUTCOMES.findIndex((name) => name === outcome);
	const connections = workflow.connections[triggerName(workflow)].main[index] ?? [];
	return connections.map(({ node }) => node);
}

function text(value: unknown): string {
	return value === undefined || value === null ? '' : String(value);
}

/** Reads the path of each item of an execution; one execution can have several items. */
export function readAnswers(workflow: WorkflowFile, execution: Execution): Answer[] {
	const trigger = triggerName(workflow);
	const outputs = execution.runs[trigger]?.[0]?.data?.main ?? [];
	const ran = Object.keys(execution.runs).filter((name) => name !== trigger);
	const used = outputs.flatMap((items, index) => (items?.length ? [index] : []));
	const outputName = (index: number) => OUTCOMES[index] ?? `output ${index}`;
	return used.flatMap((index) => {
		const others = used.filter((other) => other !== index).map(outputName);
		const behindOthers = new Set(others.flatMap((name) => nodesBehind(workflow, name)));
		const nodes = ran.filter((name) => !behindOthers.has(name));
		return (outputs[index] ?? []).map(({ json }): Answer => ({
			executionId: execution.id,
			status: execution.status,
			requestId: text(json.request_id),
			contactId: text(json.contact_id),
			channel: text(json.channel),
			identity: text(json.identity),
			capabilityStatus: text(json.capability_status),
			reasonCode: text((json.reason as { code?: string } | null | undefined)?.code),
			outputs: [outputName(index)],
			nodes,
		}));
	});
}
