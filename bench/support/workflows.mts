import { randomUUID } from 'node:crypto';
import { CREDENTIAL_TYPE } from '../../sandbox/demo/setup.mts';
import type {
	Connection,
	Credential,
	WorkflowFile,
	WorkflowNode,
} from '../../sandbox/n8n/types.mts';

export const SETTINGS = { executionOrder: 'v1' };

export function node(
	name: string,
	type: string,
	parameters: Record<string, unknown> = {},
	more: Partial<WorkflowNode> = {},
): WorkflowNode {
	return { id: randomUUID(), name, type, typeVersion: 1, position: [0, 0], parameters, ...more };
}

export const noOp = (name: string) => node(name, 'n8n-nodes-base.noOp');

export const credentialsOf = ({ id, name }: Credential) => ({ [CREDENTIAL_TYPE]: { id, name } });

/** Connections by name: for each output of a node, the name of the next node, if any. */
export function connect(
	links: Record<string, Array<string | undefined>>,
): WorkflowFile['connections'] {
	const to = (name: string): Connection[] => [{ node: name, type: 'main', index: 0 }];
	return Object.fromEntries(
		Object.entries(links).map(([from, outputs]) => [
			from,
			{ main: outputs.map((name) => (name ? to(name) : null)) },
		]),
	);
}
