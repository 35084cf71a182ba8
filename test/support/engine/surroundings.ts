import { ExternalSecretsProxy } from 'n8n-core';
import { UnexpectedError, type IWorkflowExecuteAdditionalData } from 'n8n-workflow';
import { CredentialStore } from './credentialStore';
import { WORKFLOW_ID } from './workflow';

/** The public address of the test's n8n (its `WEBHOOK_URL`); ends in `/`. */
export const INSTANCE_URL = 'https://n8n.example.com/';

/** `webhookId` of a trigger node unless the test gives a URL. */
export const WEBHOOK_ID = '3f0c3f5e-6f0e-4c50-9a3e-1d5f6c7b8a90';

/** The parts of n8n's addresses that an administrator can change; a part can have slashes. */
export interface Endpoints {
	/** `N8N_ENDPOINT_WEBHOOK`, by default `webhook`. */
	webhook?: string;
	/** `N8N_ENDPOINT_WEBHOOK_TEST`, by default `webhook-test`. */
	webhookTest?: string;
	/** `N8N_ENDPOINT_WEBHOOK_WAIT`, by default `webhook-waiting`. */
	webhookWaiting?: string;
	/** `N8N_ENDPOINT_REST`, by default `rest`. */
	rest?: string;
}

/** n8n's `WorkflowExecuteAdditionalData.getBase` (2.41.1) without a database. */
export function additionalDataOf(
	credentialsHelper: CredentialStore = new CredentialStore(),
	instanceUrl: string = INSTANCE_URL,
	endpoints: Endpoints = {},
): IWorkflowExecuteAdditionalData {
	const absent = (what: string) => async (): Promise<never> => {
		throw new UnexpectedError(`The test engine has no ${what}`);
	};
	return {
		credentialsHelper,
		currentNodeExecutionIndex: 0,
		executeWorkflow: absent('sub-workflows'),
		getRunExecutionData: absent('stored executions'),
		getRuntimeCredential: absent('runtime credentials'),
		startRunnerTask: absent('task runner'),
		logAiEvent: () => undefined,
		restApiUrl: `${instanceUrl}${endpoints.rest ?? 'rest'}`,
		instanceBaseUrl: instanceUrl,
		formBaseUrl: `${instanceUrl}form`,
		formWaitingBaseUrl: `${instanceUrl}form-waiting`,
		formTestBaseUrl: `${instanceUrl}form-test`,
		webhookBaseUrl: `${instanceUrl}${endpoints.webhook ?? 'webhook'}`,
		webhookWaitingBaseUrl: `${instanceUrl}${endpoints.webhookWaiting ?? 'webhook-waiting'}`,
		webhookTestBaseUrl: `${instanceUrl}${endpoints.webhookTest ?? 'webhook-test'}`,
		mcpBaseUrl: `${instanceUrl}mcp`,
		mcpTestBaseUrl: `${instanceUrl}mcp-test`,
		workflowId: WORKFLOW_ID,
		variables: {},
		externalSecretsProxy: new ExternalSecretsProxy(),
	};
}
