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

import { addressesOf, regionUrl, SINCH_AUTH_URL } from '../nodes/SinchCapability/sinch/addresses';
import { UNKNOWN_KEY } from '../nodes/SinchCapability/transport/errors';

/** The base URL of the credential test, in n8n's expression language. */
const API_URL_EXPRESSION = `{{ $credentials.region === "custom" ? $credentials.apiUrl.trim().replace(/\\/+$/, "") : "${regionUrl('" + $credentials.region + "')}" }}`;

/** Why a host gave no answer, by the error code of Node.js or axios. */
const NO_ANSWER: Record<string, string> = {
	ECONNABORTED: 'it did not answer in time',
	ECONNREFUSED: 'it refused the connection',
	EAI_AGAIN: 'its name could not be looked up',
	ENOTFOUND: 'there is no host of this name',
	ERR_INVALID_URL: 'this is no valid address',
	ETIMEDOUT: 'it did not answer in time',
};

/**
 * A request whose failure says what to do, for n8n shows it as the result of the credential test. It
 * has no HTTP status, or n8n would put words of its own in place of these.
 */
async function request(helper: IHttpRequestHelper, options: IHttpRequestOptions): Promise<unknown> {
	try {
		return await helper.helpers.httpRequest({ timeout: 30_000, ...options });
	} catch (error) {
		const { response, code } = error as { response?: { status?: number }; code?: string };
		if (response?.status === 401) {
			throw new Error(UNKNOWN_KEY);
		}
		if (response) {
			throw error;
		}
		const why = NO_ANSWER[code ?? ''] ?? 'the connection broke off';
		throw new Error(
			`Sinch could not be reached at ${options.url}: ${why}. Check Region and addresses in the credential, and that this n8n may connect to them.`,
		);
	}
}

/** The access key of a Sinch project, and the Conversation API app to ask with. */
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
	];

	/**
	 * Fetches an access token from `POST /oauth2/token`. n8n calls this when it has none or when
	 * Sinch answered 401, and stores the token with the credential for all its processes.
	 */
	async preAuthentication(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject) {
		const { authUrl, apiUrl } = addressesOf(credentials);
		const { access_token } = (await request(this, {
			method: 'POST',
			url: `${authUrl}/oauth2/token`,
			headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
			body: 'grant_type=client_credentials',
			auth: {
				username: String(credentials.keyId).trim(),
				password: String(credentials.keySecret).trim(),
			},
			json: true,
		})) as { access_token: string };
		if (!apiUrl.startsWith(authUrl)) {
			// n8n's credential test shows a bare error code when the API's own host does not answer.
			await request(this, { url: apiUrl, ignoreHttpStatusErrors: true });
		}
		return { accessToken: access_token };
	}

	/** A function, because n8n would work out an expression anew for each request of a long run. */
	authenticate: IAuthenticate = async ({ accessToken }, options) => ({
		...options,
		headers: { ...options.headers, Authorization: `Bearer ${String(accessToken)}` },
	});

	test: ICredentialTestRequest = {
		request: {
			baseURL: `=${API_URL_EXPRESSION}/v1/projects/{{ $credentials.projectId.trim() }}`,
			url: '=/apps/{{ $credentials.appId.trim() }}',
		},
		rules: [
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
		],
	};
}
