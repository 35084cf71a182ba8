import { createHash } from 'node:crypto';

import { addressesOf } from '../sinch/addresses';

/** A token is renewed this long before it expires, in milliseconds. */
const MARGIN_MS = 5_000;

/** Separates a token from its mark; neither a JWT nor the mark contains it. */
const SEPARATOR = '#';

/** The part of a credential that a token depends on. */
interface TokenSource {
	keyId?: unknown;
	keySecret?: unknown;
	region?: unknown;
	apiUrl?: unknown;
	authUrl?: unknown;
}

/** Identifies the key and the addresses that a token was fetched with. */
function fingerprintOf(source: TokenSource): string {
	const { apiUrl, authUrl } = addressesOf(source);
	const parts = [source.keyId, source.keySecret].map((part) => String(part).trim());
	return createHash('sha256')
		.update(JSON.stringify([...parts, apiUrl, authUrl]))
		.digest('base64url');
}

/**
 * A token with the mark of its credential. n8n tests a changed credential with the token that it has
 * stored, so a token must not be used for another key.
 */
export const markToken = (token: string, source: TokenSource): string =>
	`${token}${SEPARATOR}${fingerprintOf(source)}`;

/** @returns the token without its mark; empty when it belongs to another key or address */
export function tokenFor(source: TokenSource & { accessToken?: unknown }): string {
	const [token, mark] = String(source.accessToken ?? '').split(SEPARATOR);
	return mark === fingerprintOf(source) ? token : '';
}

/** Credentials whose token was fetched before: their addresses are known to respond. */
const renewing = new WeakSet<object>();

/** Makes n8n fetch a new token with the next request. */
export function dropToken(credentials: TokenSource & { accessToken: string }): void {
	if (tokenFor(credentials) !== '') {
		renewing.add(credentials);
	}
	credentials.accessToken = '';
}

/** Whether no token was ever fetched with the key and the addresses of a credential. */
export const isNew = (credentials: TokenSource & { accessToken?: unknown }): boolean =>
	!renewing.has(credentials) && tokenFor(credentials) === '';

/**
 * Whether a token can still be used. Sinch's tokens are JWTs that expire at `exp`, in seconds; one
 * that cannot be decoded is tried, and Sinch decides.
 */
export function isUsable(token: string, now: number): boolean {
	if (token === '') {
		return false;
	}
	try {
		const { exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8'));
		return typeof exp !== 'number' || exp * 1000 - now > MARGIN_MS;
	} catch {
		return true;
	}
}
