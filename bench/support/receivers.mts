import { randomUUID } from 'node:crypto';
import { ACTION_TYPE, TRIGGER_TYPE } from '../../sandbox/demo/setup.mts';
import type { SignedCallback } from '../../sandbox/simulator/callbacks/signing.mts';
import type { Credential, WorkflowFile } from '../../sandbox/n8n/types.mts';
import { FLOOR_TYPE } from './floor.mts';
import { notification } from './sender.mts';
import type { BenchHarness } from './harness.mts';
import { connect, credentialsOf, node, noOp, SETTINGS } from './workflows.mts';

export const OURS = 'Sinch Capability Trigger, default';
export const OURS_SINGLE = 'Sinch Capability Trigger, one answer per execution';
export const OURS_BY_TIME = 'Sinch Capability Trigger, Grouped by Time';
export const OURS_FINISHED = 'Sinch Capability Trigger, acknowledged when finished';
const FLOOR = 'Smallest trigger, no check';
const UNVERIFIED = 'Webhook, Switch, no check';
const PARSED = 'Webhook, Parse Notification';
const PARSED_FINISHED = 'Webhook, Parse Notification, Respond to Webhook';

/** Options of the trigger for these receivers. */
export const ONE_PER_ANSWER = { executions: 'onePerAnswer' };
export const GROUPED_BY_TIME = { executions: 'groupedByTime' };
export const WHEN_FINISHED = { acknowledge: 'finished' };

/** An active workflow that receives notifications. */
export interface Receiver {
	name: string;
	workflowId: string;
	target: string;
	next: () => SignedCallback;
	/** How long the receiver collects notifications on purpose, in milliseconds. */
	windowMs?: number;
}

const BRANCHES = ['Full', 'Partial', 'None', 'Unknown', 'Failed'];
/** For receivers that do not register a webhook. */
const KNOWN_SECRET = 'a secret that only the bench and its workflow know';

async function activate(harness: BenchHarness, workflow: WorkflowFile): Promise<string> {
	const { id } = await harness.api.createWorkflow(workflow);
	await harness.api.activate(id);
	return id;
}

/** Our trigger with one branch per outcome, registered at the simulator. */
export async function ourReceiver(
	harness: BenchHarness,
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
	const workflowId = await activate(harness, { name, nodes, connections, settings: SETTINGS });
	const path = options.acknowledge === 'finished' ? 'capability-finished' : 'capability';
	const target = `${harness.url}/webhook/${webhookId}/${path}`;
	const secret = await harness.secretOf(target);
	return { name, workflowId, target, next: () => notification(harness.appId, secret) };
}

export async function floorReceiver(harness: BenchHarness): Promise<Receiver> {
	const webhookId = randomUUID();
	const workflowId = await activate(harness, {
		name: FLOOR,
		nodes: [node('Trigger', FLOOR_TYPE, {}, { webhookId }), noOp('Next')],
		connections: connect({ Trigger: ['Next'] }),
		settings: SETTINGS,
	});
	const next = () => notification(harness.appId, KNOWN_SECRET);
	return { name: FLOOR, workflowId, target: `${harness.url}/webhook/${webhookId}/floor`, next };
}

/** Routes by status with one expression, which is faster than a rule for each. */
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

export async function unverifiedReceiver(harness: BenchHarness): Promise<Receiver> {
	const path = randomUUID();
	const workflowId = await activate(harness, {
		name: UNVERIFIED,
		nodes: [webhook(path, {}), routing(), ...BRANCHES.map(noOp)],
		connections: connect({ Webhook: ['Switch'], Switch: BRANCHES }),
		settings: SETTINGS,
	});
	const next = () => notification(harness.appId, KNOWN_SECRET);
	return { name: UNVERIFIED, workflowId, target: `${harness.url}/webhook/${path}`, next };
}

/** Verifies the notifications and routes them by their outcome. */
const parseNotification = () =>
	node('Parse', ACTION_TYPE, {
		...{ resource: 'capability', operation: 'parseNotification' },
		...{ secretFrom: 'field', webhookSecret: KNOWN_SECRET },
		...{ outputMode: 'perOutcome', simplify: true, options: {} },
	});

/**
 * *Parse Notification* behind n8n's own webhook.
 *
 * @param responds whether the workflow responds, as the example does; otherwise n8n does, once it has
 * started the execution
 */
export async function parseReceiver(harness: BenchHarness, responds: boolean): Promise<Receiver> {
	const name = responds ? PARSED_FINISHED : PARSED;
	const path = randomUUID();
	const response = node('Respond', 'n8n-nodes-base.respondToWebhook', {
		...{ respondWith: 'noData', options: { responseCode: 200 } },
	});
	const responseMode = responds ? 'responseNode' : 'onReceived';
	const ends = responds ? BRANCHES.map(() => 'Respond') : BRANCHES;
	const workflowId = await activate(harness, {
		name,
		nodes: [
			webhook(path, { responseMode, options: { rawBody: true } }),
			parseNotification(),
			...(responds ? [{ ...response, typeVersion: 1.1 }] : BRANCHES.map(noOp)),
		],
		connections: connect({ Webhook: ['Parse'], Parse: ends }),
		settings: SETTINGS,
	});
	const next = () => notification(harness.appId, KNOWN_SECRET);
	return { name, workflowId, target: `${harness.url}/webhook/${path}`, next };
}
