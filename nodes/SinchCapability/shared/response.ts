import type { IWebhookFunctions } from 'n8n-workflow';

/** The response to a request, which n8n or this node sends. */
export type WebhookResponse = ReturnType<IWebhookFunctions['getResponseObject']>;

/** Resolves when a response ends, with whether it was sent; false when its sender has disconnected. */
export async function hasGoneOut(response: WebhookResponse): Promise<boolean> {
	return await new Promise((resolve) => {
		if (response.destroyed) {
			resolve(false);
		}
		response.once('finish', () => resolve(true));
		// Comes after `finish`, or instead of it.
		response.once('close', () => resolve(false));
	});
}
