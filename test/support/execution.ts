import type {
	IExecuteFunctions,
	IHttpRequestOptions,
	INode,
	NodeOperationError,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { SinchClient } from '../../nodes/SinchCapability/transport/client';
import { PacedClient } from '../../nodes/SinchCapability/transport/pacedClient';
import {
	type CollectRequest,
	COLLECT_HEADER,
	COLLECT_VERSION,
} from '../../nodes/SinchCapability/waiting/queueMode/protocol';
import { strictContext } from './engine/strictContext';

export const N8N = 'https://n8n.example.com/';

export const NODE: INode = {
	id: '1',
	name: 'Reach',
	type: 'n',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

let made = 0;

/** What a process remembers by ID or address is not that of an earlier test. */
const unique = (): string => String(made++).padStart(12, '0');

export const newApp = (): string => `APP${unique()}`;

export const newTrigger = (): string =>
	`${N8N}webhook/3f0c3f5e-6f0e-4c50-9a3e-${unique()}/capability`;

export const newWebhookNode = (): string => `${N8N}webhook/orders-${unique()}`;

interface Reply {
	statusCode: number;
	headers?: Record<string, string>;
	body?: unknown;
}

/** What responds at an address of n8n, by the method; it may throw or never respond. */
export type Respond = (method: string) => Reply | Promise<Reply>;

const methods = (allowed: string): Reply => ({
	statusCode: 204,
	headers: { 'access-control-allow-methods': allowed },
});

/** The trigger of a published workflow, in a process of this name that holds no request, and the answers it has. */
export const triggerIn =
	(process: string, answers: unknown[] = []): Respond =>
	() => ({
		statusCode: 200,
		headers: { [COLLECT_HEADER]: COLLECT_VERSION },
		body: { process, number: answers.length, answers, notHeld: 'busy' },
	});

/** A published workflow with n8n's Webhook node. */
export const webhookNode: Respond = (method) =>
	method === 'OPTIONS' ? methods('OPTIONS, POST') : { statusCode: 200, body: {} };

export const unpublished: Respond = (method) =>
	method === 'OPTIONS' ? methods('OPTIONS') : { statusCode: 404, body: { code: 404 } };

export const unreachable: Respond = () => {
	throw new Error('connect ECONNREFUSED');
};

export const silent: Respond = async () => await new Promise(() => {});

export const webhook = (app_id: string, target: string, changes: object = {}) => ({
	id: `WEBHOOK${unique()}`,
	app_id,
	target,
	target_type: 'HTTP',
	triggers: ['CAPABILITY'],
	...changes,
});

interface Settings {
	mode?: WorkflowExecuteMode;
	/** The kind of process of n8n, which n8n keeps in the context. */
	instanceType?: 'main' | 'worker';
	items?: number;
	node?: object;
	signal?: AbortSignal;
	/** What Sinch has, by the path below the project: `/apps`; for any other, it responds 404. */
	sinch?: Record<string, unknown>;
	addresses?: Record<string, Respond>;
}

/** The context and the client of one execution, what lies outside of them, and what has been asked there. */
export async function startExecution(settings: Settings = {}) {
	const { sinch = {}, addresses = {}, instanceType, items = 1 } = settings;
	/** The paths of the requests to Sinch. */
	const askedOfSinch: string[] = [];
	/** The bodies of the queries. */
	const queries: Array<Record<string, unknown>> = [];
	/** The methods and addresses of the requests to n8n. */
	const askedOfN8n: string[] = [];
	/** The bodies of those for answers. */
	const collecting: CollectRequest[] = [];
	const hints: Array<{ message: string; type?: string }> = [];

	const callSinch = ({ url, body }: IHttpRequestOptions): Reply => {
		const path = url.replace(/.*\/projects\/[^/]*/, '');
		askedOfSinch.push(path);
		if (path === '/capability:query') {
			queries.push(body as Record<string, unknown>);
		}
		const found = path in sinch ? sinch[path] : path === '/capability:query' && body;
		const response: unknown = typeof found === 'function' ? found(body) : found;
		return response
			? { statusCode: 200, headers: {}, body: response }
			: { statusCode: 404, headers: {}, body: { error: { message: 'not found' } } };
	};
	const context = strictContext<IExecuteFunctions>({
		getNode: () => ({ ...NODE, ...settings.node }),
		getMode: () => settings.mode ?? 'manual',
		getInputData: () => Array.from({ length: items }, () => ({ json: {} })),
		getInstanceId: () => 'this n8n',
		getInstanceBaseUrl: () => N8N,
		getRestApiUrl: () => `${N8N}rest`,
		getExecutionCancelSignal: () => settings.signal,
		getCredentials: async () => ({
			projectId: `project-${unique()}`,
			appId: 'app',
			region: 'eu',
			accessToken: '',
		}),
		addExecutionHints: (...added: typeof hints) => hints.push(...added),
		helpers: {
			httpRequestWithAuthentication: async (_: string, options: IHttpRequestOptions) =>
				await Promise.resolve(callSinch(options)),
			httpRequest: async ({ method = 'GET', url, body: request }: IHttpRequestOptions) => {
				askedOfN8n.push(`${method} ${url}`);
				if (method === 'POST') {
					collecting.push(request as unknown as CollectRequest);
				}
				const { statusCode, headers = {}, body } = await (addresses[url] ?? unreachable)(method);
				return { statusCode, headers, body };
			},
		},
		// Of n8n 1 and 2, which do not document it.
		...{ instanceSettings: { instanceType } },
	});
	const client = new PacedClient(context, await SinchClient.create(context), 800);
	return {
		context,
		client,
		sinch,
		addresses,
		askedOfSinch,
		queries,
		askedOfN8n,
		collecting,
		hints,
	};
}

/** The path of an app's webhooks at Sinch. */
export const webhooksOf = (appId: string): string => `/apps/${appId}/webhooks`;

/** The error that work ends with, or `undefined`. */
export const failureOf = async (work: Promise<unknown>) =>
	await work.then(
		() => undefined,
		(error: NodeOperationError) => error,
	);
