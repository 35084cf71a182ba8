import { createHmac, timingSafeEqual } from 'node:crypto';

/** The only algorithm accepted, whatever a caller offers. */
const ALGORITHM = 'HmacSHA256';

/** Sinch sends a repeat with its first signature, and SMS callbacks are repeated for 22.75 h. */
const MAX_AGE_SECONDS = 24 * 60 * 60;

/** How far the sender's clock may be ahead of ours. */
const MAX_AHEAD_SECONDS = 5 * 60;

export interface SignedRequest {
	/** The body, byte for byte as it was received. */
	rawBody: Buffer;
	/** Header names in lower case, as Node.js gives them. */
	headers: Record<string, string | string[] | undefined>;
}

/** A genuine request with its nonce, or why it was refused, for the log. */
export type Verification = { genuine: true; nonce: string } | { genuine: false; refusal: string };

const refused = (refusal: string): Verification => ({ genuine: false, refusal });

/**
 * Verifies the signature of a Conversation API callback: Base64 of HMAC-SHA-256 over
 * `rawBody.nonce.timestamp` with the webhook's secret as key. Fails closed and never throws.
 *
 * @param now milliseconds since 1970
 */
export function verifySignature(
	{ rawBody, headers }: SignedRequest,
	secret: string | undefined,
	now: number,
): Verification {
	const signature = headers['x-sinch-webhook-signature'];
	const nonce = headers['x-sinch-webhook-signature-nonce'];
	const timestamp = headers['x-sinch-webhook-signature-timestamp'];
	if (!secret) {
		return refused('this webhook has no secret yet');
	}
	if (typeof signature !== 'string' || typeof nonce !== 'string' || !nonce) {
		return refused('the request is not signed');
	}
	if (headers['x-sinch-webhook-signature-algorithm'] !== ALGORITHM) {
		return refused('the signature algorithm is not HmacSHA256');
	}
	if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) {
		return refused('the signature has no timestamp');
	}
	const age = now / 1000 - Number(timestamp);
	if (age > MAX_AGE_SECONDS) {
		return refused('the signature is more than 24 hours old');
	}
	if (age < -MAX_AHEAD_SECONDS) {
		return refused('the signature is more than 5 minutes in the future');
	}
	const expected = createHmac('sha256', secret)
		.update(rawBody)
		.update(`.${nonce}.${timestamp}`)
		.digest();
	const given = Buffer.from(signature, 'base64');
	if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
		return refused('the signature does not match');
	}
	return { genuine: true, nonce };
}
