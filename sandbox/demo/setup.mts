import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { N8nApi, Login } from '../n8n/api.mts';
import type { Credential, Workflow, WorkflowFile, WorkflowNode } from '../n8n/types.mts';
import { conversationApp } from './control.mts';
import type { Demo } from '../simulator/wire.ts';

export const CREDENTIAL_TYPE = 'sinchConversationApi';
export const TRIGGER_TYPE = 'n8n-nodes-sinch-capability.sinchCapabilityTrigger';
export const ACTION_TYPE = 'n8n-nodes-sinch-capability.sinchCapability';

/** The node types that need a credential; n8n derives the tool from the action node. */
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
	'check-in-batches',
	'check-once-a-month',
	'parse-notifications',
	'receive-answers',
	'register-webhook',
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

/** The values to enter in the credential for the simulator. */
export function credentialData(demo: Demo, simulatorUrl: string): Record<string, string> {
	const { projectId, keyId, keySecret } = demo.project;
	const { appId } = conversationApp(demo);
	const urls = { apiUrl: simulatorUrl, authUrl: simulatorUrl };
	return { projectId, keyId, keySecret, appId, region: 'custom', ...urls };
}

/** Whether a node needs the credential: one of this package, or an HTTP Request node that uses it. */
function needsCredential({ type, parameters }: WorkflowNode): boolean {
	return OUR_TYPES.includes(type) || parameters.nodeCredentialType === CREDENTIAL_TYPE;
}

/**
 * Prepares an imported example as the editor and its user do: chooses the credential in each node that
 * needs it, and gives each trigger its own address.
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

/**
 * *Check contacts* with the simulator's contacts in place of phone numbers: they also have channels
 * without phone numbers, so every outcome and reason occurs.
 */
function askByContact(example: WorkflowFile, { contacts }: Demo): WorkflowFile {
	const stored = contacts.map(({ name, contactId }) => ({ name, contact_id: contactId }));
	const nodes = example.nodes.map((node) => {
		if (node.name === 'Demo contacts') {
			const { assignments } = node.parameters.assignments as {
				assignments: Array<Record<string, unknown>>;
			};
			const list = [{ ...assignments[0], value: JSON.stringify(stored, null, 2) }];
			return { ...node, parameters: { ...node.parameters, assignments: { assignments: list } } };
		}
		if (node.type !== ACTION_TYPE) return node;
		const { phoneNumber: _, channels: __, ...parameters } = node.parameters;
		const contactId = { __rl: true, mode: 'id', value: '={{ $json.contact_id }}' };
		return { ...node, parameters: { ...parameters, recipientType: 'contact', contactId } };
	});
	return { ...example, nodes };
}

/** Imports the examples and activates the one that routes, which *Check reachability and wait* needs too. */
export async function setUpExamples(
	api: N8nApi,
	credential: Credential,
	demo: Demo,
): Promise<Pick<DemoN8n, 'check' | 'route' | 'best'>> {
	const add = async (example: WorkflowFile) =>
		await api.createWorkflow(complete(example, credential));
	const check = await add(askByContact(await readExample('check-contacts'), demo));
	const route = await add(await readExample('route-by-capability'));
	await api.activate(route.id);
	return { check, route, best: await add(await readExample('best-channel')) };
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
	const examples = await setUpExamples(api, credential, demo);
	return { login, credential, ...examples };
}
