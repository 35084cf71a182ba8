import { createHmac } from 'node:crypto';

import type { GivenRequest } from './engine';

export const SECRET = 'a-secret-of-this-test-only';

interface Signing {
	secret?: string;
	nonce?: string;
	/** Seconds since 1970; default: now. */
	timestamp?: number;
	headers?: Record<string, string | undefined>;
}

/** A callback in Sinch's form, signed according to Sinch's documentation, without the package's code. */
export function signed(body: unknown, signing: Signing = {}): GivenRequest {
	const { secret = SECRET, nonce = '01FJA8B4A7BM43YGWSG9GBV067', headers } = signing;
	const timestamp = String(signing.timestamp ?? Math.floor(Date.now() / 1000));
	const rawBody = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
	const signature = createHmac('sha256', secret)
		.update(Buffer.concat([rawBody, Buffer.from(`.${nonce}.${timestamp}`)]))
		.digest('base64');
	return {
		rawBody,
		headers: {
			'content-type': 'application/json',
			'x-sinch-webhook-signature': signature,
			'x-sinch-webhook-signature-nonce': nonce,
			'x-sinch-webhook-signature-timestamp': timestamp,
			'x-sinch-webhook-signature-algorithm': 'HmacSHA256',
			...headers,
		},
	};
}
