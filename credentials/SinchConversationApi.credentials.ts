import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import { timeLimit } from '../nodes/SinchCapability/shared/promises';
import { SINCH_AUTH_URL } from '../nodes/SinchCapability/sinch/addresses';
import {
	credentialMessage,
	FOREIGN_RESPONSE,
	REDIRECTS,
} from '../nodes/SinchCapability/transport/errors';
import { DEFAULT_TIMEOUT_MS, fetchToken, tokenFor } from '../nodes/SinchCapability/transport/token';

/** What the credential test says about a status. */
const ruleFor = (value: number, message: string) => ({
	type: 'responseCode' as const,
	properties: { value, message },
});

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
				{ name: 'Europe (EU)', value: 'eu' },
				{ name: 'United States (US)', value: 'us' },
				{ name: 'Custom', value: 'custom' },
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
				'Only for webhooks of your own: Sinch signs the callbacks of a webhook that you create in n8n with this text, and Parse Notification verifies them with it. Use a long random one.',
		},
	];

	/** n8n calls this when it has no token or when Sinch responded with 401, and stores the result. */
	async preAuthentication(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject) {
		return { accessToken: await fetchToken(this, credentials) };
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
			// Here, because n8n replaces a signal that a node sets.
			abortSignal: timeLimit(
				options.timeout ?? DEFAULT_TIMEOUT_MS,
				options.abortSignal as AbortSignal | undefined,
			),
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
			...[...REDIRECTS, 401, 407].map((status) =>
				ruleFor(status, credentialMessage({ reason: 'status', status, message: '' })),
			),
			ruleFor(
				400,
				'Sinch did not accept the Project ID or the App ID. An App ID has 26 letters and digits.',
			),
			ruleFor(
				403,
				'This access key belongs to another project. Check the Project ID, or create an access key in that project.',
			),
			ruleFor(
				404,
				'Sinch found no app with this App ID in this region. Check the App ID, and choose the Region in which the app was created.',
			),
		] as ICredentialTestRequest['rules'],
	};
}
