import { sleep } from 'n8n-workflow';

import { Collector } from '../../../../nodes/SinchCapability/waiting/queueMode/collector';
import type { Place } from '../../../../nodes/SinchCapability/waiting/queueMode/place';
import type { CollectRequest } from '../../../../nodes/SinchCapability/waiting/queueMode/protocol';
import {
	COLLECT_HEADER,
	COLLECT_VERSION,
} from '../../../../nodes/SinchCapability/waiting/queueMode/protocol';
import { pass } from '../../../support/clock';
import { newTrigger, NODE } from '../../../support/execution';

export const N8N = 'this n8n';

/** One request to a process; `at` is in milliseconds since the wait began. */
interface Sent extends CollectRequest {
	at: number;
	url: string;
}

interface HttpRequest {
	url: string;
	body: CollectRequest;
	abortSignal: AbortSignal;
}

/** What a process says to a request: its response, the status of another one, or nothing. */
interface Reply {
	process?: string;
	number?: number;
	answers?: unknown[];
	notHeld?: string;
	afterMs?: number;
}
type Say = (request: Sent, index: number) => Reply | number | 'refused';

/** An answer as Sinch sends it. */
export const answerTo = (request_id: string) => ({
	app_id: '01KFG9VYP40A8WXBKA2KNE0003',
	capability_notification: { request_id, channel: 'RCS', identity: '46701740605' },
});

/** A wait that has not begun, the requests that it sends, and processes that hold a request as long as it says. */
export function createWait(
	say: Say,
	settings: { place?: Exclude<Place, 'here'>; targets?: string[] } = {},
) {
	const { place = 'elsewhere', targets = [newTrigger()] } = settings;
	const began = performance.now();
	const sent: Sent[] = [];
	const accepted: unknown[] = [];
	const open = { queries: 0 };
	const httpRequest = async ({ url, body, abortSignal }: HttpRequest) => {
		const request = { ...body, url, at: performance.now() - began };
		const reply = say(request, sent.push(request) - 1);
		abortSignal.throwIfAborted();
		if (reply === 'refused') throw new Error('connect ECONNREFUSED');
		if (typeof reply === 'number') return { statusCode: reply, headers: {}, body: {} };
		const { afterMs = reply.notHeld ? 0 : request.holdMs, ...given } = reply;
		if (afterMs > 0) {
			await new Promise<void>((resolve, reject) => {
				void sleep(afterMs).then(resolve);
				abortSignal.addEventListener('abort', () => reject(new Error('canceled')));
			});
		}
		const whole = { process: 'another', number: 0, answers: [], ...given };
		return { statusCode: 200, headers: { [COLLECT_HEADER]: COLLECT_VERSION }, body: whole };
	};
	const context = { helpers: { httpRequest }, getInstanceId: () => N8N, getNode: () => NODE };
	const collector = new Collector(context as never, place, targets, {
		accept: (callback) => accepted.push(callback.capability_notification.request_id),
		outstanding: () => open.queries,
	});
	return {
		collector,
		targets,
		sent,
		accepted,
		open,
		held: () => sent.filter(({ holdMs }) => holdMs > 0),
		/** The requests that look for further processes. */
		searching: () => sent.filter(({ holdMs, leave }) => holdMs === 0 && !leave),
		leaving: () => sent.filter(({ leave }) => leave),
	};
}

export type Wait = ReturnType<typeof createWait>;

export const times = (requests: Sent[]) => requests.map(({ at }) => at);

/** Starts a wait, and leaves time for the requests that need none. */
export async function started(...given: Parameters<typeof createWait>): Promise<Wait> {
	const wait = createWait(...given);
	await wait.collector.start();
	await pass(1);
	return wait;
}
