import { ACTION_TYPE } from '../../../sandbox/demo/setup.mts';
import type { WorkflowFile, WorkflowNode } from '../../../sandbox/n8n/types.mts';

/** A valid contact ID that Sinch does not know. */
const UNKNOWN_CONTACT = '01W4FFL35P4NC4K35CONTACT01';

/** Two items: Sinch knows the contact of the first, but not that of the second. */
export function queryTwice(contactId: string, onError: WorkflowNode['onError']): WorkflowFile {
	const ids = JSON.stringify([contactId, UNKNOWN_CONTACT]);
	const node = (index: number, given: Partial<WorkflowNode>) =>
		({
			id: `5a4db0c5-0003-4000-8000-00000000000${index}`,
			position: [index * 240, 0],
			typeVersion: 1,
			parameters: {},
			...given,
		}) as WorkflowNode;
	const to = (name: string) => ({ main: [[{ node: name, type: 'main' as const, index: 0 }]] });
	return {
		name: `Query twice, ${onError}`,
		nodes: [
			node(0, { name: 'Start manually', type: 'n8n-nodes-base.manualTrigger' }),
			node(1, {
				name: 'Contacts',
				type: 'n8n-nodes-base.set',
				typeVersion: 3.4,
				parameters: {
					assignments: { assignments: [{ id: 'ids', name: 'ids', type: 'array', value: ids }] },
				},
			}),
			node(2, {
				name: 'One by one',
				type: 'n8n-nodes-base.splitOut',
				parameters: { fieldToSplitOut: 'ids' },
			}),
			node(3, {
				name: 'Check reachability',
				type: ACTION_TYPE,
				onError,
				parameters: {
					resource: 'capability',
					operation: 'query',
					recipientType: 'contact',
					contactId: { __rl: true, mode: 'id', value: '={{ $json.ids }}' },
				},
			}),
		],
		connections: {
			'Start manually': to('Contacts'),
			Contacts: to('One by one'),
			'One by one': to('Check reachability'),
		},
		settings: { executionOrder: 'v1' },
	};
}
