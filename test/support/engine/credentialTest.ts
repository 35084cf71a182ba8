import { ExecuteContext, RoutingNode } from 'n8n-core';
import {
	UserError,
	type ICredentialDataDecryptedObject,
	type ICredentialTestRequest,
	type ICredentialType,
	type IDataObject,
	type INodeCredentialTestResult,
	type INodeType,
	type IRunExecutionData,
} from 'n8n-workflow';
import { CredentialStore } from './credentialStore';
import { resolveCredential } from './credentialValues';
import { additionalDataOf } from './surroundings';
import { nodeOf, workflowOf } from './workflow';

/**
 * The result that the user sees after saving a credential: its `test` request, sent as n8n 2.41.1 sends it
 * (`dist/services/credentials-tester.service.js`, `runRequestTest`). n8n requests a new token first, whatever
 * is stored.
 *
 * @example
 * await testCredential(new SinchConversationApi(), { projectId: 'p', region: 'us' });
 * // { status: 'OK', message: 'Connection successful!' }
 */
export async function testCredential(
	type: ICredentialType,
	stored: ICredentialDataDecryptedObject,
	store: CredentialStore = new CredentialStore([{ type, data: stored }]),
): Promise<INodeCredentialTestResult> {
	const { test } = type;
	if (!test) throw new UserError(`${type.name} has no test request`);
	const additionalData = additionalDataOf(store);
	const data = resolveCredential(type.properties, stored, { additionalData, mode: 'internal' });
	const noOp = testNodeType(type, test);
	const node = nodeOf(noOp, {}, { name: 'Temp-Node', credentials: store });
	const workflow = workflowOf([node], [noOp]);
	const input = { main: [[{ json: {} }]] };
	// In a test, n8n takes `getDecrypted` from the form, not from its database.
	const helper = Object.create(store, { getDecrypted: { value: async () => data } });
	const context = new ExecuteContext(
		workflow,
		node,
		{ ...additionalData, credentialsHelper: helper, currentNodeParameters: node.parameters },
		'internal',
		{ resultData: { runData: {} } } as IRunExecutionData,
		0,
		[],
		input,
		{ node, data: {}, source: null },
		[],
	);
	const credential = { id: type.name, name: type.displayName, type: type.name, data };
	try {
		const response = await new RoutingNode(context, noOp, credential).runNode();
		return bodyResult(test, response?.[0]?.[0]?.json);
	} catch (error) {
		return errorResult(test, error as TestError);
	}
}

/** n8n tests a credential with a No Operation node whose one parameter carries the request. */
function testNodeType(type: ICredentialType, { request }: ICredentialTestRequest): INodeType {
	return {
		description: {
			displayName: 'No Operation, do nothing',
			name: 'n8n-nodes-base.noOp',
			group: ['organization'],
			version: 1,
			description: 'No Operation',
			defaults: { name: 'No Operation, do nothing' },
			inputs: ['main'],
			outputs: ['main'],
			credentials: [{ name: type.name, required: true }],
			properties: [
				{ displayName: 'Temp', name: 'temp', type: 'string', routing: { request }, default: '' },
			],
		},
	};
}

interface TestError {
	message: string;
	cause?: { code?: string; response?: { status: number; statusText?: string } };
}

function errorResult(
	{ rules = [] }: ICredentialTestRequest,
	{ message, cause }: TestError,
): INodeCredentialTestResult {
	if (cause?.response) {
		const { status, statusText } = cause.response;
		for (const rule of rules) {
			if (rule.type === 'responseCode' && rule.properties.value === status) {
				return { status: 'Error', message: rule.properties.message };
			}
		}
		if (status < 199 || status > 299) {
			return { status: 'Error', message: statusText || `Received HTTP status code: ${status}` };
		}
	} else if (cause?.code) {
		return { status: 'Error', message: cause.code };
	}
	return { status: 'Error', message };
}

function bodyResult(
	{ rules = [] }: ICredentialTestRequest,
	body: IDataObject | undefined,
): INodeCredentialTestResult {
	for (const { type, properties } of rules) {
		if (type === 'responseSuccessBody' && valueAt(body, properties.key) === properties.value) {
			return { status: 'Error', message: properties.message };
		}
	}
	return { status: 'OK', message: 'Connection successful!' };
}

/** `error.code` of a body, as lodash's `get`. */
function valueAt(body: IDataObject | undefined, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((value, key) => (value as IDataObject | undefined)?.[key], body);
}
