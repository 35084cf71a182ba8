import { createHmac } from 'node:crypto';
import { ulid } from 'ulid';
import type { CallbackFault } from '../wire.ts';

/** Base64 of HMAC-SHA-256, keyed with the secret, over `body.nonce.timestamp`. */
function signature(secret: string, body: string, nonce: string, timestamp: string): string {
	return createHmac('sha256', secret).update(`${body}.${nonce}.${timestamp}`).digest('base64');
}

/** The body and headers, the same in every attempt. */
export interface SignedCallback {
	body: string;
	headers: Record<string, string>;
}

const TWO_DAYS_IN_SECONDS = 172_800;

/**
 * Signs a callback as Sinch does for a webhook with a secret; a fault changes the result as its kind
 * says. Nonce and timestamp (Unix seconds) are new unless given.
 */
export function signCallback(
	body: string,
	secret: string,
	fault?: CallbackFault,
	fixed: { nonce?: string; timestamp?: number } = {},
): SignedCallback {
	const text = fault?.kind === 'garbage' ? garbage(fault) : body;
	const headers: Record<string, string> = { 'content-type': 'application/json' };
	if (!secret || fault?.kind === 'unsigned') return { body: text, headers };

	const age = fault?.kind === 'old-timestamp' ? (fault.ageSeconds ?? TWO_DAYS_IN_SECONDS) : 0;
	const timestamp = String(fixed.timestamp ?? Math.floor(Date.now() / 1000) - age);
	const nonce = fixed.nonce ?? ulid();
	const key = fault?.kind === 'wrong-signature' ? `not ${secret}` : secret;
	const signed = fault?.kind === 'signature-of-another-body' ? `${text} ` : text;
	const name = 'x-sinch-webhook-signature';
	headers[name] = signature(key, signed, nonce, timestamp);
	headers[`${name}-timestamp`] = timestamp;
	headers[`${name}-nonce`] = nonce;
	headers[`${name}-algorithm`] = fault?.kind === 'wrong-algorithm' ? 'HmacMD5' : 'HmacSHA256';
	return { body: fault?.kind === 'changed-body' ? changeOneByte(text) : text, headers };
}

function garbage({ body = '<html>not JSON' }: CallbackFault): string {
	return typeof body === 'string' ? body : JSON.stringify(body);
}

/** Changes the last digit or letter: the JSON stays valid if possible, but is not what was signed. */
function changeOneByte(text: string): string {
	const at = Math.max(text.search(/[A-Za-z0-9](?=[^A-Za-z0-9]*$)/), 0);
	return `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`;
}
