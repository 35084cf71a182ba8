import {
	NodeHelpers,
	UserError,
	type IDataObject,
	type INode,
	type INodeParameters,
	type IHttpRequestMethods,
	type INodeType,
	type IWebhookData,
	type IWebhookDescription,
	type IWorkflowExecuteAdditionalData,
	type Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import type { CredentialStore } from './credentialStore';
import { additionalDataOf, type Endpoints, INSTANCE_URL, WEBHOOK_ID } from './surroundings';
import { nodeOf, WORKFLOW_ID, workflowOf } from './workflow';

export interface TriggerOptions {
	parameters?: INodeParameters;
	credentials?: CredentialStore;
	/**
	 * The node's stored static data: read at the start of every call, and filled with what n8n would have
	 * stored after it. Test and production have one each.
	 */
	staticData?: IDataObject;
	/** The workflow's own static data, which all of its nodes share; stored like the node's. */
	globalData?: IDataObject;
	/**
	 * `https://<instance>/webhook[-test]/<webhookId>/<path>`; default: one at n8n.example.com. A node without
	 * an ID has its workflow's ID and its own name instead, e.g. `workflow-1/sinch`.
	 */
	webhookUrl?: string;
	endpoints?: Endpoints;
	/** Whether the editor listens, instead of an active workflow; by default according to the URL. */
	isTest?: boolean;
	/** Default as n8n: `manual` for a test; in production `trigger` (life cycle) or `webhook` (a call). */
	mode?: WorkflowExecuteMode;
	nodeName?: string;
}

/** Everything that n8n prepares before it calls a trigger node. */
export interface Trigger {
	node: INode;
	additionalData: IWorkflowExecuteAdditionalData;
	mode: WorkflowExecuteMode;
	webhookData: IWebhookData;
	/** Address of the webhook, in this mode. */
	webhookUrl: string;
	/** The workflow as read from the database; `save` stores changed static data, as n8n does. */
	load(): { workflow: Workflow; save: () => void };
}

/** The node's webhook with this address, otherwise its first. */
function describedFor({ description: { webhooks = [] } }: INodeType, url?: string) {
	return webhooks.find(({ path }) => url?.endsWith(`/${path}`)) ?? webhooks[0];
}

export function triggerOf(
	nodeType: INodeType,
	options: TriggerOptions,
	productionMode: WorkflowExecuteMode = 'trigger',
): Trigger {
	const { parameters, credentials, staticData = {}, globalData = {}, nodeName } = options;
	const webhookDescription = describedFor(nodeType, options.webhookUrl);
	if (!webhookDescription) throw new UserError(`${nodeType.description.name} has no webhook`);
	const path = String(webhookDescription.path);
	if (path.startsWith('='))
		throw new UserError('A webhook path made by an expression is not imitated');
	const place = placeOf(options, path);
	const node = nodeOf(nodeType, parameters, {
		name: nodeName,
		credentials,
		webhookId: place.webhookId,
	});
	const additionalData = additionalDataOf(credentials, place.instanceUrl, options.endpoints);
	const isFullPath = webhookDescription.isFullPath === true;
	const { webhookBaseUrl, webhookTestBaseUrl } = additionalData;
	const base = place.isTest ? webhookTestBaseUrl : webhookBaseUrl;
	return {
		node,
		additionalData,
		mode: options.mode ?? (place.isTest ? 'manual' : productionMode),
		webhookUrl: NodeHelpers.getNodeWebhookUrl(base, WORKFLOW_ID, node, path, isFullPath),
		webhookData: {
			httpMethod: methodOf(webhookDescription),
			node: node.name,
			path: NodeHelpers.getNodeWebhookPath(WORKFLOW_ID, node, path, isFullPath),
			webhookDescription,
			workflowId: WORKFLOW_ID,
			workflowExecuteAdditionalData: additionalData,
			isTest: place.isTest,
		},
		load: () => {
			const key = `node:${node.name}`;
			const stored = structuredClone({ [key]: staticData, global: globalData });
			const workflow = workflowOf([node], [nodeType], {}, stored);
			return {
				workflow,
				save: () => {
					store(workflow, key, staticData);
					store(workflow, 'global', globalData);
				},
			};
		},
	};
}

/** Stores changed static data in the test's object, as JSON, so that values that JSON cannot represent are lost. */
function store({ staticData }: Workflow, key: string, into: IDataObject) {
	if (staticData.__dataChanged !== true) return;
	const stored = JSON.parse(JSON.stringify(staticData[key])) as IDataObject;
	for (const name of Object.keys(into)) delete into[name];
	Object.assign(into, stored);
}

function methodOf({ httpMethod }: IWebhookDescription): IHttpRequestMethods {
	const method = Array.isArray(httpMethod) ? httpMethod[0] : httpMethod;
	if (method.startsWith('=')) throw new UserError('A method made by an expression is not imitated');
	return method as IHttpRequestMethods;
}

function placeOf({ webhookUrl, isTest, endpoints = {}, nodeName }: TriggerOptions, path: string) {
	if (webhookUrl === undefined) {
		return { instanceUrl: INSTANCE_URL, webhookId: WEBHOOK_ID, isTest: isTest ?? false };
	}
	const { webhook = 'webhook', webhookTest = 'webhook-test' } = endpoints;
	const isOfTest = webhookUrl.includes(`/${webhookTest}/`);
	const endpoint = `/${isOfTest ? webhookTest : webhook}/`;
	const [address, rest] = webhookUrl.split(endpoint);
	if (!/^https?:\/\/./.test(address) || !rest?.endsWith(`/${path}`)) {
		throw new UserError(
			`webhookUrl must look like https://host/webhook/<webhookId>/${path}, got ${webhookUrl}`,
		);
	}
	if (isTest !== undefined && isTest !== isOfTest) {
		throw new UserError(`isTest is ${isTest}, but the webhookUrl says otherwise: ${webhookUrl}`);
	}
	const id = rest.slice(0, -path.length - 1);
	const hasNoId = nodeName !== undefined && id === `${WORKFLOW_ID}/${nodeName.toLowerCase()}`;
	return {
		instanceUrl: `${address}/`,
		webhookId: hasNoId ? undefined : id,
		isTest: isOfTest,
	};
}
