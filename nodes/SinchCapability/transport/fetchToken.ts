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
import { isNew, markToken } from './token';

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
