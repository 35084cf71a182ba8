import { randomUUID } from 'node:crypto';
import { TRIGGER_TYPE } from '../../sandbox/demo/setup.mts';
import type { SealedCallback } from '../../sandbox/simulator/callbacks/signing.mts';
import type { Credential, WorkflowFile } from '../../sandbox/n8n/types.mts';
import { FLOOR_TYPE } from './floor.mts';
import { notification } from './sender.mts';
import type { Stand } from './stand.mts';
import { connect, credentialsOf, node, noOp, SETTINGS } from './workflows.mts';

export const OURS = 'Sinch Capability Trigger';
export const OURS_GROUPED = 'Sinch Capability Trigger, grouped';
export const FLOOR = 'Smallest trigger, no check';
export const VERIFIED = 'Webhook, Crypto, If, Switch';
export const UNVERIFIED = 'Webhook, Switch, no check';

/** An active workflow that takes notifications. */
export interface Receiver {
	name: string;
	workflowId: string;
	target: string;
	next: () => SealedCallback;
}

const BRANCHES = ['Full', 'Partial', 'None', 'Unknown', 'Failed'];
/** For the receivers whose secret n8n's nodes have to be told. */
const KNOWN_SECRET = 'a secret that only the bench and its workflow know';
const HEADER = "$json.headers['x-sinch-webhook-signature";

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
	const target = `${stand.url}/webhook/${webhookId}/capability`;
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

/**
 * What n8n's own nodes need for the same check: the raw body as text, since expressions cannot read
 * binary data; the HMAC (version 1 of Crypto, which has the secret in the workflow and reads no
 * credential); signature and age compared in one expression; and 401 for what is not genuine. An
 * execution that ends without a Respond to Webhook node answers 200, which spares a node on that way.
 */
export async function verifiedReceiver(stand: Stand): Promise<Receiver> {
	const path = randomUUID();
	const genuine = `{{ ${HEADER}'] === $json.expected && Math.abs(Date.now() / 1000 - ${HEADER}-timestamp']) < 86400 }}`;
	const isTrue = { type: 'boolean', operation: 'true', singleValue: true };
	const condition = { id: 'a', leftValue: `=${genuine}`, rightValue: '', operator: isTrue };
	const strict = { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 };
	const nodes = [
		webhook(path, { responseMode: 'responseNode', options: { rawBody: true } }),
		node('Raw Body', 'n8n-nodes-base.extractFromFile', {
			operation: 'text',
			destinationKey: 'raw',
			options: { keepSource: 'json' },
		}),
		node('Crypto', 'n8n-nodes-base.crypto', {
			action: 'hmac',
			type: 'SHA256',
			value: `={{ $json.raw + '.' + ${HEADER}-nonce'] + '.' + ${HEADER}-timestamp'] }}`,
			dataPropertyName: 'expected',
			secret: KNOWN_SECRET,
			encoding: 'base64',
		}),
		node(
			'If',
			'n8n-nodes-base.if',
			{ conditions: { options: strict, conditions: [condition], combinator: 'and' } },
			{ typeVersion: 2.2 },
		),
		node(
			'Refuse',
			'n8n-nodes-base.respondToWebhook',
			{ respondWith: 'noData', options: { responseCode: 401 } },
			{ typeVersion: 1.1 },
		),
		routing(),
		...BRANCHES.map(noOp),
	];
	const connections = connect({
		Webhook: ['Raw Body'],
		'Raw Body': ['Crypto'],
		Crypto: ['If'],
		If: ['Switch', 'Refuse'],
		Switch: BRANCHES,
	});
	const workflowId = await activate(stand, {
		name: VERIFIED,
		nodes,
		connections,
		settings: SETTINGS,
	});
	const next = () => notification(stand.appId, KNOWN_SECRET);
	return { name: VERIFIED, workflowId, target: `${stand.url}/webhook/${path}`, next };
}
