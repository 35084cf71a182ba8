import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const HEADER = 'x-sinch-webhook-signature';

/**
 * The headers that Sinch documents for a signed callback, computed here without the package's or the
 * simulator's code.
 */
export function signatureHeaders(
	body: string,
	secret: string,
	age = 0,
	nonce = crypto.randomUUID(),
): Record<string, string> {
	const timestamp = String(Math.floor(Date.now() / 1000) - age);
	return {
		[HEADER]: createHmac('sha256', secret).update(`${body}.${nonce}.${timestamp}`).digest('base64'),
		[`${HEADER}-timestamp`]: timestamp,
		[`${HEADER}-nonce`]: nonce,
		[`${HEADER}-algorithm`]: 'HmacSHA256',
	};
}

/** A capability callback in Sinch's documented form. */
export function capabilityCallback(appId: string, identity: string): string {
	return JSON.stringify({
		app_id: appId,
		accepted_time: '2026-01-15T10:20:30.123456Z',
		project_id: '',
		capability_notification: {
			request_id: '01W4FFL35P4NC4K35CAPABILITY',
			contact_id: '',
			channel: 'RCS',
			identity,
			capability_status: 'CAPABILITY_FULL',
		},
		message_metadata: '',
	});
}

/** How long a busy n8n may take to find its database again, in milliseconds. */
const DATABASE_LIMIT_MS = 60_000;

/**
 * Posts a callback. Returns the HTTP status of the answer. Sends it again while n8n itself refuses everything
 * because its database has not responded for some seconds, as on a busy computer.
 */
export async function post(
	target: string,
	body: string,
	headers: Record<string, string> = {},
): Promise<number> {
	for (const end = Date.now() + DATABASE_LIMIT_MS; ; await sleep(500)) {
		const response = await fetch(target, {
			method: 'POST',
			headers: { 'content-type': 'application/json', connection: 'close', ...headers },
			body,
		});
		const hasNoDatabase = /Database is not ready/.test(await response.text());
		if (!hasNoDatabase || Date.now() > end) return response.status;
	}
}
