import {
	NodeOperationError,
	type IAuthenticateGeneric,
	type ICredentialDataDecryptedObject,
	type ICredentialTestRequest,
	type ICredentialType,
	type IExecuteFunctions,
	type IHttpRequestHelper,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
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

	test: ICredentialTestRequest = {
		request: { baseURL: API, url: '=/keys/{{$credentials.key}}' },
		rules: [{ type: 'responseCode', properties: { value: 404, message: 'No such key' } }],
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

/** Doubles `number`; an item without one fails as the user's *On Error* says. */
export class Doubler implements INodeType {
	description = description('doubler', {
		properties: [
			{ displayName: 'Number', name: 'number', type: 'string', default: '={{ $json.n }}' },
		],
	});

	async execute(this: IExecuteFunctions) {
		const items = this.getInputData().map((_item, itemIndex) => {
			const pairedItem = { item: itemIndex };
			const number = Number(this.getNodeParameter('number', itemIndex));
			if (!Number.isNaN(number)) return { json: { double: number * 2 }, pairedItem };
			const error = new NodeOperationError(this.getNode(), 'Not a number', { itemIndex });
			if (!this.continueOnFail()) throw error;
			return { json: {}, error, pairedItem };
		});
		return [items];
	}
}

/** Waits until the execution is cancelled. */
export class Sleeper implements INodeType {
	description = description('sleeper', {});

	async execute(this: IExecuteFunctions) {
		await new Promise((resolve) => {
			this.getExecutionCancelSignal()?.addEventListener('abort', resolve);
		});
		return [this.getInputData()];
	}
}

/** Asks the API once per item, with the credential. */
export class Asker implements INodeType {
	description = description('asker', {
		credentials: [{ name: 'sampleTokenApi', required: true }],
	});

	async execute(this: IExecuteFunctions) {
		const answers = [];
		for (const { json } of this.getInputData()) {
			const options = { url: `${API}/things/${json.id as string}`, json: true };
			const request = this.helpers.httpRequestWithAuthentication;
			answers.push({ json: await request.call(this, 'sampleTokenApi', options) });
		}
		return [answers];
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
		webhookMethods: {
			default: {
				async checkExists() {
					return this.getWorkflowStaticData('node').url === this.getNodeWebhookUrl('default');
				},
				async create() {
					const data = this.getWorkflowStaticData('node');
					data.url = this.getNodeWebhookUrl('default');
					data.mode = this.getActivationMode();
					return true;
				},
				async delete() {
					delete this.getWorkflowStaticData('node').url;
					return true;
				},
			},
		},
		webhook,
	};
}
