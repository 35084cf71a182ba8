import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { capabilityCallback } from '../../sandbox/simulator/callbacks/envelope.mts';
import { signCallback, type SignedCallback } from '../../sandbox/simulator/callbacks/signing.mts';

/** How long a sender waits for a response, as the simulator does. */
const ANSWER_LIMIT_MS = 10_000;

export interface Load {
	target: string;
	/** Notifications sent per second, however long the receiver takes to respond. */
	perSecond: number;
	ms: number;
	/** A new notification. */
	next: () => SignedCallback;
}

/** The results of the notifications; each is sent once. */
export interface Sent {
	sent: number;
	/** Answered with 2xx. */
	accepted: number;
	/** Answered with 503. */
	postponed: number;
	/** Not answered within `ANSWER_LIMIT_MS`. */
	timedOut: number;
	/** Answered with another status, or with none. */
	wrong: number;
	/** Milliseconds to each 2xx response. */
	latencies: number[];
	/** Milliseconds since 1970 of the first notification and the last response. */
	startedAt: number;
	endedAt: number;
}

/** A notification about a new contact, with a new body, nonce, timestamp and signature. */
export function notification(appId: string, secret: string): SignedCallback {
	const now = Date.now();
	const answer = { capability_status: 'CAPABILITY_FULL', channel_capabilities: ['TEXT'] };
	const about = { contactId: '', channel: 'RCS', identity: `4670${now % 10_000_000}` };
	const common = { appId, requestId: randomUUID(), acceptedAt: now - 250, answer };
	return signCallback(capabilityCallback({ ...common, ...about }, now), secret);
}

/** @returns the status, 'timed out', or 'cut off' */
async function post(
	agent: Agent,
	target: string,
	{ headers, body }: SignedCallback,
): Promise<number | 'timed out' | 'cut off'> {
	return await new Promise((resolve) => {
		const length = { 'content-length': Buffer.byteLength(body) };
		const options = { method: 'POST', agent, headers: { ...headers, ...length } };
		const sent = request(target, options, (response) => {
			response.resume();
			response.once('end', () => resolve(response.statusCode ?? 'cut off'));
			response.once('error', () => resolve('cut off'));
		});
		const limit = setTimeout(() => {
			resolve('timed out');
			sent.destroy();
		}, ANSWER_LIMIT_MS);
		sent.once('close', () => clearTimeout(limit));
		sent.once('error', () => resolve('cut off'));
		sent.end(body);
	});
}

/**
 * Sends notifications at a fixed rate, as Sinch does: without waiting for a response before the next
 * one. Resolves with the last response.
 */
export async function sendAtRate({ target, perSecond, ms, next }: Load): Promise<Sent> {
	const agent = new Agent({ keepAlive: true });
	const result: Sent = {
		...{ sent: 0, accepted: 0, postponed: 0, timedOut: 0, wrong: 0, latencies: [] },
		...{ startedAt: Date.now(), endedAt: 0 },
	};
	const sendOne = async () => {
		const begin = performance.now();
		const status = await post(agent, target, next());
		if (status === 'timed out') result.timedOut += 1;
		else if (status === 503) result.postponed += 1;
		else if (status === 'cut off' || status < 200 || status > 299) result.wrong += 1;
		else {
			result.accepted += 1;
			result.latencies.push(performance.now() - begin);
		}
	};
	const underWay: Array<Promise<void>> = [];
	const begin = performance.now();
	const wanted = Math.round((perSecond * ms) / 1000);
	for (; result.sent < wanted; result.sent += 1) {
		const early = begin + (result.sent * 1000) / perSecond - performance.now();
		if (early > 0) await sleep(early);
		underWay.push(sendOne());
	}
	await Promise.all(underWay);
	agent.destroy();
	return { ...result, endedAt: Date.now() };
}
