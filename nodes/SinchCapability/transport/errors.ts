import type { IDataObject, INode, JsonObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import {
	explain,
	FOREIGN_RESPONSE,
	isRejected,
	isUnreachable,
	reasonIn,
	reasonOf,
	REDIRECTS,
	STATUS_BY_MESSAGE,
	unreachable,
} from './explanations';
import { UnexpectedResponseError } from './expect';

/** What is known about a failed request, whatever form Sinch's response had. */
export interface Failure {
	/** HTTP status; undefined when there was no response. */
	status?: number;
	/** Sinch's own message, or the network's. */
	message: string;
	/** Sinch's status name, e.g. `INVALID_ARGUMENT`. */
	sinchStatus?: string;
	details?: unknown[];
	/** Whether the response came from another host than Sinch's. */
	isForeign?: boolean;
	/** How long Sinch asks us to wait, in milliseconds; more than 0. */
	retryAfterMs?: number;
}

/** An error of axios; n8n 2 keeps it as the cause of its own. */
interface HttpError {
	message?: string;
	code?: string;
	response?: { status?: number; data?: unknown; headers?: Record<string, unknown> };
}

const asObject = (value: unknown): IDataObject =>
	typeof value === 'object' && value !== null ? (value as IDataObject) : {};

const text = (value: unknown): string | undefined =>
	typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

/** n8n returns a response that it could not parse as text. */
function parseErrorBody(data: unknown): IDataObject {
	if (typeof data !== 'string') {
		return asObject(data);
	}
	try {
		return asObject(JSON.parse(data));
	} catch {
		return {};
	}
}

/** `Retry-After` in seconds or as a date (RFC 9110); ignored if it asks for no wait. */
function readRetryAfter(header: unknown): number | undefined {
	const seconds = Number(header);
	const wait = Number.isNaN(seconds) ? Date.parse(String(header)) - Date.now() : seconds * 1000;
	return wait > 0 ? wait : undefined;
}

/** n8n's own error; in n8n 1 it has no cause, only the status and the body. */
interface WrappedError {
	message?: string;
	cause?: HttpError;
	httpCode?: string | null;
	context?: { data?: unknown };
	messages?: string[];
}

function readHttpError(error: WrappedError): HttpError {
	if (error.cause) {
		return error.cause;
	}
	const status = Number(error.httpCode);
	return {
		message: error.messages?.[0] ?? error.message,
		response: status ? { status, data: error.context?.data } : undefined,
	};
}

/** Text that is not JSON, such as a proxy's page. */
const isPage = (data: unknown): boolean =>
	typeof data === 'string' && data.trim() !== '' && Object.keys(parseErrorBody(data)).length === 0;

/** Whether the response did not come from Sinch, whatever status it had. */
export function isUnexpected(error: unknown): boolean {
	const { cause, message } = error as WrappedError;
	return (
		error instanceof UnexpectedResponseError || (cause?.message ?? message) === FOREIGN_RESPONSE
	);
}

/**
 * Reads an error of n8n's request helper. Sinch documents its errors nested in `error`, at the top
 * level, and as problem details (`title`, `detail`); the token endpoint uses `error_description`.
 */
export function readFailure(error: unknown): Failure {
	const { response, message, code } = readHttpError(error as WrappedError);
	const reason = response ? undefined : reasonOf(code);
	const body = parseErrorBody(response?.data);
	const form = typeof body.error === 'object' ? asObject(body.error) : body;
	return {
		status: response?.status ?? STATUS_BY_MESSAGE[message ?? ''],
		message:
			text(form.message) ??
			text(form.detail) ??
			text(form.error_description) ??
			text(form.title) ??
			reason ??
			message ??
			'no response',
		sinchStatus: text(form.status),
		details: Array.isArray(form.details) && form.details.length > 0 ? form.details : undefined,
		isForeign:
			isUnexpected(error) ||
			(isPage(response?.data) && (response?.status ?? 500) < 500) ||
			undefined,
		retryAfterMs: readRetryAfter(response?.headers?.['retry-after']),
	};
}

/** What happened, and what to do about it. */
function wordsOf(
	failure: Failure,
	address: string,
	itemIndex?: number,
): { message: string; description: string } {
	const { status, isForeign, message, sinchStatus, details } = failure;
	const { title: what, advice } = explain(failure);
	// Other failures have nothing to do with the values of an item.
	const isOfItem = itemIndex !== undefined && !isForeign && isRejected(status);
	const title = isOfItem ? `${what} (item ${itemIndex + 1})` : what;
	if (!status && !isForeign) {
		// A credential's error already names the address, that of the token endpoint.
		const reason = reasonIn(message);
		if (isUnreachable(message)) {
			return { message: message.split('. ')[0], description: advice };
		}
		return reason
			? { message: unreachable(address, reason), description: advice }
			: { message: title, description: `${advice} Reason: ${message}` };
	}
	const isSinch = !isForeign && status && !REDIRECTS.includes(status) && status !== 407;
	const said = [message, sinchStatus, details && JSON.stringify(details)].filter(Boolean);
	const origin = isSinch ? `Sinch says (${status}): ${said.join(' – ')}` : `Status: ${status}.`;
	return { message: title, description: status ? `${advice} ${origin}` : advice };
}

/**
 * The error that n8n shows: what happened, Sinch's message, and what to do about it.
 *
 * @param address of the API, e.g. `https://eu.conversation.api.sinch.com`
 */
export function toNodeError(
	node: INode,
	error: unknown,
	address: string,
	itemIndex?: number,
): NodeApiError {
	const failure = readFailure(error);
	// Only Sinch can say that something does not exist.
	const status = failure.isForeign ? undefined : failure.status?.toString();
	const { message, description } = wordsOf(failure, address, itemIndex);
	const shown = new NodeApiError(node, { ...failure, status } as unknown as JsonObject, {
		message,
		description,
		httpCode: status,
		itemIndex,
	});
	// n8n replaces a message that names a code like ECONNREFUSED with its own sentence.
	shown.message = message;
	return shown;
}
