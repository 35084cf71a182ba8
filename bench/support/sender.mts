import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { capabilityCallback } from '../../sandbox/simulator/callbacks/envelope.mts';
import { seal, type SealedCallback } from '../../sandbox/simulator/callbacks/signing.mts';

/** Between the tries of a notification that was put off; Sinch's first pause is longer. */
const REPEAT_MS = 200;
const ANSWER_LIMIT_MS = 30_000;

export interface Load {
	target: string;
	connections: number;
	ms: number;
	/** HTTP status that a notification is meant to get. */
	expected: number;
	/** The next notification, new or the same as before. */
	next: () => SealedCallback;
}

export interface Sent {
	/** Notifications that got the expected answer. */
	answered: number;
	/** Tries answered with 503 and sent again. */
	postponed: number;
	/** Tries with any other answer or none. */
	wrong: number;
	/** Milliseconds from the first try to the expected answer, each. */
	latencies: number[];
	/** Milliseconds since 1970 of the first try and the last answer. */
	startedAt: number;
	endedAt: number;
}

/** A notification about a new contact, with a body, nonce, timestamp and signature of its own. */
export function notification(appId: string, secret: string): SealedCallback {
	const now = Date.now();
	const answer = { capability_status: 'CAPABILITY_FULL', channel_capabilities: ['TEXT'] };
	const about = { contactId: '', channel: 'RCS', identity: `4670${now % 10_000_000}` };
	const common = { appId, requestId: randomUUID(), acceptedAt: now - 250, answer };
	return seal(capabilityCallback({ ...common, ...about }, now), secret);
}

async function post(
	agent: Agent,
	target: string,
	{ headers, body }: SealedCallback,
): Promise<number | undefined> {
	return await new Promise((resolve) => {
		const length = { 'content-length': Buffer.byteLength(body) };
		const options = { method: 'POST', agent, headers: { ...headers, ...length } };
		const sent = request(target, options, (response) => {
			response.resume();
			response.once('end', () => resolve(response.statusCode));
			response.once('error', () => resolve(undefined));
		});
		sent.setTimeout(ANSWER_LIMIT_MS, () => sent.destroy(new Error('timed out')));
		sent.once('error', () => resolve(undefined));
		sent.end(body);
	});
}

/**
 * Keeps so many connections busy for a time, each with one notification after the other, and waits
 * for the last answers. What is put off with 503 is sent again, also after the time.
 */
export async function send({ target, connections, ms, expected, next }: Load): Promise<Sent> {
	const agent = new Agent({ keepAlive: true, maxSockets: connections });
	const startedAt = Date.now();
	const end = startedAt + ms;
	const sent = { answered: 0, postponed: 0, wrong: 0, latencies: [] as number[] };
	const sender = async () => {
		while (Date.now() < end) {
			const callback = next();
			const begin = performance.now();
			for (;;) {
				const status = await post(agent, target, callback);
				if (status === expected) {
					sent.answered += 1;
					sent.latencies.push(performance.now() - begin);
					break;
				}
				if (status !== 503) {
					sent.wrong += 1;
					break;
				}
				sent.postponed += 1;
				await sleep(REPEAT_MS);
			}
		}
	};
	await Promise.all(Array.from({ length: connections }, sender));
	agent.destroy();
	return { ...sent, startedAt, endedAt: Date.now() };
}
