import { createHmac, timingSafeEqual } from 'node:crypto';

import { REPUBLISH } from '../shared/webhookAddresses';

/** The only accepted algorithm; a request need not name it. */
const ALGORITHM = 'HmacSHA256';

/** How far the sender's clock may be ahead of ours. */
const MAX_AHEAD_SECONDS = 5 * 60;

export interface SignedRequest {
	/** The body, byte for byte as it was received; n8n reads none of a multipart request. */
	rawBody: Buffer | undefined;
	/** Header names in lower case, as Node.js gives them. */
	headers: Readonly<Record<string, unknown>>;
}

/** Genuine but too far from n8n's clock, signed with an unknown secret, or not signed; most telling first. */
export const REFUSAL_KINDS = ['future', 'signature', 'old', 'unsigned'] as const;

export type RefusalKind = (typeof REFUSAL_KINDS)[number];

/** How many requests this process has refused that may have been Sinch's. */
export const refusals = { future: 0, signature: 0, old: 0, unsigned: 0 };

export interface Refused {
	kind: RefusalKind;
	refusal: string;
	/** If it has all parts of a signature that fits no secret: when it claims to be signed, in seconds since 1970. */
	claimedAt?: number;
}

export interface Genuine {
	/** Names the callback; Sinch repeats it with the same one. */
	nonce: string;
	/** Seconds since 1970. */
	signedAt: number;
	rawBody: Buffer;
}

function isSignedWith(secret: string, signature: string, signed: Buffer[]): boolean {
	const hmac = createHmac('sha256', secret);
	signed.forEach((part) => hmac.update(part));
	// Compared as text: Sinch does not send other spellings of the same bytes.
	const expected = Buffer.from(hmac.digest('base64'));
	const given = Buffer.from(signature);
	return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * Verifies the signature of a Conversation API callback: Base64 of HMAC-SHA-256 over
 * `rawBody.nonce.timestamp` with the webhook's secret as key. Fails closed and never throws; `refusalByAge`
 * says how old the signature may be. @param secrets the webhook's own, then its recent former ones
 */
export function verifySignature(
	{ rawBody, headers }: SignedRequest,
	secrets: readonly string[],
): Genuine | Refused {
	const unsigned = (refusal: string): Refused => ({ kind: 'unsigned', refusal });
	const signature = headers['x-sinch-webhook-signature'];
	const nonce = headers['x-sinch-webhook-signature-nonce'];
	const timestamp = headers['x-sinch-webhook-signature-timestamp'];
	const usable = secrets.filter((secret) => typeof secret === 'string' && secret !== '');
	if (typeof signature !== 'string' || typeof nonce !== 'string' || !signature || !nonce) {
		return unsigned(
			'the signature headers are missing. Sinch signs only if its webhook has a secret',
		);
	}
	if ((headers['x-sinch-webhook-signature-algorithm'] ?? ALGORITHM) !== ALGORITHM) {
		return unsigned('the signature algorithm is not HmacSHA256');
	}
	if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) {
		return unsigned('the signature timestamp is missing or not a number');
	}
	if (!Buffer.isBuffer(rawBody)) {
		return unsigned('the body is missing');
	}
	const signed = [rawBody, Buffer.from(`.${nonce}.${timestamp}`)];
	const signedAt = Number(timestamp);
	if (usable.some((secret) => isSignedWith(secret, signature, signed))) {
		return { nonce, signedAt, rawBody };
	}
	const refusal =
		usable.length === 0
			? `this workflow has no secret. To register its webhook, ${REPUBLISH}`
			: 'the signature does not match';
	return { kind: 'signature', refusal, claimedAt: signedAt };
}

/** @param signedAt in seconds, `now` in milliseconds, both since 1970 @param maxHours 0 for any age */
export function refusalByAge(signedAt: number, maxHours: number, now: number): Refused | undefined {
	const age = now / 1000 - signedAt;
	if (age < -MAX_AHEAD_SECONDS) {
		return {
			kind: 'future',
			refusal:
				"the signature is more than 5 minutes in the future: n8n's clock may be wrong. Set the clock of n8n's computer",
		};
	}
	return maxHours > 0 && age > maxHours * 3600
		? {
				kind: 'old',
				refusal: `the signature is more than ${maxHours} ${maxHours === 1 ? 'hour' : 'hours'} old`,
			}
		: undefined;
}
