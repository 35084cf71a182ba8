import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
} from 'n8n-workflow';

import { addressesOf } from '../sinch/addresses';
import { toNodeError } from './errors';
import { isUsable } from './token';

export const CREDENTIAL_TYPE = 'sinchConversationApi';

/** The contexts of n8n in which this package calls Sinch. */
export type CallingContext = IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions;

/** What the credential form holds; `accessToken` is n8n's to fill and renew. */
export interface SinchCredentials extends ICredentialDataDecryptedObject {
	projectId: string;
	appId: string;
	region: 'us' | 'eu' | 'br' | 'custom';
	apiUrl: string;
	accessToken: string;
}

/** One request below the project. */
export interface SinchRequest {
	method: IHttpRequestMethods;
	/** Below the project, e.g. `/webhooks`. */
	path: string;
	body?: object;
	query?: Record<string, string>;
	timeoutSeconds?: number;
	/** The item the request is for, named in an error. */
	itemIndex?: number;
}

/** Any way to call Sinch: for one request, or for many items. */
export interface ApiClient {
	/** @throws NodeApiError with Sinch's sentence and the way out */
	request<T>(request: SinchRequest): Promise<T>;
}

const DEFAULT_TIMEOUT_SECONDS = 30;

/** The one door to Sinch: reads the credential once and keeps it for a whole execution. */
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

	/** Whether the address is one of Sinch's own, and so cannot see this machine's private ones. */
	get isSinchRegion(): boolean {
		return this.credentials.region !== 'custom';
	}

	/** Whether a token is at hand, so that requests need not wait for one to be fetched. */
	get hasToken(): boolean {
		return isUsable(this.credentials.accessToken, Date.now());
	}

	/** Makes n8n fetch a new token with the next request. */
	dropToken(): void {
		this.credentials.accessToken = '';
	}

	/** @throws NodeApiError with Sinch's sentence and the way out */
	async request<T>(request: SinchRequest): Promise<T> {
		try {
			return await this.send<T>(request);
		} catch (error) {
			throw toNodeError(this.context.getNode(), error, request.itemIndex);
		}
	}

	/** @throws n8n's own error, for `readFailure` */
	async send<T>({ method, path, body, query, timeoutSeconds }: SinchRequest): Promise<T> {
		const project = encodeURIComponent(this.projectId);
		const options: IHttpRequestOptions = {
			method,
			url: `${addressesOf(this.credentials).apiUrl}/v1/projects/${project}${path}`,
			body,
			qs: query,
			json: true,
			timeout: (timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
		};
		// n8n keeps a renewed token in this very object, so the next request has it too.
		const data = this.credentials;
		const { httpRequestWithAuthentication } = this.context.helpers;
		return (await httpRequestWithAuthentication.call(this.context, CREDENTIAL_TYPE, options, {
			credentialsDecrypted: { id: '', name: '', type: CREDENTIAL_TYPE, data },
		})) as T;
	}
}
