import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { addressesOf, SINCH_AUTH_URL } from '../nodes/SinchCapability/sinch/addresses';
import {
	reasonIn,
	reasonOf,
	unreachable,
	UNREACHABLE_ADVICE,
} from '../nodes/SinchCapability/transport/connection';
import {
	FOREIGN_RESPONSE,
	PROXY_REFUSED,
	REDIRECTED_RESPONSE,
	REDIRECTS,
	UNKNOWN_KEY,
} from '../nodes/SinchCapability/transport/errors';
import { isNew, markToken, tokenFor } from '../nodes/SinchCapability/transport/token';

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

/**
 * A request whose failure says what to do, because n8n shows it as the result of the credential test. It
 * has no HTTP status, because n8n would replace it with its own text.
 */
async function request(helper: IHttpRequestHelper, options: IHttpRequestOptions): Promise<unknown> {
	try {
		return await helper.helpers.httpRequest({
			timeout: TIMEOUT_MS,
			// Sinch never redirects; any other host would receive the key.
			disableFollowRedirect: true,
			...options,
		});
	} catch (error) {
		const { response, code, message } = error as {
			response?: { status: number; data?: unknown };
			code?: string;
			message: string;
		};
		if (response) {
			const problem = problemOf(response.status, response.data);
			throw problem === undefined ? error : new Error(problem);
		}
		const reason = reasonOf(code) ?? reasonIn(message) ?? 'the connection was lost';
		throw new Error(`${unreachable(String(options.url), reason)}. ${UNREACHABLE_ADVICE}`);
	}
}

/** The access key of a Sinch project, and the Conversation API app that sends the queries. */
export class SinchConversationApi implements ICredentialType {
	name = 'sinchConversationApi';

	displayName = 'Sinch Conversation API';

	documentationUrl =
		'https://github.com/n8n-nodes-sinch-capability/n8n-nodes-sinch-capability#the-credential';

	icon: Icon = {
		light: 'file:../icons/sinchCapability.svg',
		dark: 'file:../icons/sinchCapability.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
		{
			displayName: 'Project ID',
			name: 'projectId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 2b1f6a3e-7c40-4d0c-9a55-0d6f3b8e1c27',
			description: 'In the Sinch Build Dashboard, under Settings > Projects',
		},
		{
			displayName: 'Access Key ID',
			name: 'keyId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 8d2c4f10-5b7e-4c8a-b1d3-6e9f0a2b4c6d',
			description: 'In the Sinch Build Dashboard, under Settings > Access Keys',
		},
		{
			displayName: 'Access Key Secret',
			name: 'keySecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'In the Sinch Build Dashboard, shown only once when the access key is created',
		},
		{
			displayName: 'App ID',
			name: 'appId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 01W4FFL35P4NC4K35CONVAPP01',
			description: 'In the Sinch Build Dashboard, under Conversation API > Apps',
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: [
				{ name: 'Brazil (BR)', value: 'br' },
				{ name: 'Custom', value: 'custom' },
				{ name: 'Europe (EU)', value: 'eu' },
				{ name: 'United States (US)', value: 'us' },
			],
			default: 'us',
			description:
				'The region in which the app was created. Choose Custom for a proxy or the Sinch simulator.',
		},
		{
			displayName: 'API Base URL',
			name: 'apiUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. http://127.0.0.1:4010',
			description: 'The address to use instead of https://us.conversation.api.sinch.com',
			displayOptions: { show: { region: ['custom'] } },
		},
		{
			displayName: 'Auth URL',
			name: 'authUrl',
			type: 'string',
			required: true,
			default: SINCH_AUTH_URL,
			placeholder: 'e.g. http://127.0.0.1:4010',
			description: 'The address to use instead of https://auth.sinch.com',
			displayOptions: { show: { region: ['custom'] } },
		},
		{
			displayName: 'Webhook Secret',
			name: 'webhookSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Only for the operation Parse Notification: the secret of a webhook that you registered at Sinch by hand',
		},
	];

	/**
	 * Fetches an access token from `POST /oauth2/token`. n8n calls this when it has none or when
	 * Sinch answered 401, and stores the token with the credential for all its processes.
	 */
	async preAuthentication(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject) {
		const { authUrl, apiUrl } = addressesOf(credentials);
		const response = (await request(this, {
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
			await request(this, { url: apiUrl, ignoreHttpStatusErrors: true });
		}
		return { accessToken: markToken(token, credentials) };
	}

	/**
	 * A function, because n8n would evaluate an expression for each request of a long run. A token of
	 * another key or address is not sent: Sinch responds with 401, and n8n fetches one with the current key.
	 */
	authenticate: IAuthenticate = async (credentials, options) => {
		const token = tokenFor(credentials);
		return {
			...options,
			disableFollowRedirect: true,
			headers: { ...options.headers, ...(token && { Authorization: `Bearer ${token}` }) },
		};
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL:
				'={{ $credentials.region === "custom" ? $credentials.apiUrl.trim().replace(/\\/+$/, "") : "https://" + $credentials.region + ".conversation.api.sinch.com" }}/v1/projects/{{ $credentials.projectId.trim() }}',
			url: '=/apps/{{ $credentials.appId.trim() }}',
		},
		rules: [
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'id',
					// A response without an id is not an app.
					value: undefined,
					message: FOREIGN_RESPONSE,
				},
			},
			...REDIRECTS.map((value) => ({
				type: 'responseCode' as const,
				properties: { value, message: REDIRECTED_RESPONSE },
			})),
			{
				type: 'responseCode',
				properties: {
					value: 407,
					message: PROXY_REFUSED,
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 400,
					message:
						'Sinch did not accept the Project ID or the App ID. An App ID has 26 letters and digits.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message: UNKNOWN_KEY,
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message:
						'This access key belongs to another project. Check the Project ID, or create an access key in that project.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message:
						'Sinch found no app with this App ID in this region. Check the App ID, and choose the Region in which the app was created.',
				},
			},
		] as ICredentialTestRequest['rules'],
	};
}
