import { createHash } from 'node:crypto';
import type {
	ICredentialDataDecryptedObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { addressesOf } from '../sinch/addresses';
import {
	FOREIGN_RESPONSE,
	PROXY_REFUSED,
	reasonIn,
	reasonOf,
	REDIRECTED_RESPONSE,
	REDIRECTS,
	UNKNOWN_KEY,
	unreachable,
	UNREACHABLE_ADVICE,
} from './explanations';

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

const TIMEOUT_MS = 30_000;

/** What a status of the token endpoint means; undefined for one that a retry may resolve. */
function problemOf(status: number, body: unknown): string | undefined {
	if (REDIRECTS.includes(status)) {
		return REDIRECTED_RESPONSE;
	}
	if (status === 407) {
		return PROXY_REFUSED;
	}
	if (status === 429 || status >= 500) {
		return undefined;
	}
	// OAuth's errors are objects; a page did not come from Sinch.
	const isPage = typeof body === 'string' && body.trim() !== '';
	return status !== 404 && !isPage ? UNKNOWN_KEY : FOREIGN_RESPONSE;
}

/** A failed request's error with the advice for the user, or unchanged if a retry may resolve it. */
function explained(error: unknown, url: string): unknown {
	const { response, code, message } = error as {
		response?: { status: number; data?: unknown };
		code?: string;
		message: string;
	};
	if (response) {
		const problem = problemOf(response.status, response.data);
		return problem === undefined ? error : new Error(problem);
	}
	const reason = reasonOf(code) ?? reasonIn(message) ?? 'the connection was lost';
	return new Error(`${unreachable(url, reason)}. ${UNREACHABLE_ADVICE}`);
}

/**
 * A request whose failure says what to do, because n8n shows it as the result of the credential test. It
 * has no HTTP status, because n8n would replace it with its own text.
 */
const request = async (
	helper: IHttpRequestHelper,
	options: IHttpRequestOptions,
): Promise<unknown> =>
	await helper.helpers
		.httpRequest({
			timeout: TIMEOUT_MS,
			// Sinch never redirects; any other host would receive the key.
			disableFollowRedirect: true,
			...options,
		})
		.catch((error: unknown) => {
			throw explained(error, options.url);
		});

/**
 * Fetches an access token from `POST /oauth2/token`, for all n8n processes.
 *
 * @returns the token with the mark of its credential
 * @throws Error that says what to do
 */
export async function fetchToken(
	helper: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
): Promise<string> {
	const { authUrl, apiUrl } = addressesOf(credentials);
	const response = (await request(helper, {
		method: 'POST',
		url: `${authUrl}/oauth2/token`,
		headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
		body: 'grant_type=client_credentials',
		auth: {
			username: String(credentials.keyId).trim(),
			password: String(credentials.keySecret).trim(),
		},
		json: true,
	})) as { access_token?: unknown } | undefined | null;
	const token = response?.access_token;
	if (typeof token !== 'string' || token === '') {
		throw new Error(FOREIGN_RESPONSE);
	}
	if (isNew(credentials) && !apiUrl.startsWith(authUrl)) {
		// The address is new. n8n's credential test would show a bare error code when the API's own host
		// does not respond; the renewal of a token needs no such check.
		await request(helper, { url: apiUrl, ignoreHttpStatusErrors: true });
	}
	return markToken(token, credentials);
}
