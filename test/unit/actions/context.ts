import type {
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INode,
	NodeExecutionHint,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { markToken } from '../../../nodes/SinchCapability/transport/token';
import { strictContext } from '../../support/engine/strictContext';

/** A response of Sinch; without a status, 200. */
export interface Reply {
	status?: number;
	body?: unknown;
}

export interface Settings {
	/** The fields of every item, or those of the item with an index. */
	fields?: IDataObject | ((index: number) => IDataObject);
	items?: IDataObject[];
	binary?: IBinaryKeyData;
	/** The content of the file of an item. */
	file?: (index: number) => Buffer;
	/** On Error of the node. */
	onError?: INode['onError'];
	alwaysOutputData?: boolean;
	/** The node's type; the one that an AI agent runs ends with `Tool`. */
	type?: string;
	mode?: WorkflowExecuteMode;
	/** The kind of process that runs the node; without it, the one that also receives callbacks. */
	instanceType?: 'main' | 'worker';
	/** Aborting it is the user's *Stop execution*. */
	signal?: AbortSignal;
	credentials?: IDataObject | Error;
	respond?: (request: IHttpRequestOptions, index: number) => Reply | Promise<Reply>;
}

/** The rate of requests is one of a project. */
let projects = 0;

/** The address of the n8n. */
export const N8N = 'https://n8n.example.com/';

/** An n8n context for an action, what it has asked Sinch for, and the hints that it has shown. */
export function actionContext(settings: Settings = {}) {
	const { fields = {}, items = [{}], onError, binary, type = 'sinchCapability' } = settings;
	const { respond = (): Reply => ({ body: {} }), credentials = {}, mode = 'trigger' } = settings;
	const sent: IHttpRequestOptions[] = [];
	const hints: NodeExecutionHint[] = [];
	const fieldsOf = (index: number) => (typeof fields === 'function' ? fields(index) : fields);
	const { alwaysOutputData, file = () => Buffer.alloc(0) } = settings;
	const node = { name: 'Reach', type, typeVersion: 1, parameters: {}, onError, alwaysOutputData };
	const context: IExecuteFunctions = strictContext<
		IExecuteFunctions & { instanceSettings: object }
	>({
		instanceSettings: { instanceType: settings.instanceType ?? 'main' },
		getInstanceId: () => 'this n8n',
		getInstanceBaseUrl: () => N8N,
		getRestApiUrl: () => `${N8N}rest`,
		getInputData: () => items.map((json) => ({ json, ...(binary && { binary }) })),
		getNode: () => node as never,
		getNodeParameter: (field: string, index: number, fallback: unknown) =>
			fieldsOf(index)[field] ?? fallback,
		continueOnFail: () => (onError ?? 'stopWorkflow') !== 'stopWorkflow',
		getExecutionCancelSignal: () => settings.signal,
		getMode: () => mode,
		addExecutionHints: (...added: NodeExecutionHint[]) => void hints.push(...added),
		getCredentials: async () => {
			if (credentials instanceof Error) throw credentials;
			const data = { projectId: `project-${projects++}`, appId: 'app', region: 'eu' };
			const all = { ...data, keyId: 'key', keySecret: 'secret', ...credentials };
			return await Promise.resolve({ ...all, accessToken: markToken('token', all) });
		},
		helpers: {
			getBinaryDataBuffer: async (index: number) => await Promise.resolve(file(index)),
			// A request to a trigger of this n8n, which does not say whether it is published.
			httpRequest: async () => await Promise.resolve({ statusCode: 500, headers: {}, body: '' }),
			httpRequestWithAuthentication: async (_: string, request: IHttpRequestOptions) => {
				const { status = 200, body } = await respond(request, sent.push(request) - 1);
				return { statusCode: status, headers: {}, body };
			},
		},
	});
	return { context, sent, hints };
}
