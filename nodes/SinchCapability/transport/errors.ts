import { type INode, type JsonObject, NodeApiError } from 'n8n-workflow';

import { isObject } from '../shared/isObject';
import type { Failure } from './explanations';
import { explain, FAILURES_BY_MESSAGE, isRejected, reasonIn, REDIRECTS } from './explanations';

/** 5xx of requests that would fail again. */
const NOT_RETRYABLE = [501, 505];

/** Whether a retry can succeed; proxies have 5xx of their own. */
export const isRetryable = ({ reason, status = 0 }: Failure): boolean =>
	reason === 'status'
		? [408, 429].includes(status) || (status >= 500 && !NOT_RETRYABLE.includes(status))
		: reason !== 'foreign' && reason !== 'invalidAddress';

/** For every request: the whole response, and no other host than the one that is meant. */
export const WHOLE_RESPONSE = {
	json: true,
	// Another host would receive the key, the token or the body; Sinch never redirects.
	disableFollowRedirect: true,
	// n8n 1 keeps neither body nor headers in the error for a status.
	returnFullResponse: true,
	ignoreHttpStatusErrors: true,
};

/** A response of n8n's request helper, whatever its status. */
export interface HttpResponse {
	statusCode: number;
	headers: Record<string, unknown>;
	/** Parsed if it is JSON, otherwise text. */
	body: unknown;
}

export const isSuccess = ({ statusCode }: HttpResponse): boolean =>
	statusCode >= 200 && statusCode < 300;

const text = (value: unknown): string | undefined =>
	typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

/** `Retry-After` in milliseconds, from seconds or a date by the sender's clock; undefined if it asks for no wait. */
function readRetryAfter(headers: HttpResponse['headers']): number | undefined {
	const header = headers['retry-after'];
	const seconds = Number(header);
	const sentAt = Date.parse(String(headers.date)) || Date.now();
	const wait = Number.isNaN(seconds) ? Date.parse(String(header)) - sentAt : seconds * 1000;
	return wait > 0 ? wait : undefined;
}

/** Whether a response with an error status came from something else than Sinch or a known proxy. */
function isForeign({ statusCode, body }: HttpResponse): boolean {
	if ([...REDIRECTS, 407, 408].includes(statusCode)) {
		return false;
	}
	const isPage = text(body) !== undefined && statusCode < 500;
	// 511 is that of a sign-in page.
	return isPage || statusCode < 400 || statusCode === 511;
}

/**
 * Reads a response with an error status. Sinch documents its errors nested in `error`, at the top
 * level, and as problem details (`title`, `detail`); the token endpoint uses `error_description`.
 */
export function readRefusal(response: HttpResponse): Failure {
	const body = isObject(response.body) ? response.body : {};
	const form = isObject(body.error) ? body.error : body;
	return {
		reason: isForeign(response) ? 'foreign' : 'status',
		status: response.statusCode,
		message:
			[form.message, form.detail, form.error_description, form.title].map(text).find(Boolean) ?? '',
		sinchStatus: text(form.status),
		details: Array.isArray(form.details) && form.details.length > 0 ? form.details : undefined,
		retryAfterMs: readRetryAfter(response.headers),
	};
}

/** The failure of a request that sent a secret, which Sinch's response may repeat. */
export const withoutSecret = (failure: Failure, secret = ''): Failure =>
	secret === ''
		? failure
		: (JSON.parse(JSON.stringify(failure), (_, value: unknown) =>
				typeof value === 'string' ? value.replaceAll(secret, '***') : value,
			) as Failure);

/** n8n's own error. In n8n 1 it has no cause, only the message. */
interface WrappedError {
	message?: string;
	code?: string;
	cause?: { message?: string; code?: string; retryAfterMs?: number };
	messages?: string[];
}

/** Reads an error of n8n's request helper: there was no complete response, or no token. */
export function readError(error: unknown): Failure {
	const wrapped = error as WrappedError;
	const { cause } = wrapped;
	const { message = '', code = '' } = cause ?? {
		message: wrapped.messages?.[0] ?? wrapped.message,
		code: wrapped.code,
	};
	const known = FAILURES_BY_MESSAGE[message];
	return known
		? { ...known, retryAfterMs: cause?.retryAfterMs }
		: { reason: reasonIn(`${message} ${code}`), message: message || code };
}

/** The error that n8n shows. Its `context.isRetryable` says whether a retry can succeed. */
export function toNodeError(node: INode, failure: Failure, address: string, itemIndex?: number) {
	const { reason, message, sinchStatus, details } = failure;
	const { title, advice } = explain(failure, address);
	// Only Sinch can say that something does not exist.
	const status = reason === 'status' ? failure.status?.toString() : undefined;
	// Other failures have nothing to do with the values of an item.
	const isOfItem = itemIndex !== undefined && status && isRejected(failure.status);
	const said = [message, sinchStatus, details && JSON.stringify(details)].filter(Boolean);
	const origin =
		status && said.length > 0
			? `Sinch says (${status}): ${said.join(' – ')}`
			: failure.status && `Status: ${failure.status}.`;
	const description = [advice, isOfItem && `Row ${itemIndex + 1}.`, origin];
	const shown = new NodeApiError(node, { ...failure, status } as unknown as JsonObject, {
		message: title,
		description: description.filter(Boolean).join(' '),
		httpCode: status,
		itemIndex,
	});
	// n8n replaces a message that names a code like ECONNREFUSED with its own sentence.
	shown.message = title;
	shown.context.isRetryable = isRetryable(failure);
	return shown;
}
