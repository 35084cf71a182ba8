import { randomUUID } from 'node:crypto';
import { TRIGGER_TYPE } from '../../sandbox/demo/setup.mts';
import type { SignedCallback } from '../../sandbox/simulator/callbacks/signing.mts';
import type { Credential, WorkflowFile } from '../../sandbox/n8n/types.mts';
import { FLOOR_TYPE } from './floor.mts';
import { notification } from './sender.mts';
import type { Stand } from './stand.mts';
import { connect, credentialsOf, node, noOp, SETTINGS } from './workflows.mts';

export const OURS = 'Sinch Capability Trigger, default';
export const OURS_SINGLE = 'Sinch Capability Trigger, One per Answer';
export const OURS_BY_TIME = 'Sinch Capability Trigger, Grouped by Time';
export const OURS_FINISHED = 'Sinch Capability Trigger, acknowledged when finished';
const FLOOR = 'Smallest trigger, no check';
const UNVERIFIED = 'Webhook, Switch, no check';

/** Options of the trigger, for the receivers of these names. */
export const ONE_PER_ANSWER = { executions: 'onePerAnswer' };
export const GROUPED_BY_TIME = { executions: 'groupedByTime' };
export const WHEN_FINISHED = { acknowledge: 'finished' };

/** An active workflow that takes notifications. */
export interface Receiver {
	name: string;
	workflowId: string;
	target: string;
	next: () => SignedCallback;
}

const BRANCHES = ['Full', 'Partial', 'None', 'Unknown', 'Failed'];
/** For the receivers whose secret n8n's nodes have to be told. */
const KNOWN_SECRET = 'a secret that only the bench and its workflow know';

async function activate(stand: Stand, workflow: WorkflowFile): Promise<string> {
	const { id } = await stand.api.createWorkflow(workflow);
	await stand.api.activate(id);
	return id;
}

/** Our trigger with one branch per outcome; what it registers at the simulator has its secret. */
export async function ourReceiver(
	stand: Stand,
	credential: Credential,
	name: string,
	options: Record<string, unknown> = {},
): Promise<Receiver> {
	const webhookId = randomUUID();
	const trigger = node(
		'Trigger',
		TRIGGER_TYPE,
		{ options },
		{ webhookId, credentials: credentialsOf(credential) },
	);
	const nodes = [trigger, ...BRANCHES.map(noOp)];
	const connections = connect({ Trigger: BRANCHES });
	const workflowId = await activate(stand, { name, nodes, connections, settings: SETTINGS });
	const path = options.acknowledge === 'finished' ? 'capability-finished' : 'capability';
	const target = `${stand.url}/webhook/${webhookId}/${path}`;
	const secret = await stand.secretOf(target);
	return { name, workflowId, target, next: () => notification(stand.appId, secret) };
}

export async function floorReceiver(stand: Stand): Promise<Receiver> {
	const webhookId = randomUUID();
	const workflowId = await activate(stand, {
		name: FLOOR,
		nodes: [node('Trigger', FLOOR_TYPE, {}, { webhookId }), noOp('Next')],
		connections: connect({ Trigger: ['Next'] }),
		settings: SETTINGS,
	});
	const next = () => notification(stand.appId, KNOWN_SECRET);
	return { name: FLOOR, workflowId, target: `${stand.url}/webhook/${webhookId}/floor`, next };
}

/** By the status, in one expression, because that takes less time than a rule for each. */
const routing = () =>
	node(
		'Switch',
		'n8n-nodes-base.switch',
		{
			mode: 'expression',
			numberOutputs: BRANCHES.length,
			output: `={{ ['CAPABILITY_FULL', 'CAPABILITY_PARTIAL', 'NO_CAPABILITY', 'CAPABILITY_UNKNOWN'].indexOf($json.body.capability_notification.capability_status) % ${BRANCHES.length} }}`,
		},
		{ typeVersion: 3.2 },
	);

const webhook = (path: string, parameters: Record<string, unknown>) =>
	node(
		'Webhook',
		'n8n-nodes-base.webhook',
		{ httpMethod: 'POST', path, ...parameters },
		{ typeVersion: 2, webhookId: path },
	);

export async function unverifiedReceiver(stand: Stand): Promise<Receiver> {
	const path = randomUUID();
	const workflowId = await activate(stand, {
		name: UNVERIFIED,
		nodes: [webhook(path, {}), routing(), ...BRANCHES.map(noOp)],
		connections: connect({ Webhook: ['Switch'], Switch: BRANCHES }),
		settings: SETTINGS,
	});
	const next = () => notification(stand.appId, KNOWN_SECRET);
	return { name: UNVERIFIED, workflowId, target: `${stand.url}/webhook/${path}`, next };
}
