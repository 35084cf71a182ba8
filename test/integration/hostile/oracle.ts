/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { gunzipSync } from 'node:zlib';

import { hmac } from './requests';
import type { HostileRequest } from './requests';

export interface Expected {
	status: 200 | 401 | 422;
	/** Whether an execution must start. */
	starts: boolean;
}

const NAME = 'x-sinch-webhook-signature';

/** Written from Sinch's documentation, without any code of the package. */
function isGenuine({ headers }: HostileRequest, body: Buffer, secret: string, now: number) {
	const [signature, nonce, timestamp, algorithm] = ['', '-nonce', '-timestamp', '-algorithm'].map(
		(suffix) => headers[`${NAME}${suffix}`],
	);
	if (algorithm !== undefined && algorithm !== 'HmacSHA256') return false;
	if (typeof signature !== 'string' || typeof nonce !== 'string') return false;
	if (typeof timestamp !== 'string' || nonce === '') return false;
	const signedAt = Number(timestamp);
	if (!/^[0-9]+$/.test(timestamp) || signedAt < now - 86_400 || signedAt > now + 300) return false;
	return hmac(secret, body, nonce, timestamp) === signature;
}

function parsed(text: string): { json?: unknown } {
	try {
		return { json: JSON.parse(text.replace(/^\uFEFF/, '')) };
	} catch {
		return {};
	}
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isNamed = (value: unknown) =>
	typeof value === 'number' || (typeof value === 'string' && value !== '');

function isTooDeep(json: unknown, levels = 64): boolean {
	if (typeof json !== 'object' || json === null) return false;
	return levels === 0 || Object.values(json).some((inner) => isTooDeep(inner, levels - 1));
}

function isNotification(json: unknown): boolean {
	if (!isObject(json)) return false;
	if (isObject(json.capability_notification)) return true;
	return isNamed(json.capability_status) && isNamed(json.channel);
}

/** The expected result of a request: n8n itself responds with 422 to JSON that it cannot parse. */
export function expectedOf(request: HostileRequest, secret: string, now: number): Expected {
	const { headers, rawBody } = request;
	const body = headers['content-encoding'] === 'gzip' ? gunzipSync(rawBody) : rawBody;
	const mediaType = String(headers['content-type'] ?? '')
		.split(';')[0]
		.toLowerCase();
	const { json } = parsed(body.toString('utf8'));
	if (mediaType === 'application/json' && body.length > 0 && json === undefined) {
		return { status: 422, starts: false };
	}
	if (!isGenuine(request, body, secret, now)) return { status: 401, starts: false };
	return { status: 200, starts: isNotification(json) && !isTooDeep(json) };
}
