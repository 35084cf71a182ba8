import { parseBody } from '../callbacks/body';
import type { CollectRequest } from '../results/collecting';
import { isKey, MAX_COLLECT_BYTES, MAX_HOLD_MS, MAX_LINGER_MS } from '../results/collecting';
import { isObject } from '../shared/isObject';

/** A whole number from 0 to the most, 0 for anything else. */
const within = (value: unknown, most: number): number =>
	Number.isInteger(value) ? Math.min(Math.max(value as number, 0), most) : 0;

/** The numbers by process; anything else is left out, because anybody can send it. */
const readReceived = (received: unknown): Record<string, number> =>
	isObject(received)
		? Object.fromEntries(
				Object.entries(received).filter((entry): entry is [string, number] =>
					Number.isInteger(entry[1]),
				),
			)
		: {};

function readLeave(leave: unknown): CollectRequest['leave'] {
	if (!isObject(leave) || !Array.isArray(leave.unanswered)) {
		return undefined;
	}
	return { unanswered: leave.unanswered.filter((number) => Number.isInteger(number)) };
}

/** Reads the body of a request for kept answers; undefined for anything that is not one. */
export function readCollectRequest(rawBody: unknown): CollectRequest | undefined {
	if (!Buffer.isBuffer(rawBody) || rawBody.length > MAX_COLLECT_BYTES) {
		return undefined;
	}
	const body = parseBody(rawBody);
	if (!isObject(body) || !isKey(body.key)) {
		return undefined;
	}
	return {
		key: body.key,
		holdMs: within(body.holdMs, MAX_HOLD_MS),
		lingerMs: within(body.lingerMs, MAX_LINGER_MS),
		received: readReceived(body.received),
		leave: readLeave(body.leave),
	};
}
