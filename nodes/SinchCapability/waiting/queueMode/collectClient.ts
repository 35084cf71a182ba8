import type { IExecuteFunctions, IDataObject } from 'n8n-workflow';

import type { CollectRequest, CollectResponse } from './protocol';
import { COLLECT_HEADER, COLLECT_VERSION, FOREIGN_STATUS } from './protocol';
import { createMarkedRequestId, markOf } from './requestId';
import { readCapabilityCallback } from '../../notification/callback';
import { timeLimit } from '../../shared/promises';
import { createSecret, PUBLISH_TRIGGER } from '../../shared/webhookAddresses';
import type { HttpResponse } from '../../transport/errors';
import { readError, WHOLE_RESPONSE, connectionProblem } from '../../transport/errors';

/** How much longer than it is held a request may take, in milliseconds. */
const MAX_TRANSPORT_MS = 5_000;

/** Why answers cannot be collected, and what to do about it. */
export interface CollectProblem {
	message: string;
	description: string;
}

/** The result of one request; a problem comes with the status, if there was any response. */
export type Collected =
	| { response: CollectResponse; problem?: undefined; status?: undefined }
	| { response?: undefined; problem: CollectProblem; status?: number };

const OWN_ADDRESS =
	'If several n8n instances share the address, give each its own; otherwise the answers can reach the wrong one.';

/** What a status means when it does not come from a process with this version of the package. */
function problemOf(status: number, address: string, isOurs: boolean): CollectProblem {
	if (status === 404) {
		return {
			message: 'The workflow that receives the answers is not published (active)',
			description: `Its address ${address} responds with 404. ${PUBLISH_TRIGGER} ${OWN_ADDRESS}`,
		};
	}
	if (status === FOREIGN_STATUS && isOurs) {
		return {
			message: 'The n8n process that receives the answers has a different instance ID',
			description: `Check Reachability and Wait recognizes its answers by this ID. Give all processes of n8n the same N8N_INSTANCE_ID, or none, and the same N8N_ENCRYPTION_KEY, and restart them. ${OWN_ADDRESS}`,
		};
	}
	if (status === 401 || isOurs) {
		return {
			message: 'The n8n process that receives the answers runs a different version of this package',
			description:
				'Install the same version of n8n-nodes-sinch-capability in all processes of n8n (main, webhook processes and workers), and restart them.',
		};
	}
	return {
		message: `The address of this n8n's webhooks responds with ${status} instead of answers`,
		description: `Check Reachability and Wait collects its answers at ${address}, where Sinch delivers them. Make sure that requests to this address reach n8n and not a proxy or a sign-in page.`,
	};
}

function readResponse(body: unknown): CollectResponse | undefined {
	const { process, number, answers, notHeld } = (body ?? {}) as Partial<CollectResponse>;
	if (typeof process !== 'string' || typeof number !== 'number' || !Array.isArray(answers)) {
		return undefined;
	}
	return {
		process,
		number,
		answers: answers.flatMap((answer) => readCapabilityCallback(answer) ?? []),
		notHeld,
	};
}

/** Sends one request for kept answers. Never throws, because it runs in parallel with an execution. */
export async function requestAnswers(
	context: IExecuteFunctions,
	target: string,
	wait: Omit<CollectRequest, 'requestId'>,
	abortSignal?: AbortSignal,
): Promise<Collected> {
	const { origin } = new URL(target);
	const instanceId = context.getInstanceId();
	const requestId = createMarkedRequestId(markOf(wait.key), 0, instanceId, 0);
	const request: CollectRequest = { ...wait, requestId };
	let response: HttpResponse;
	try {
		response = await context.helpers.httpRequest({
			method: 'POST',
			url: target,
			headers: { [COLLECT_HEADER]: COLLECT_VERSION },
			body: request as unknown as IDataObject,
			abortSignal: timeLimit(request.holdMs + request.lingerMs + MAX_TRANSPORT_MS, abortSignal),
			...WHOLE_RESPONSE,
		});
	} catch (error) {
		const { reason, message } = readError(error);
		const problem = {
			message: 'This process of n8n cannot reach the address of its own webhooks',
			description: `Check Reachability and Wait collects its answers at ${origin}, where Sinch delivers them: ${connectionProblem(reason, message)}. Make this address reachable from every process of n8n, for example with a DNS or hosts entry that points to the load balancer inside your network.`,
		};
		return { problem };
	}
	const { statusCode: status, headers, body } = response;
	const isOurs = headers[COLLECT_HEADER] === COLLECT_VERSION;
	const answers = status === 200 && isOurs ? readResponse(body) : undefined;
	return answers
		? { response: answers }
		: { problem: problemOf(status, origin, COLLECT_HEADER in headers), status };
}

/** Finds out which process responds at an address, or why none does. It belongs to no wait and is not held. */
export const probe = async (context: IExecuteFunctions, target: string): Promise<Collected> =>
	await requestAnswers(context, target, {
		key: createSecret(),
		holdMs: 0,
		lingerMs: 0,
		received: {},
	});
