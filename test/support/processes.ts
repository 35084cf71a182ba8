/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { type WebhookCall, type WebhookResponse, callWebhook, hookContext } from './engine';
import { inInstance, settingsOfN8n } from './instance';
import { inOwnProcess } from './ownProcess';
import type { Simulated } from './simulated';

type TriggerModule = typeof import('../../nodes/SinchCapability/SinchCapabilityTrigger.node');
type StoreModule = typeof import('../../nodes/SinchCapability/waiting/queueMode/keptAnswers');

/** A trigger node with its own module state, as in each n8n process. */
const loadProcess = () =>
	inOwnProcess(() => ({
		...jest.requireActual<TriggerModule>('../../nodes/SinchCapability/SinchCapabilityTrigger.node'),
		...jest.requireActual<StoreModule>('../../nodes/SinchCapability/waiting/queueMode/keptAnswers'),
	}));

/** One request to the load balancer. */
interface Received {
	process: number;
	isCollecting: boolean;
	call?: WebhookCall;
}

export interface ReceivingProcesses {
	/** The address of the load balancer, as `WEBHOOK_URL` would give it; ends in a slash. */
	instanceUrl: string;
	/** The address that Sinch posts to. */
	target: string;
	received: Received[];
	/** The stores of the processes. */
	stores: Array<StoreModule['remoteAnswers']>;
	/** The index of the process for a request; by default in turn. */
	lead(choose: (request: IncomingMessage, count: number) => number): void;
	/** Responds itself to collecting requests, in place of n8n. */
	interfere(respond?: (request: IncomingMessage, response: ServerResponse) => void): void;
	/** Sends every other request of Sinch's, and every other of a wait's, to another n8n without the workflow. */
	shareWithAnother(): void;
	/** Ends collecting requests that take longer, as some proxies do; in milliseconds. */
	cutAfter(ms: number): void;
	stop(): Promise<void>;
}

/** n8n itself says which methods an address has: POST for a published trigger. */
export function answerOptions(response: ServerResponse, methods = 'OPTIONS, POST'): void {
	response.writeHead(204, { 'access-control-allow-methods': methods }).end();
}

/** Sends the node's response, even after n8n's handler has returned. */
export async function forward(
	call: (onRequest: (_: unknown, response: WebhookResponse) => void) => Promise<WebhookCall>,
	response: ServerResponse,
): Promise<WebhookCall> {
	let inner: WebhookResponse | undefined;
	const hangUp = () => {
		if (!response.writableFinished && inner && !inner.writableEnded) {
			inner.destroy();
			inner.emit('close');
		}
	};
	response.once('close', hangUp);
	const made = await call((_, given) => {
		inner = given;
		if (response.destroyed) hangUp();
	});
	if (inner && !inner.writableEnded && !inner.destroyed) await once(inner, 'close');
	const { status, headers, body } = inner?.received() ?? made.response;
	if (!response.destroyed) {
		response.writeHead(status, headers as never).end(JSON.stringify(body ?? {}));
	}
	return made;
}

/** Several n8n processes with the same active trigger node, behind a round-robin load balancer. */
export async function startProcesses(
	simulated: Simulated,
	count: number,
	parameters: INodeParameters = {},
	instanceId = settingsOfN8n().instanceId,
): Promise<ReceivingProcesses> {
	const processes = Array.from({ length: count }, loadProcess);
	const staticData: IDataObject = {};
	const received: Received[] = [];
	let choose = (_request: IncomingMessage, number: number) => number % count;
	let cutMs = 0;
	let isShared = false;
	const requests = { collecting: 0, callbacks: 0 };
	let respond: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
	const server = createServer(async (request, response) => {
		if (request.method === 'OPTIONS') {
			answerOptions(response);
			return;
		}
		const isCollecting = 'x-sinch-capability-collect' in request.headers;
		// Counted apart, so that a callback is not refused at every attempt.
		const number = (requests[isCollecting ? 'collecting' : 'callbacks'] += 1);
		if (isShared && number % 2 === 0) {
			const message = 'The requested webhook is not registered.';
			response.writeHead(404).end(JSON.stringify({ code: 404, message }));
			return;
		}
		const process = choose(request, received.length);
		const entry: Received = { process, isCollecting };
		received.push(entry);
		if (isCollecting && respond) {
			respond(request, response);
			return;
		}
		if (isCollecting && cutMs > 0) {
			setTimeout(() => response.destroy(), cutMs).unref();
		}
		const rawBody = await buffer(request);
		const node = new processes[process].SinchCapabilityTrigger();
		entry.call = await forward(
			async (onRequest) =>
				await inInstance(
					instanceId,
					async () =>
						await callWebhook(node, {
							parameters,
							staticData,
							request: { headers: request.headers as never, rawBody },
							onRequest,
						}),
				),
			response,
		);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const instanceUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	const target = `${instanceUrl}webhook/3f0c3f5e-6f0e-4c50-9a3e-1d5f6c7b8a90/capability`;
	const hooks = hookContext(new processes[0].SinchCapabilityTrigger(), {
		parameters,
		staticData,
		credentials: simulated.store(),
		webhookUrl: target,
	});
	await inInstance(instanceId, async () => await hooks.activate());
	return {
		instanceUrl,
		target,
		received,
		stores: processes.map(({ remoteAnswers }) => remoteAnswers),
		lead: (chosen) => {
			choose = chosen;
		},
		interfere: (chosen) => {
			respond = chosen;
		},
		shareWithAnother: () => {
			isShared = true;
		},
		cutAfter: (ms) => {
			cutMs = ms;
		},
		stop: async () => {
			server.close();
			server.closeAllConnections();
		},
	};
}

/** Makes n8n's settings report this test process as the given type. */
export function actAs(instanceType: 'main' | 'worker'): void {
	Object.assign(settingsOfN8n(), { instanceType });
}
