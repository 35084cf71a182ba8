import {
	getCredentialOwnRequestAllowedDomains,
	ICredentialsHelper,
	UnexpectedError,
	UserError,
	type ICredentialDataDecryptedObject,
	type ICredentials,
	type ICredentialsExpressionResolveValues,
	type ICredentialType,
	type IExecuteData,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentials,
	type INodeCredentialsDetails,
	type INodeProperties,
	type INodeType,
	type IWorkflowExecuteAdditionalData,
	type Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { CredentialTable, type GivenCredential } from './credentialTable';
import { authenticateWith, resolveCredential } from './credentialValues';

/**
 * n8n's CredentialsHelper (n8n 2.41.1, `dist/credentials-helper.js`) with credentials in memory.
 *
 * Not imitated, because this package's credential does not use it: `extends`, OAuth, overwrites, external
 * secrets, dynamic credentials, expressions inside fields of type `json`.
 *
 * @example
 * const store = new CredentialStore([{ type: new SinchConversationApi(), data: { projectId: 'p' } }]);
 * await runNode(new SinchCapability(), parameters, items, { credentials: store });
 * expect(store.reads).toBe(1);
 */
export class CredentialStore extends ICredentialsHelper {
	/** The number of times a node, or n8n on its behalf, read the decrypted credential. */
	decryptions = 0;

	private readonly types: Map<string, ICredentialType>;

	private readonly table: CredentialTable;

	constructor(given: GivenCredential[] = []) {
		super();
		this.types = new Map(given.map(({ type }) => [type.name, type]));
		this.table = new CredentialTable(given);
	}

	/** Database reads so far: one per decryption, and two per renewed token. */
	get reads(): number {
		return this.table.reads;
	}

	/** Database writes so far: one per renewed token. */
	get updates(): number {
		return this.table.updates;
	}

	/** The stored data of the first credential of this type, including a renewed token. */
	stored(type: string): ICredentialDataDecryptedObject {
		const row = this.table.first(type);
		if (!row) throw new UserError(`No credential of type "${type}" in the store`);
		return JSON.parse(row.data) as ICredentialDataDecryptedObject;
	}

	/** The `credentials` part of a workflow's node: of each type the node declares, the first stored. */
	forNode(nodeType: INodeType): INodeCredentials | undefined {
		const chosen = (nodeType.description.credentials ?? []).flatMap(({ name }) => {
			const row = this.table.first(name);
			return row ? [[name, { id: row.id, name: row.name }] as const] : [];
		});
		return chosen.length > 0 ? Object.fromEntries(chosen) : undefined;
	}

	getParentTypes() {
		return [];
	}

	/** n8n-core itself refuses a node that does not declare the credential, just after this. */
	isCredentialUsableByNode() {
		return true;
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return this.typeNamed(type).properties;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.typeNamed(typeName);
		return await authenticateWith(authenticate, credentials, requestOptions, workflow, node);
	}

	/** Called before every request, and once more with `credentialsExpired` after a 401. */
	async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		node: INode,
		credentialsExpired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const type = this.typeNamed(typeName);
		const expirable = type.properties.find(
			(property) => property.type === 'hidden' && property.typeOptions?.expirable === true,
		)?.name;
		if (expirable === undefined) return undefined;

		// n8n always requests a new token when it tests a credential, and recognizes the test by this.
		const isTest = node.parameters?.temp === '' && node.type === 'n8n-nodes-base.noOp';
		if (credentials[expirable] !== '' && !credentialsExpired && !isTest) return undefined;

		const output = await this.runPreAuthentication(helpers, credentials, typeName);
		if (output?.[expirable] === undefined || !node.credentials) return undefined;

		const nodeCredentials = node.credentials[type.name];
		const stored = await (await this.getCredentials(nodeCredentials, type.name)).getData();
		const isExpression = (value: unknown) => typeof value === 'string' && value.startsWith('=');
		const renewed = Object.entries(output).filter(
			([key]) => key === expirable || !isExpression(stored[key]),
		);
		const data = { ...stored, ...Object.fromEntries(renewed) };
		await this.updateCredentials(nodeCredentials, type.name, data);
		return Object.assign(credentials, output);
	}

	async runPreAuthentication(
		{ helpers }: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const { preAuthentication } = this.typeNamed(typeName);
		if (typeof preAuthentication !== 'function') return undefined;
		// n8n 1 has no such function, and lets a credential call any host.
		const allowedDomains = getCredentialOwnRequestAllowedDomains?.(credentials);
		const httpRequest: typeof helpers.httpRequest = async (options) =>
			await helpers.httpRequest(
				allowedDomains === undefined ? options : { ...options, allowedDomains },
			);
		const output = await preAuthentication.call({ helpers: { httpRequest } }, credentials);
		return output as ICredentialDataDecryptedObject;
	}

	async getCredentials(details: INodeCredentialsDetails, type: string): Promise<ICredentials> {
		return this.table.read(details, type);
	}

	async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		details: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		raw?: boolean,
		values?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		this.decryptions += 1;
		const data = await this.table.read(details, type).getData();
		if (raw === true) return data;
		const properties = this.getCredentialsProperties(type);
		return resolveCredential(properties, data, { additionalData, mode, executeData, values });
	}

	async updateCredentials(
		details: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		this.table.update(details, type, data);
	}

	async updateCredentialsOauthTokenData(): Promise<void> {
		throw new UnexpectedError('The test engine has no OAuth');
	}

	private typeNamed(name: string): ICredentialType {
		const type = this.types.get(name);
		if (!type) throw new UnexpectedError(`Unknown credential type "${name}"`);
		return type;
	}
}
