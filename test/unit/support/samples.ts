import type {
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IExecuteFunctions,
	IHttpRequestHelper,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

export const API = 'https://api.example.com';

/** A credential with a token that n8n renews, as small as one can be. */
export class SampleTokenApi implements ICredentialType {
	name = 'sampleTokenApi';

	displayName = 'Sample Token API';

	properties: INodeProperties[] = [
		{
			displayName: 'Token',
			name: 'token',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
		{ displayName: 'Key', name: 'key', type: 'string', default: '' },
		{ displayName: 'Region', name: 'region', type: 'string', default: 'us' },
		{
			displayName: 'Address',
			name: 'address',
			type: 'string',
			default: '',
			displayOptions: { show: { region: ['custom'] } },
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.token}}' } },
	};

	async preAuthentication(this: IHttpRequestHelper, { key }: ICredentialDataDecryptedObject) {
		const { token } = (await this.helpers.httpRequest({
			method: 'POST',
			url: `${API}/token`,
			body: { key },
		})) as { token: string };
		return { token };
	}
}

function description(name: string, rest: Partial<INodeTypeDescription>): INodeTypeDescription {
	return {
		displayName: name,
		name,
		group: ['transform'],
		version: 1,
		description: name,
		defaults: { name },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
		...rest,
	};
}

/** Doubles `number` of each item. */
export class Doubler implements INodeType {
	description = description('doubler', {
		properties: [
			{ displayName: 'Number', name: 'number', type: 'string', default: '={{ $json.n }}' },
		],
	});

	async execute(this: IExecuteFunctions) {
		const items = this.getInputData().map((_item, itemIndex) => ({
			json: { double: Number(this.getNodeParameter('number', itemIndex)) * 2 },
			pairedItem: { item: itemIndex },
		}));
		return [items];
	}
}

/** Sends one request for each item, with the credential. */
export class Fetcher implements INodeType {
	description = description('fetcher', {
		credentials: [{ name: 'sampleTokenApi', required: true }],
	});

	async execute(this: IExecuteFunctions) {
		const items = [];
		for (const { json } of this.getInputData()) {
			const options = { url: `${API}/things/${json.id as string}`, json: true };
			const request = this.helpers.httpRequestWithAuthentication;
			items.push({ json: await request.call(this, 'sampleTokenApi', options) });
		}
		return [items];
	}
}

/** A trigger whose webhook does what the test says. */
export function sampleTrigger(
	webhook: INodeType['webhook'],
	rest: Partial<INodeTypeDescription> = {},
): INodeType {
	return {
		description: description('sampleTrigger', {
			group: ['trigger'],
			inputs: [],
			outputs: ['main', 'main', 'main'],
			credentials: [{ name: 'sampleTokenApi' }],
			webhooks: [
				{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'sample' },
			],
			...rest,
		}),
		webhook,
	};
}
