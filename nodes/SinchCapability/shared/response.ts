import { type IWebhookFunctions, sleep } from 'n8n-workflow';

/** The response to a request, which n8n or this node sends. */
export type WebhookResponse = ReturnType<IWebhookFunctions['getResponseObject']>;

/** A sender that takes a response more slowly counts as disconnected. */
const MAX_SENDING_MS = 2_000;

/** Resolves with whether a response was sent; false when its sender has disconnected or does not take it. */
export async function isSent(response: WebhookResponse): Promise<boolean> {
	const end = new Promise<boolean>((resolve) => {
		if (response.destroyed) {
			resolve(false);
		}
		response.once('finish', () => resolve(true));
		// Comes after `finish`, or instead of it.
		response.once('close', () => resolve(false));
	});
	// On a connection with several requests, a response waits for those before it.
	return await Promise.race([end, sleep(MAX_SENDING_MS).then(() => false)]);
}
