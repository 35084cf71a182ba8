import { randomBytes } from 'node:crypto';

import type { CapabilityCallback } from '../../sinch/types';

/**
 * What the two sides of Check Reachability and Wait say to each other when a process of n8n waits for answers that
 * another one receives. The waiting side posts a `CollectRequest` to the trigger's own webhook address.
 */

/** Distinguishes these requests and responses from Sinch's callbacks and from all others. */
export const COLLECT_HEADER = 'x-sinch-capability-collect';

/** The version of the protocol and of the layout of marked request ids, as the value of the header. */
export const COLLECT_VERSION = '2';

/** The status of the response by a process that would not recognize the answers to the wait. */
export const FOREIGN_STATUS = 409;

/** The longest hold time of a request, below the limits of common proxies, in milliseconds. */
export const MAX_HOLD_MS = 10_000;

/** The longest that a response waits for further answers, in milliseconds. */
export const MAX_LINGER_MS = 500;

/** The largest body of a request, in bytes. */
export const MAX_COLLECT_BYTES = 64 * 1024;

/** How long the other side counts as present after its last request, in milliseconds. */
export const MAX_SILENCE_MS = 15_000;

/** The longest pause of the other side between two requests, in milliseconds. */
export const MAX_PAUSE_MS = 2_000;

/** The name of this process in its responses. */
export const processName = randomBytes(8).toString('hex');

/** @example {"key":"…43 characters…","requestId":"01KFG9VYP40A8WXBKA2KNE6007","holdMs":10000,"lingerMs":250,"received":{"9f86d081884c7d65":3}} */
export interface CollectRequest {
	/** Of `createSecret`; request ids carry a mark that is made of its hash. */
	key: string;
	/** An id as those of the wait, which the other side must recognize. */
	requestId: string;
	/** How long to hold the request while there is no answer, 0 to `MAX_HOLD_MS`. */
	holdMs: number;
	/** How long to wait for further answers after the first, 0 to `MAX_LINGER_MS`. */
	lingerMs: number;
	/** For each known process, the position of the latest answer received from it. */
	received: Record<string, number>;
	/** The wait is over; late answers to these of its requests start the trigger's workflow. */
	leave?: { unanswered: number[] };
}

/** @example {"process":"9f86d081884c7d65","number":4,"answers":[]} */
export interface CollectResponse {
	process: string;
	/** The position of the latest answer of this process to this wait, 0 without one. */
	number: number;
	answers: CapabilityCallback[];
	/** Why the request was not held: another one of the wait is, or there are too many. */
	notHeld?: 'taken' | 'busy';
}
