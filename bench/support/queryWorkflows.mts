import { ACTION_TYPE, CREDENTIAL_TYPE } from '../../sandbox/demo/setup.mts';
import type { Credential, WorkflowFile, WorkflowNode } from '../../sandbox/n8n/types.mts';
import type { BenchHarness } from './harness.mts';
import { connect, credentialsOf, node, SETTINGS } from './workflows.mts';

export const ASK = 'Check reachability';

export interface Batching {
	batchSize: number;
	/** Milliseconds. */
	batchInterval: number;
}

const CHANNELS = ['SMS', 'RCS', 'WHATSAPP'];

const identities = (channels: number) => ({
	recipientType: 'channelIdentities',
	channelIdentities: {
		identity: CHANNELS.slice(0, channels).map((channel) => ({
			channel,
			identity: '={{ $json.phone }}',
		})),
	},
});

function ourNode(
	credential: Credential,
	operation: string,
	parameters: Record<string, unknown>,
): WorkflowNode {
	return node(
		ASK,
		ACTION_TYPE,
		{ resource: 'capability', operation, ...parameters },
		{ credentials: credentialsOf(credential), onError: 'continueRegularOutput' },
	);
}

/** Our node's Check reachability for one phone number per item, on one to three channels. */
export const ourQuery = (
	credential: Credential,
	options: Record<string, number> = {},
	channels = 1,
): WorkflowNode => ourNode(credential, 'query', { ...identities(channels), options });

/** Our node's Check reachability and wait for the same, with one item per channel. */
export const askAndWait = (credential: Credential, channels = 1): WorkflowNode =>
	ourNode(credential, 'queryAndWait', { ...identities(channels), itemPer: 'channel' });

/** n8n's HTTP Request node with the body that Sinch documents, and our credential for the token. */
export function httpQuery(
	harness: BenchHarness,
	credential: Credential,
	batch?: Batching,
): WorkflowNode {
	const { projectId } = harness.demo.project;
	const identity = '{ "channel": "SMS", "identity": "{{ $json.phone }}" }';
	return node(
		ASK,
		'n8n-nodes-base.httpRequest',
		{
			method: 'POST',
			url: `${harness.sinchUrl}/v1/projects/${projectId}/capability:query`,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: CREDENTIAL_TYPE,
			sendBody: true,
			specifyBody: 'json',
			jsonBody: `={ "app_id": "${harness.appId}", "project_id": "${projectId}", "recipient": { "identified_by": { "channel_identities": [${identity}] } } }`,
			options: batch ? { batching: { batch } } : {},
		},
		{
			typeVersion: 4.2,
			credentials: credentialsOf(credential),
			onError: 'continueRegularOutput',
		},
	);
}

/** A workflow that sends `items` phone numbers, one item each, to the given node. */
export function queryWorkflow(items: number, ask: WorkflowNode): WorkflowFile {
	const phones = Array.from({ length: items }, (_, index) => `4670${1_000_000 + index}`);
	const value = JSON.stringify(phones);
	const assignments = [{ id: 'phones', name: 'phone', type: 'array', value }];
	return {
		name: `Ask about ${items}`,
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger'),
			node('Phones', 'n8n-nodes-base.set', { assignments: { assignments } }, { typeVersion: 3.4 }),
			node('One by one', 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'phone' }),
			ask,
		],
		connections: connect({ Start: ['Phones'], Phones: ['One by one'], 'One by one': [ASK] }),
		settings: SETTINGS,
	};
}
