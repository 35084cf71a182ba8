import type { IWebhookFunctions } from 'n8n-workflow';

/**
 * One trigger node, and whether it listens for a test, because both may get the same callback: the
 * name under which this process keeps what belongs to it.
 */
export function listenerOf(context: IWebhookFunctions): string {
	const { webhookId, id } = context.getNode();
	return `${webhookId ?? `${context.getWorkflow().id} ${id}`} ${context.getMode()}`;
}
