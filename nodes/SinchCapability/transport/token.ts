import { createHash } from 'node:crypto';
import type { IHttpRequestHelper, IHttpRequestOptions } from 'n8n-workflow';

import { isObject } from '../shared/isObject';
import { timeLimit } from '../shared/promises';
import { type AddressFields, addressesOf } from '../sinch/addresses';
import type { HttpResponse } from './errors';
import {
	isSuccess,
	readError,
	readRefusal,
	WHOLE_RESPONSE,
	credentialMessage,
	FOREIGN_RESPONSE,
} from './errors';

/** A token is renewed this long before it expires, in milliseconds. */
const MARGIN_MS = 5_000;

/** Separates a token from its mark; neither a JWT nor the mark contains it. */
const SEPARATOR = '#';

type TokenSource = AddressFields &
	Partial<Record<'projectId' | 'appId' | 'keyId' | 'keySecret' | 'accessToken', unknown>>;

/** Without the spaces that come with copying. */
const textOf = (field: unknown): string => String(field ?? '').trim();

/** Identifies the key and the addresses that a token was fetched with. */
function fingerprintOf(source: TokenSource): string {
	const { apiUrl, authUrl } = addressesOf(source);
	const parts = [source.keyId, source.keySecret].map(textOf);
	return createHash('sha256')
		.update(JSON.stringify([...parts, apiUrl, authUrl]))
		.digest('base64url');
}

/** A token with the mark of its credential: n8n also tests a changed credential with the token that it has stored. */
export const markToken = (token: string, source: TokenSource): string =>
	`${token}${SEPARATOR}${fingerprintOf(source)}`;

/** @returns the token without its mark; empty when it belongs to another key or address */
export function tokenFor(source: TokenSource): string {
	const [token = '', mark] = String(source.accessToken ?? '').split(SEPARATOR);
	return mark === fingerprintOf(source) ? token : '';
}

/** Whether a token has not expired. It is a JWT with `exp` in seconds; Sinch decides about one that is not. */
export function isUsable(token: string, now: number): boolean {
	try {
		const [, payload = ''] = token.split('.');
		const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
		return typeof exp !== 'number' || exp * 1000 - now > MARGIN_MS;
	} catch {
		return token !== '';
	}
}

/** For a request that has no time limit of its own, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * A request whose failure says what to do, because n8n shows it as the result of the credential test. It
 * has no HTTP status, because n8n would replace it with its own text.
 */
async function request(
	helper: IHttpRequestHelper,
	options: IHttpRequestOptions,
	address = options.url,
): Promise<HttpResponse> {
	const order = { ...options, ...WHOLE_RESPONSE, abortSignal: timeLimit(DEFAULT_TIMEOUT_MS) };
	return await helper.helpers.httpRequest(order).catch((error: unknown) => {
		throw new Error(credentialMessage(readError(error), address));
	});
}

/** Fetches an access token, marked with its credential, for all n8n processes. @throws Error that says what to do */
export async function fetchToken(helper: IHttpRequestHelper, source: TokenSource): Promise<string> {
	const { authUrl } = addressesOf(source);
	const url = `${authUrl}/oauth2/token`;
	const response = await request(helper, {
		method: 'POST',
		url,
		headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
		body: 'grant_type=client_credentials',
		auth: { username: textOf(source.keyId), password: textOf(source.keySecret) },
	});
	if (!isSuccess(response)) {
		const failure = readRefusal(response);
		const { retryAfterMs } = failure;
		throw Object.assign(new Error(credentialMessage(failure, url)), { retryAfterMs });
	}
	const token = isObject(response.body) && response.body.access_token;
	// The form of a bearer token (RFC 6750); another one could not be sent.
	if (typeof token !== 'string' || !/^[\w~+/.=-]+$/.test(token)) {
		throw new Error(FOREIGN_RESPONSE);
	}
	await checkApp(helper, source, token);
	return markToken(token, source);
}

/**
 * Looks at the API with a new token, because n8n's credential test would show a bare error code when its
 * host does not respond, and accept another app. Statuses are left to the test's own request.
 */
async function checkApp(helper: IHttpRequestHelper, source: TokenSource, token: string) {
	const projectId = textOf(source.projectId);
	const appId = textOf(source.appId);
	const { apiUrl } = addressesOf(source);
	const path = `v1/projects/${encodeURIComponent(projectId)}/apps/${encodeURIComponent(appId)}`;
	const headers = { Authorization: `Bearer ${token}` };
	const response = await request(helper, { url: `${apiUrl}/${path}`, headers }, apiUrl);
	const isApp = isObject(response.body) && response.body.id === appId;
	if (isSuccess(response) && appId !== '' && !isApp) {
		throw new Error(FOREIGN_RESPONSE);
	}
}
