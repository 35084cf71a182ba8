import type {
	IAllExecuteFunctions,
	ICredentialDataDecryptedObject,
	IHttpRequestMethods,
	IHttpRequestOptions,
	NodeApiError,
} from 'n8n-workflow';

import { addressesOf } from '../sinch/addresses';
import type { HttpResponse, Failure } from './errors';
import {
	isSuccess,
	readError,
	readRefusal,
	toNodeError,
	WHOLE_RESPONSE,
	withoutSecret,
} from './errors';
import { type Expect, isEmpty, thing } from './expect';
import { toTimer, untilAborted } from '../shared/promises';
import { DEFAULT_TIMEOUT_MS, isUsable, tokenFor } from './token';

export const CREDENTIAL_TYPE = 'sinchConversationApi';

/** What the credential form holds; n8n fills and renews `accessToken`. */
type SinchCredentials = ICredentialDataDecryptedObject &
	Record<'projectId' | 'appId' | 'region' | 'accessToken', string>;

export interface SinchRequest<T> {
	method: IHttpRequestMethods;
	/** Below the project, e.g. `/webhooks`. */
	path: string;
	body?: object;
	query?: Record<string, string>;
	/** What the body holds and no error may show, should Sinch repeat it. */
	secret?: string;
	expect: Expect<T>;
	timeoutSeconds?: number;
	/** The item the request is for, named in an error. */
	itemIndex?: number;
	/**
	 * For a request that must not be carried out twice; called before each retry, and after a response
	 * that did not come from Sinch: what the request has achieved nevertheless; undefined for nothing.
	 */
	recover?: () => Promise<T | undefined>;
}

export type Sent<T> = { response: T } | { failure: Failure };

/** Any way to call Sinch: for one request, or for many items. */
export type ApiClient = Pick<SinchClient, 'request'>;

/** The only way to call Sinch: reads the credential once and keeps it for a whole execution. */
export class SinchClient {
	private tokenRequest: Promise<Sent<unknown>> | undefined;

	private constructor(
		private readonly context: IAllExecuteFunctions,
		private readonly credentials: SinchCredentials,
	) {}

	static async create(context: IAllExecuteFunctions): Promise<SinchClient> {
		const credentials = await context.getCredentials<SinchCredentials>(CREDENTIAL_TYPE);
		if (!isUsable(tokenFor(credentials), Date.now())) {
			credentials.accessToken = '';
		}
		return new SinchClient(context, credentials);
	}

	get projectId(): string {
		return this.credentials.projectId.trim();
	}

	get appId(): string {
		return this.credentials.appId.trim();
	}

	/** For webhooks that a workflow registers; empty without one. */
	get webhookSecret(): string {
		return String(this.credentials.webhookSecret ?? '');
	}

	/** Whether the address is one of Sinch's own, from which private addresses cannot be reached. */
	get isSinchRegion(): boolean {
		return this.credentials.region !== 'custom';
	}

	/** Where the requests go, named in errors. */
	get address(): string {
		return addressesOf(this.credentials).apiUrl;
	}

	/** @throws NodeApiError with Sinch's message and what to do about it */
	async request<T>(request: SinchRequest<T>): Promise<T> {
		const sent = await this.send(request);
		if ('response' in sent) {
			return sent.response;
		}
		const { failure } = sent;
		const mayBeDone = failure.reason === 'foreign' || failure.reason === 'lost';
		const achieved = mayBeDone ? await request.recover?.() : undefined;
		if (achieved !== undefined) {
			return achieved;
		}
		throw this.explain(failure, request.itemIndex);
	}

	explain(failure: Failure, itemIndex?: number): NodeApiError {
		return toNodeError(this.context.getNode(), failure, this.address, itemIndex);
	}

	/**
	 * Sends a request once, and again with a new token when Sinch does not accept the stored one.
	 * Once the signal is aborted, no request waits for the token of another one.
	 */
	async send<T>(request: SinchRequest<T>, signal?: AbortSignal): Promise<Sent<T>> {
		const token = this.credentials.accessToken;
		const sent = await this.sendWithToken(request, signal);
		if (token === '' || !('failure' in sent) || sent.failure.status !== 401) {
			return sent;
		}
		// Otherwise another request that was sent with the old token has renewed it already.
		if (this.credentials.accessToken === token) {
			this.credentials.accessToken = '';
		}
		return await this.sendWithToken(request, signal);
	}

	/** n8n would fetch a token for each request that finds none: one goes first, and the others share what it gets. */
	private async sendWithToken<T>(request: SinchRequest<T>, signal?: AbortSignal): Promise<Sent<T>> {
		// Once there is a token, Sinch decides how long it lasts.
		if (this.credentials.accessToken !== '') {
			return await this.sendOnce(request);
		}
		const { tokenRequest } = this;
		if (tokenRequest) {
			await (signal ? untilAborted(tokenRequest, signal) : tokenRequest);
			if (signal?.aborted) {
				return { failure: { reason: 'unknown', message: 'The run has ended' } };
			}
			const first = await tokenRequest;
			const isRefused = 'failure' in first && this.credentials.accessToken === '';
			return isRefused ? first : await this.sendOnce(request);
		}
		const first = this.sendOnce(request).finally(() => (this.tokenRequest = undefined));
		this.tokenRequest = first;
		return await first;
	}

	private async sendOnce<T>(request: SinchRequest<T>): Promise<Sent<T>> {
		const { method, path, body, query: qs, timeoutSeconds } = request;
		const options: IHttpRequestOptions = {
			method,
			url: `${this.address}/v1/projects/${encodeURIComponent(this.projectId)}${path}`,
			body,
			qs,
			...WHOLE_RESPONSE,
			timeout: timeoutSeconds === undefined ? DEFAULT_TIMEOUT_MS : toTimer(timeoutSeconds),
		};
		// n8n stores a renewed token in this object, so the next request has it too.
		const data = this.credentials;
		const { httpRequestWithAuthentication } = this.context.helpers;
		let response: HttpResponse;
		try {
			response = await httpRequestWithAuthentication.call(this.context, CREDENTIAL_TYPE, options, {
				credentialsDecrypted: { id: '', name: '', type: CREDENTIAL_TYPE, data },
			});
		} catch (error) {
			return { failure: readError(error) };
		}
		if (!isSuccess(response)) {
			return { failure: withoutSecret(readRefusal(response), request.secret) };
		}
		const read = request.expect(response.body);
		return read === undefined
			? { failure: { reason: 'foreign', message: '' } }
			: { response: read };
	}
}

/** Deletes one resource. After a lost response, a GET shows whether it still exists. @param path e.g. `/contacts` */
export async function deleteOne(
	client: ApiClient,
	path: string,
	id: string,
	timeoutSeconds?: number,
): Promise<{ deleted: true }> {
	const one = { path: `${path}/${encodeURIComponent(id)}`, timeoutSeconds };
	// n8n's guidelines ask for this output of a delete operation.
	const deleted = { deleted: true } as const;
	const recover = async () =>
		await client.request({ ...one, method: 'GET', expect: thing() }).then(
			() => undefined,
			(error: NodeApiError) => {
				if (error.httpCode !== '404') {
					throw error;
				}
				return deleted;
			},
		);
	const expect = (body: unknown) => (isEmpty(body) ? deleted : undefined);
	return await client.request({ ...one, method: 'DELETE', expect, recover });
}
