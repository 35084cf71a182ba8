import { getAdditionalKeys } from 'n8n-core';
import {
	NodeHelpers,
	UnexpectedError,
	Workflow,
	type ICredentialDataDecryptedObject,
	type ICredentialsExpressionResolveValues,
	type ICredentialType,
	type IDataObject,
	type IExecuteData,
	type IHttpRequestOptions,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type IWorkflowExecuteAdditionalData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { nodeTypesOf, START_TYPE } from './nodeTypes';

/** The node for resolving a credential's expressions when there is no other. */
const nowhere: INode = {
	id: '',
	name: '',
	type: START_TYPE,
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** The node for resolving a credential's expressions. */
export interface Resolving {
	additionalData: IWorkflowExecuteAdditionalData;
	mode: WorkflowExecuteMode;
	executeData?: IExecuteData;
	/** Absent outside an execution. */
	values?: ICredentialsExpressionResolveValues;
}

/**
 * The credential data that a node receives (n8n's `applyDefaultsAndOverwrites`): with defaults, without
 * fields that the display options hide, with resolved expressions.
 */
export function resolveCredential(
	properties: INodeProperties[],
	stored: ICredentialDataDecryptedObject,
	{ additionalData, mode, executeData, values }: Resolving,
): ICredentialDataDecryptedObject {
	const data = stored as INodeParameters;
	const known = NodeHelpers.getNodeParameters(properties, data, true, false, null, null) ?? {};
	for (const key of ['allowedHttpRequestDomains', 'allowedDomains']) {
		if (known[key] === undefined && data[key] !== undefined) known[key] = data[key];
	}
	const keys = getAdditionalKeys(additionalData, mode, null, { isCredential: true });
	if (values) {
		const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = values;
		return workflow.expression.getParameterValue(
			known,
			runExecutionData,
			runIndex,
			itemIndex,
			node.name,
			connectionInputData,
			mode,
			keys,
			executeData,
			false,
			known,
		) as ICredentialDataDecryptedObject;
	}
	const workflow = new Workflow({
		nodes: [nowhere],
		connections: {},
		active: false,
		nodeTypes: nodeTypesOf([]),
	});
	return workflow.expression.getComplexParameterValue(
		nowhere,
		known,
		mode,
		keys,
		undefined,
		undefined,
		known,
	) as ICredentialDataDecryptedObject;
}

/** An expression of a credential type (`=Bearer {{$credentials.accessToken}}`); a falsy result is ''. */
function resolveValue(
	value: string,
	credentials: ICredentialDataDecryptedObject,
	workflow: Workflow,
	node: INode,
): string {
	if (!value.startsWith('=')) return value;
	const keys = { $credentials: credentials };
	const { expression } = workflow;
	const resolved = expression.getSimpleParameterValue(node, value, 'internal', keys, undefined, '');
	return resolved ? String(resolved) : '';
}

/**
 * Adds a credential to a request as n8n 2.41.1 does: by the type's own function, or by its `generic`
 * properties (`headers`, `qs`, `body`, `auth`), whose keys and values may be expressions. The options given
 * are changed and returned.
 */
export async function authenticateWith(
	authenticate: ICredentialType['authenticate'],
	credentials: ICredentialDataDecryptedObject,
	requestOptions: IHttpRequestOptions,
	workflow?: Workflow,
	node?: INode,
): Promise<IHttpRequestOptions> {
	if (typeof authenticate === 'function') return await authenticate(credentials, requestOptions);
	if (authenticate === undefined) return requestOptions;
	if (!workflow || !node) {
		throw new UnexpectedError(
			'Workflow and node are required for declarative credential authentication',
		);
	}
	const options = requestOptions as unknown as Record<string, IDataObject | undefined>;
	options.headers ??= {};
	for (const [part, values] of Object.entries(authenticate.properties)) {
		const target = (options[part] ||= {});
		for (const [key, value] of Object.entries(values as Record<string, string>)) {
			const name = resolveValue(key, credentials, workflow, node);
			target[name] = resolveValue(value, credentials, workflow, node);
		}
	}
	return requestOptions;
}
