import { randomUUID } from 'node:crypto';
import type { SimulatedSinch } from '../../sandbox/harness/simulatedSinch.mts';
import type { N8nApi } from '../../sandbox/n8n/api.mts';
import { ACTION_TYPE, TRIGGER_TYPE } from '../../sandbox/demo/setup.mts';
import type { SignedCallback } from '../../sandbox/simulator/callbacks/signing.mts';
import type { Credential, Execution, WorkflowFile } from '../../sandbox/n8n/types.mts';
import { FLOOR_TYPE } from './floor.mts';
import { notification } from './sender.mts';
import { connect, credentialsOf, node, noOp, SETTINGS } from './workflows.mts';

export type ReceiverKey =
	'trigger' | 'single' | 'time' | 'finished' | 'parse' | 'respond' | 'switch' | 'floor';

/** What can receive answers, by the name that the command line uses. */
export const RECEIVERS: ReadonlyArray<{ key: ReceiverKey; label: string; windowMs?: number }> = [
	{ key: 'trigger', label: 'Trigger' },
	{ key: 'single', label: 'Trigger, one answer per execution' },
	{ key: 'time', label: 'Trigger, Grouped by Time', windowMs: 2000 },
	{ key: 'finished', label: 'Trigger, acknowledged when finished' },
	{ key: 'parse', label: 'Webhook and Parse notification' },
	{ key: 'respond', label: 'Webhook, Parse notification and Respond to Webhook' },
	{ key: 'switch', label: 'Webhook and Switch, no check' },
	{ key: 'floor', label: 'Smallest trigger, no check' },
];

/** The name of a receiver in tables and plots. */
export const labelOf = (key: string): string =>
	RECEIVERS.find((receiver) => receiver.key === key)?.label ?? 'Check reachability and wait';

const BRANCHES = ['Full', 'Partial', 'None', 'Unknown', 'Failed'];

/** For receivers that do not register a webhook. */
const KNOWN_SECRET = 'a secret that only the bench and its workflow know';

/** Options of the trigger for these receivers. */
const TRIGGER_OPTIONS: Partial<Record<ReceiverKey, Record<string, unknown>>> = {
	trigger: {},
	single: { executions: 'onePerAnswer' },
	time: { executions: 'groupedByTime' },
	finished: { acknowledge: 'finished' },
};

/** The n8n of a receiver, with its public address, and the Sinch that delivers to it. */
export interface Place {
	api: N8nApi;
	sinch: SimulatedSinch;
	url: string;
}

/** A workflow that receives answers, once it is published. */
export interface Receiver {
	key: ReceiverKey;
	workflowId: string;
	target: string;
	/** A new notification that it accepts while it is published. */
	next: () => SignedCallback;
	/** How long the receiver collects notifications on purpose, in milliseconds. */
	windowMs: number;
	/** @param atSinch whether Sinch delivers to it */
	publish(atSinch: boolean): Promise<void>;
	unpublish(): Promise<void>;
	/** The answers that one execution has routed, each as `request ID, channel and identity`. */
	answersIn(execution: Execution): string[];
}

type Json = Record<string, unknown>;

const keyOf = ({ request_id, channel, identity }: Json) =>
	[request_id, channel, identity].map(String).join(' ');

const itemsOf = (execution: Execution, name: string, outputs = BRANCHES.length): Json[] =>
	(execution.runs[name] ?? []).flatMap(({ data }) =>
		(data?.main ?? [])
			.slice(0, outputs)
			.flat()
			.flatMap((item) => (item ? [item.json as Json] : [])),
	);

const webhook = (path: string, parameters: Record<string, unknown>) =>
	node(
		'Webhook',
		'n8n-nodes-base.webhook',
		{ httpMethod: 'POST', path, ...parameters },
		{ typeVersion: 2, webhookId: path },
	);

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

/** Verifies the notifications and routes them by their outcome. */
const parseNotification = () =>
	node('Parse', ACTION_TYPE, {
		...{ resource: 'capability', operation: 'parseNotification' },
		...{ secretFrom: 'field', webhookSecret: KNOWN_SECRET },
		...{ outputMode: 'perOutcome', simplify: true, options: {} },
	});

const respond = () =>
	node(
		'Respond',
		'n8n-nodes-base.respondToWebhook',
		{ respondWith: 'noData', options: { responseCode: 200 } },
		{ typeVersion: 1.1 },
	);

/** The part of a receiver that depends on its kind. */
interface Kind {
	file: Pick<WorkflowFile, 'connections' | 'nodes'>;
	/** The address below n8n's webhooks. */
	path: string;
	answersIn: Receiver['answersIn'];
}

/** n8n's *Webhook* with *Parse Notification*, which responds itself or lets n8n respond. */
function parsing(path: string, responds: boolean): Kind {
	const mode = { responseMode: responds ? 'responseNode' : 'onReceived' };
	const ends = responds ? BRANCHES.map(() => 'Respond') : BRANCHES;
	return {
		path,
		file: {
			nodes: [
				webhook(path, { ...mode, options: { rawBody: true } }),
				parseNotification(),
				...(responds ? [respond()] : BRANCHES.map(noOp)),
			],
			connections: connect({ Webhook: ['Parse'], Parse: ends }),
		},
		answersIn: (execution) => itemsOf(execution, 'Parse').map(keyOf),
	};
}

function kindOf(key: ReceiverKey, id: string, credential: Credential): Kind {
	const options = TRIGGER_OPTIONS[key];
	if (options) {
		const more = { webhookId: id, credentials: credentialsOf(credential) };
		return {
			path: `${id}/${options.acknowledge === 'finished' ? 'capability-finished' : 'capability'}`,
			file: {
				nodes: [node('Trigger', TRIGGER_TYPE, { options }, more), ...BRANCHES.map(noOp)],
				connections: connect({ Trigger: BRANCHES }),
			},
			answersIn: (execution) => itemsOf(execution, 'Trigger').map(keyOf),
		};
	}
	if (key === 'parse' || key === 'respond') return parsing(id, key === 'respond');
	if (key === 'switch') {
		return {
			path: id,
			file: {
				nodes: [webhook(id, {}), routing(), ...BRANCHES.map(noOp)],
				connections: connect({ Webhook: ['Switch'], Switch: BRANCHES }),
			},
			answersIn: (execution) =>
				itemsOf(execution, 'Switch').map(({ body }) =>
					keyOf((body as { capability_notification: Json }).capability_notification),
				),
		};
	}
	return {
		path: `${id}/floor`,
		file: {
			nodes: [node('Trigger', FLOOR_TYPE, {}, { webhookId: id }), noOp('Next')],
			connections: connect({ Trigger: ['Next'] }),
		},
		answersIn: (execution) =>
			itemsOf(execution, 'Trigger').map((body) => keyOf(body.capability_notification as Json)),
	};
}

/** Creates the workflow of a receiver, which is not yet published. */
export async function createReceiver(
	{ api, sinch, url }: Place,
	credential: Credential,
	key: ReceiverKey,
): Promise<Receiver> {
	const { label, windowMs = 0 } = RECEIVERS.find((receiver) => receiver.key === key)!;
	const registersItself = key in TRIGGER_OPTIONS;
	const { file, path, answersIn } = kindOf(key, randomUUID(), credential);
	const target = `${url}/webhook/${path}`;
	const workflow = { name: label, ...file, settings: SETTINGS };
	const { id: workflowId } = await api.createWorkflow(workflow);
	let secret = KNOWN_SECRET;
	return {
		...{ key, workflowId, target, windowMs, answersIn },
		next: () => notification(sinch.appId, secret),
		async publish(atSinch) {
			await api.activate(workflowId);
			if (registersItself) secret = await sinch.secretOf(target);
			else if (atSinch) await sinch.register(target, KNOWN_SECRET);
		},
		async unpublish() {
			await api.deactivate(workflowId);
			await sinch.unregister(target);
		},
	};
}
