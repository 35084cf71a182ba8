import { WebhookContext } from 'n8n-core';
import {
	Node,
	UserError,
	type INodeExecutionData,
	type INodeType,
	type IWebhookResponseData,
	type Workflow,
} from 'n8n-workflow';
import { readBody } from './body';
import { WebhookRequest, WebhookResponse, type GivenRequest, type ReceivedResponse } from './http';
import { triggerOf, type Trigger, type TriggerOptions } from './trigger';

export interface WebhookOptions extends TriggerOptions {
	request?: GivenRequest;
	/** The response of a request on a real connection; default: one whose caller takes every byte. */
	response?: WebhookResponse;
	/** Receives the request and response just before the node does, to listen to `finish`. */
	onRequest?: (request: WebhookRequest, response: WebhookResponse) => void;
}

/** The result of one webhook call. */
export interface WebhookCall {
	/** The response that the caller finally received, from the node or from n8n. */
	response: ReceivedResponse;
	/** The node's result; absent if it threw. */
	webhookResponse?: unknown;
	/** Items per output that n8n starts an execution with. */
	workflowData?: INodeExecutionData[][];
	noWebhookResponse?: boolean;
	/** Whether n8n stores an execution (with `error`: a failed one). */
	executes: boolean;
	/** What `webhook()` threw. */
	error?: unknown;
}

/**
 * Calls a node's `webhook()` with a real `WebhookContext` and responds to the caller as n8n 2.41.1 does
 * (`webhook-helpers.js`, response modes *onReceived* and *lastNode*). Rejects where n8n would fail while responding: a
 * `responseCode` that is not a number, an answer after the node has answered.
 *
 * @example
 * const { response, executes } = await callWebhook(new SinchCapabilityTrigger(), {
 * 	staticData: { secret },
 * 	request: { headers: { 'x-sinch-webhook-signature': 'wrong' }, rawBody },
 * });
 * expect(response.status).toBe(401);
 */
export async function callWebhook(
	nodeType: INodeType,
	options: WebhookOptions = {},
): Promise<WebhookCall> {
	const trigger = triggerOf(nodeType, options, 'webhook');
	const { workflow, save } = trigger.load();
	const request = new WebhookRequest(options.request ?? {}, new URL(trigger.webhookUrl).pathname);
	const { httpMethod } = trigger.webhookData;
	if (request.method !== httpMethod) {
		throw new UserError(
			`n8n answers a ${request.method} itself with 404: only ${httpMethod} comes here`,
		);
	}
	const response = options.response ?? new WebhookResponse(request);
	const refused = readBody(request, trigger.node.typeVersion);
	if (refused) {
		response.status(422).json(refused);
		return { response: response.received(), executes: false };
	}
	options.onRequest?.(request, response);
	const outcome = await run(nodeType, trigger, workflow, request, response);
	if ('error' in outcome) {
		// n8n stores a failed execution, and no static data.
		const message = 'Workflow Webhook Error: Workflow could not be started!';
		response.status(500).json({ code: 0, message });
		return { response: response.received(), executes: true, error: outcome.error };
	}
	answer(trigger, workflow, response, outcome);
	save();
	return {
		...outcome,
		response: response.received(),
		executes: outcome.workflowData !== undefined,
	};
}

async function run(
	nodeType: INodeType,
	{ node, additionalData, mode, webhookData }: Trigger,
	workflow: Workflow,
	httpRequest: WebhookRequest,
	httpResponse: WebhookResponse,
): Promise<IWebhookResponseData | { error: unknown }> {
	if (!nodeType.webhook) throw new UserError(`${node.type} has no webhook()`);
	const closers: Array<() => Promise<void>> = [];
	const data = Object.assign({}, additionalData, { httpRequest, httpResponse });
	const context = new WebhookContext(workflow, node, data, mode, webhookData, closers, null);
	try {
		return nodeType instanceof Node
			? await nodeType.webhook(context)
			: await nodeType.webhook.call(context);
	} catch (error) {
		return { error };
	} finally {
		await Promise.allSettled(closers.map(async (close) => await close()));
	}
}

/** The response to the caller after a `webhook()` that did not throw. */
function answer(
	{ node, webhookData: { webhookDescription } }: Trigger,
	{ expression }: Workflow,
	response: WebhookResponse,
	{ workflowData, webhookResponse, noWebhookResponse }: IWebhookResponseData,
) {
	if (noWebhookResponse === true) return;
	const described = (name: 'responseMode' | 'responseCode' | 'responseData', fallback: unknown) =>
		expression.getSimpleParameterValue(
			node,
			webhookDescription[name],
			'internal',
			{},
			undefined,
			fallback as string,
		);
	const mode = described('responseMode', 'onReceived');
	if (mode === 'lastNode' && workflowData) {
		// At the end of the workflow, whose success is all that is imitated.
		response.status(described('responseCode', 200) as number);
		if (described('responseData', 'firstEntryJson') !== 'noData') {
			throw new UserError('The data of the last node is not imitated');
		}
		send(response, undefined);
		return;
	}
	if (mode !== 'onReceived' && mode !== 'lastNode')
		throw new UserError(`Response mode ${String(mode)} is not imitated`);
	response.status(described('responseCode', 200) as number);
	const data = described('responseData', 'firstEntryJson');
	const either = (message: string) =>
		webhookResponse === undefined ? { message } : webhookResponse;
	if (workflowData === undefined) {
		send(response, either('Webhook call received'));
	} else {
		send(response, data === 'noData' ? undefined : data || either('Workflow was started'));
	}
}

function send(response: WebhookResponse, body: unknown) {
	if (typeof body === 'string') response.send(body);
	else response.json(body);
}
