import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	NodeApiError,
} from 'n8n-workflow';

import { addressesOf } from '../sinch/addresses';
import { isUnexpected, toNodeError } from './errors';
import type { Expect } from './expect';
import { UnexpectedResponseError } from './expect';
import { dropToken, isUsable, tokenFor } from './token';

export const CREDENTIAL_TYPE = 'sinchConversationApi';

/** The contexts of n8n in which this package calls Sinch. */
export type CallingContext = IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions;

/** What the credential form holds; n8n fills and renews `accessToken`. */
export interface SinchCredentials extends ICredentialDataDecryptedObject {
	projectId: string;
	appId: string;
	region: 'us' | 'eu' | 'br' | 'custom';
	apiUrl: string;
	authUrl: string;
	keyId: string;
	keySecret: string;
	accessToken: string;
}

/** One request below the project, and the response that it expects. */
export interface SinchRequest<T> {
	method: IHttpRequestMethods;
	/** Below the project, e.g. `/webhooks`. */
	path: string;
	body?: object;
	query?: Record<string, string>;
	/** Distinguishes Sinch's response from anything else. */
	expect: Expect<T>;
	timeoutSeconds?: number;
	/** The item the request is for, named in an error. */
	itemIndex?: number;
}

/** What to do for a request that must not be carried out twice. */
export interface Recovery<T> {
	/**
	 * Called before each retry, and after a response that did not come from Sinch: what the request
	 * has achieved nevertheless; undefined for nothing.
	 */
	recover?: () => Promise<T | undefined>;
}

/** Any way to call Sinch: for one request, or for many items. */
export interface ApiClient {
	/** @throws NodeApiError with Sinch's message and what to do about it */
	request<T>(request: SinchRequest<T>, recovery?: Recovery<T>): Promise<T>;
}

const DEFAULT_TIMEOUT_SECONDS = 30;

/** The result of one attempt. */
export type Sent<T> = { response: T } | { error: unknown };

function read<T>(expect: Expect<T>, body: unknown): Sent<T> {
	try {
		return { response: expect(body) };
	} catch (error) {
		if (error instanceof UnexpectedResponseError) {
			return { error };
		}
		throw error as Error;
	}
}

/** The only way to call Sinch: reads the credential once and keeps it for a whole execution. */
export class SinchClient {
	private constructor(
		private readonly context: CallingContext,
		private readonly credentials: SinchCredentials,
	) {}

	static async create(context: CallingContext): Promise<SinchClient> {
		return new SinchClient(
			context,
			await context.getCredentials<SinchCredentials>(CREDENTIAL_TYPE),
		);
	}

	get projectId(): string {
		return this.credentials.projectId.trim();
	}

	get appId(): string {
		return this.credentials.appId.trim();
	}

	/** Whether the address is one of Sinch's own, from which private addresses cannot be reached. */
	get isSinchRegion(): boolean {
		return this.credentials.region !== 'custom';
	}

	/** Whether there is a usable token, so that requests need not wait for one. */
	get hasToken(): boolean {
		return isUsable(tokenFor(this.credentials), Date.now());
	}

	/** Makes n8n fetch a new token with the next request. */
	dropToken(): void {
		dropToken(this.credentials);
	}

	/** Where the requests go, named in errors. */
	get address(): string {
		return addressesOf(this.credentials).apiUrl;
	}

	/** @throws NodeApiError with Sinch's message and what to do about it */
	async request<T>(request: SinchRequest<T>, { recover }: Recovery<T> = {}): Promise<T> {
		const sent = await this.send(request);
		if ('response' in sent) {
			return sent.response;
		}
		const achieved = isUnexpected(sent.error) ? await recover?.() : undefined;
		if (achieved !== undefined) {
			return achieved;
		}
		throw this.explain(sent.error, request.itemIndex);
	}

	/** The error that n8n shows. */
	explain(error: unknown, itemIndex?: number): NodeApiError {
		return toNodeError(this.context.getNode(), error, this.address, itemIndex);
	}

	/** Sends a request once. */
	async send<T>(request: SinchRequest<T>): Promise<Sent<T>> {
		const sent = await this.sendOnce(request).then(
			(body) => ({ body }),
			(error: unknown) => ({ error }),
		);
		if ('error' in sent) {
			return sent;
		}
		// Not in the `try` block, so that a mistake in a reader never counts as a failed request.
		return read(request.expect, sent.body);
	}

	private async sendOnce({
		method,
		path,
		body,
		query,
		timeoutSeconds,
	}: SinchRequest<unknown>): Promise<unknown> {
		const project = encodeURIComponent(this.projectId);
		const options: IHttpRequestOptions = {
			method,
			url: `${addressesOf(this.credentials).apiUrl}/v1/projects/${project}${path}`,
			body,
			qs: query,
			json: true,
			// Sinch never redirects; any other host would receive the token and the body.
			disableFollowRedirect: true,
			timeout: (timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
		};
		// n8n stores a renewed token in this object, so the next request has it too.
		const data = this.credentials;
		const { httpRequestWithAuthentication } = this.context.helpers;
		return await httpRequestWithAuthentication.call(this.context, CREDENTIAL_TYPE, options, {
			credentialsDecrypted: { id: '', name: '', type: CREDENTIAL_TYPE, data },
		});
	}
}
