import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { N8nApi, Login } from '../n8n/api.mts';
import type { Credential, Workflow, WorkflowFile, WorkflowNode } from '../n8n/types.mts';
import { conversationApp } from './control.mts';
import type { Demo } from '../simulator/wire.ts';

export const CREDENTIAL_TYPE = 'sinchConversationApi';
export const TRIGGER_TYPE = 'n8n-nodes-sinch-capability.sinchCapabilityTrigger';
export const ACTION_TYPE = 'n8n-nodes-sinch-capability.sinchCapability';

/** The types that need a credential; n8n makes the tool out of the action by itself. */
const OUR_TYPES = [TRIGGER_TYPE, ACTION_TYPE, `${ACTION_TYPE}Tool`];

const CHAT_TYPE = '@n8n/n8n-nodes-langchain.chatTrigger';
const WEBHOOK_TYPE = 'n8n-nodes-base.webhook';

/** The files in `examples`, without their ending. */
export const EXAMPLES = [
	'ai-agent',
	'alert-when-checks-fail',
	'best-channel',
	'check-a-list',
	'check-contacts',
	'check-once-a-month',
	'parse-notifications',
	'route-by-capability',
	'send-on-best-channel',
] as const;

export type ExampleName = (typeof EXAMPLES)[number];

export interface DemoN8n {
	login: Login;
	credential: Credential;
	check: Workflow;
	route: Workflow;
	best: Workflow;
}

export async function readExample(name: ExampleName): Promise<WorkflowFile> {
	const file = new URL(`../../examples/${name}.json`, import.meta.url);
	return JSON.parse(await readFile(file, 'utf8')) as WorkflowFile;
}

/** What a person types into the credential to use the simulator. */
export function credentialData(demo: Demo, simulatorUrl: string): Record<string, string> {
	const { projectId, keyId, keySecret } = demo.project;
	const { appId } = conversationApp(demo);
	const urls = { apiUrl: simulatorUrl, authUrl: simulatorUrl };
	return { projectId, keyId, keySecret, appId, region: 'custom', ...urls };
}

/** Whether a node needs our credential: one of ours, or an HTTP Request that borrows it. */
function needsCredential({ type, parameters }: WorkflowNode): boolean {
	return OUR_TYPES.includes(type) || parameters.nodeCredentialType === CREDENTIAL_TYPE;
}

/**
 * Does to an example what the editor and its user do after importing it: chooses the credential in
 * each node that needs ours, and gives each trigger an address of its own.
 */
export function complete(example: WorkflowFile, { id, name }: Credential): WorkflowFile {
	const nodes = example.nodes.map((node) => {
		const webhook = [TRIGGER_TYPE, CHAT_TYPE, WEBHOOK_TYPE].includes(node.type)
			? { webhookId: randomUUID() }
			: {};
		const credentials = needsCredential(node) && {
			credentials: { [CREDENTIAL_TYPE]: { id, name } },
		};
		return { ...node, ...webhook, ...credentials };
	});
	return { ...example, nodes };
}

/** Imports the examples and activates the one that routes; the one that waits is left to be activated. */
export async function setUpExamples(
	api: N8nApi,
	credential: Credential,
): Promise<Pick<DemoN8n, 'check' | 'route' | 'best'>> {
	const add = async (name: ExampleName) =>
		await api.createWorkflow(complete(await readExample(name), credential));
	const check = await add('check-contacts');
	const route = await add('route-by-capability');
	await api.activate(route.id);
	return { check, route, best: await add('best-channel') };
}

/** Makes a new n8n ready: owner, credential and examples, the routing one active. */
export async function setUp(api: N8nApi, demo: Demo, simulatorUrl: string): Promise<DemoN8n> {
	// n8n asks for a capital letter and a digit.
	const login = { email: 'demo@example.com', password: `Demo-${randomBytes(6).toString('hex')}1` };
	await api.setUpOwner(login);
	const credential = await api.createCredential(
		'Sinch simulator',
		CREDENTIAL_TYPE,
		credentialData(demo, simulatorUrl),
	);
	const examples = await setUpExamples(api, credential);
	return { login, credential, ...examples };
}
