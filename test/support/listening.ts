/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { IDataObject, INodeParameters, IWebhookFunctions } from 'n8n-workflow';

import { SinchCapabilityTrigger } from '../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import type { WebhookCall } from './engine';
import { callWebhook, hookContext } from './engine';
import { answerOptions, forward } from './processes';
import type { Simulated } from './simulated';

export interface Listening {
	/** The address of this n8n, as `WEBHOOK_URL` would give it; ends in a slash. */
	instanceUrl: string;
	/** The results of the requests so far. */
	calls: WebhookCall[];
	stop(): Promise<void>;
}

/**
 * An active trigger node behind a real socket, registered at the simulator.
 *
 * @param store what n8n does between the node's result and its response
 */
export async function listen(
	simulated: Simulated,
	parameters: INodeParameters = {},
	store: () => Promise<void> = async () => {},
): Promise<Listening> {
	const node = new SinchCapabilityTrigger();
	const storing: SinchCapabilityTrigger = Object.assign(new SinchCapabilityTrigger(), {
		async webhook(this: IWebhookFunctions) {
			const result = await node.webhook.call(this);
			await store();
			return result;
		},
	});
	const staticData: IDataObject = {};
	const calls: WebhookCall[] = [];
	const server = createServer(async (request, response) => {
		if (request.method === 'OPTIONS') {
			answerOptions(response);
			return;
		}
		const rawBody = await buffer(request);
		calls.push(
			await forward(
				async (onRequest) =>
					await callWebhook(storing, {
						parameters,
						staticData,
						request: { headers: request.headers as never, rawBody },
						onRequest,
					}),
				response,
			),
		);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const instanceUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	const hook = hookContext(node, {
		parameters,
		staticData,
		credentials: simulated.store(),
		webhookUrl: `${instanceUrl}webhook/3f0c3f5e-6f0e-4c50-9a3e-1d5f6c7b8a90/capability`,
	});
	await hook.activate();
	return {
		instanceUrl,
		calls,
		stop: async () => {
			server.close();
			server.closeAllConnections();
		},
	};
}

/** A trigger for each test of the file, to which the simulator posts the answers at once. */
export function useListening(simulated: Simulated): Pick<Listening, 'instanceUrl' | 'calls'> {
	let listening: Listening | undefined;
	beforeEach(async () => {
		listening = await listen(simulated);
		await simulated.control.settings({ callbacksPerSecond: 500 });
	});
	afterEach(async () => await listening?.stop());
	return {
		get instanceUrl() {
			return listening?.instanceUrl ?? '';
		},
		get calls() {
			return listening?.calls ?? [];
		},
	};
}
