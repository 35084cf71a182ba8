import { NodeHelpers } from 'n8n-workflow';
import type {
	IDataObject,
	IHookFunctions,
	IHttpRequestOptions,
	INode,
	INodeParameters,
	IWebhookFunctions,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { Webhook } from '../../../nodes/SinchCapability/sinch/types';
import {
	TRIGGER_PATHS,
	WEBHOOK_NAMES,
} from '../../../nodes/SinchCapability/shared/webhookAddresses';
import { strictContext } from '../../support/engine/strictContext';

export const APP_ID = '01W4FFL35P4NC4K35CONVAPP01';

/** An app of Sinch in memory. */
export interface SinchApp {
	webhooks: Webhook[];
	/** Methods and the ends of their addresses, e.g. `DELETE W1`. */
	requests: string[];
	/** The statuses of the next responses to a method; it works again after them. */
	refusals: Record<string, number[]>;
}

/** An app with webhooks that are as the trigger registers them, but for what is given. */
export function appWith(...webhooks: Array<Partial<Webhook>>): SinchApp {
	const whole = webhooks.map((webhook, index) => ({
		id: `W${index + 1}`,
		app_id: APP_ID,
		target: `https://crm.example.com/${index + 1}`,
		target_type: 'HTTP',
		triggers: ['CAPABILITY'],
		...webhook,
	}));
	return { webhooks: whole, requests: [], refusals: {} };
}

function respond(app: SinchApp, { method = 'GET', url, body }: IHttpRequestOptions) {
	const name = url.slice(url.lastIndexOf('/') + 1);
	app.requests.push(`${method} ${name}`);
	const status = app.refusals[method]?.shift();
	if (status !== undefined) return { statusCode: status, body: { message: 'Not now' } };
	const webhook = app.webhooks.find(({ id }) => id === name);
	switch (method) {
		case 'GET':
			return { statusCode: 200, body: { webhooks: structuredClone(app.webhooks) } };
		case 'POST': {
			const made = { id: `W${app.webhooks.length + 1}`, ...(body as Omit<Webhook, 'id'>) };
			app.webhooks.push(made);
			return { statusCode: 200, body: made };
		}
		default:
			if (!webhook) return { statusCode: 404, body: { message: 'No such webhook' } };
			if (method === 'PATCH') {
				return { statusCode: 200, body: Object.assign(webhook, body) };
			}
			app.webhooks = app.webhooks.filter((one) => one !== webhook);
			return { statusCode: 200, body: {} };
	}
}

interface Settings {
	app?: SinchApp;
	options?: INodeParameters;
	credential?: IDataObject;
	mode?: WorkflowExecuteMode;
	/** n8n's own address. */
	base?: string;
	nodeId?: string;
}

/** Each node is known to its process by its ID. */
let nodes = 0;
const newNodeId = () => `3f0c3f5e-6f0e-4c50-9a3e-${String((nodes += 1)).padStart(12, '0')}`;

/** A trigger node with its static data, in an n8n whose requests reach an app in memory. */
export function triggerNode(settings: Settings = {}, staticData: IDataObject = {}) {
	const given = {
		app: appWith(),
		options: {},
		credential: {},
		mode: 'trigger' as const,
		base: 'https://n8n.example.com/',
		nodeId: newNodeId(),
		...settings,
	};
	const warnings: string[] = [];
	const stored: Record<string, IDataObject> = { node: staticData, global: {} };
	const credentials = {
		projectId: 'project',
		appId: APP_ID,
		region: 'eu',
		accessToken: '',
		...given.credential,
	};
	const node: INode = {
		id: '1',
		name: 'Answers',
		type: 'sinchCapabilityTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		webhookId: given.nodeId,
	};
	const addressOf = (name: string, mode: string = given.mode) => {
		const endpoint = mode === 'manual' ? 'webhook-test' : 'webhook';
		const path = name === WEBHOOK_NAMES.finished ? TRIGGER_PATHS.finished : TRIGGER_PATHS.stored;
		return NodeHelpers.getNodeWebhookUrl(`${given.base}${endpoint}`, 'workflow-1', node, path);
	};
	const contextIn = (mode: WorkflowExecuteMode) =>
		strictContext<IHookFunctions & IWebhookFunctions>({
			getMode: () => mode,
			getNode: () => node,
			getWorkflow: () => ({ id: 'workflow-1', name: 'Answers', active: true }),
			getInstanceId: () => 'this n8n',
			getInstanceBaseUrl: () => given.base,
			getRestApiUrl: () => `${given.base}rest`,
			getNodeWebhookUrl: (name) => addressOf(String(name)),
			getWorkflowStaticData: (type) => stored[String(type)],
			getNodeParameter: (path, fallback) =>
				path === 'simplify' || path === 'outputMode'
					? fallback
					: (given.options[String(path).replace('options.', '')] ?? fallback),
			getCredentials: async () => ({ ...credentials }),
			logger: { warn: (line) => void warnings.push(String(line)) },
			helpers: {
				httpRequestWithAuthentication: async (_type, request) => ({
					headers: {},
					...respond(given.app, request as IHttpRequestOptions),
				}),
			},
		});
	return {
		app: given.app,
		staticData,
		/** Of the workflow. */
		globalData: stored.global,
		warnings,
		nodeId: given.nodeId,
		target: addressOf(WEBHOOK_NAMES.stored),
		finishedTarget: addressOf(WEBHOOK_NAMES.finished),
		testTarget: addressOf(WEBHOOK_NAMES.stored, 'manual'),
		context: contextIn(given.mode),
		/** How n8n calls when a workflow is unpublished, and when a test ends. */
		endContext: contextIn('internal'),
	};
}
