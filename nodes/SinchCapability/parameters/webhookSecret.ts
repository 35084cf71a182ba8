import type { IExecuteFunctions, NodeOperationError } from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../transport/client';
import type { Item } from './item';

/** The *Webhook Secret* in the credential; empty without one. */
export async function secretInCredential(context: IExecuteFunctions): Promise<string> {
	const { webhookSecret } = await context.getCredentials(CREDENTIAL_TYPE);
	return String(webhookSecret ?? '');
}

/** @param description what to do about it */
export const noSecretError = (item: Item, description: string): NodeOperationError =>
	item.error("The credential has no 'Webhook Secret'", description);
