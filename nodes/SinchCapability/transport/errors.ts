import type { IDataObject, INode, JsonObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

/** What is known of a failed request, whatever form Sinch's answer had. */
export interface Failure {
	/** HTTP status; undefined when no answer came. */
	status?: number;
	/** Sinch's own sentence, or the network's. */
	message: string;
	/** Sinch's status name, e.g. `INVALID_ARGUMENT`. */
	sinchStatus?: string;
	details?: unknown[];
	/** How long Sinch asks to wait, in milliseconds. */
	retryAfterMs?: number;
}

/** Title and way out for each HTTP status, in the words of the person who must act. */
const BY_STATUS: Record<number, { title: string; advice: string }> = {
	400: {
		title: 'Sinch did not accept the request',
		advice: 'Check the values of this node for the item that failed.',
	},
	401: {
		title: 'Sinch did not accept the access key',
		advice: 'Check Access Key ID and Access Key Secret in the credential.',
	},
	403: {
		title: 'The access key has no permission for this project',
		advice:
			'Check that Project ID and access key in the credential belong together, and that the Sinch account has credit.',
	},
	404: {
		title: 'Sinch found no such app, contact or webhook',
		advice:
			'Check the App ID, the Contact ID and the Region: an app is only visible in the region it was created in.',
	},
	429: {
		title: 'Sinch asks to slow down',
		advice:
			'Too many requests for this project at the moment. Try again later, or send fewer items at once.',
	},
	501: {
		title: 'Sinch does not offer this here',
		advice: 'Check the Region, and for a custom region the API Base URL.',
	},
};

const SINCH_DOWN = {
	title: 'Sinch is not available at the moment',
	advice: 'Try again in a few minutes.',
};

const UNREACHABLE = {
	title: 'Sinch could not be reached',
	advice: 'Check the Region, and that this n8n may reach the address. Try again in a few minutes.',
};

/** What the credential says when Sinch refuses to give out a token: the message is all n8n keeps. */
export const UNKNOWN_KEY =
	'Sinch does not know this access key. Check the Access Key ID and the Access Key Secret.';

/** An error of axios; n8n 2 keeps it as the cause of its own. */
interface HttpError {
	message?: string;
	response?: { status?: number; data?: unknown; headers?: Record<string, unknown> };
}

const asObject = (value: unknown): IDataObject =>
	typeof value === 'object' && value !== null ? (value as IDataObject) : {};

const text = (value: unknown): string | undefined =>
	typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

/** n8n gives an answer it could not parse as text. */
function parseBody(data: unknown): IDataObject {
	if (typeof data !== 'string') {
		return asObject(data);
	}
	try {
		return asObject(JSON.parse(data));
	} catch {
		return {};
	}
}

/** `Retry-After` in seconds or as a date (RFC 9110). */
function readRetryAfter(header: unknown): number | undefined {
	const seconds = Number(header);
	const wait = Number.isNaN(seconds) ? Date.parse(String(header)) - Date.now() : seconds * 1000;
	return Number.isNaN(wait) ? undefined : Math.max(0, wait);
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

/**
 * Reads an error of n8n's request helper. Sinch documents its errors nested in `error`, at the top
 * level, and as problem details (`title`, `detail`); the token endpoint uses `error_description`.
 */
export function readFailure(error: unknown): Failure {
	const { response, message } = readHttpError(error as WrappedError);
	const body = parseBody(response?.data);
	const form = typeof body.error === 'object' ? asObject(body.error) : body;
	return {
		status: response?.status ?? (message === UNKNOWN_KEY ? 401 : undefined),
		message:
			text(form.message) ??
			text(form.detail) ??
			text(form.error_description) ??
			text(form.title) ??
			message ??
			'No answer',
		sinchStatus: text(form.status),
		details: Array.isArray(form.details) && form.details.length > 0 ? form.details : undefined,
		retryAfterMs: readRetryAfter(response?.headers?.['retry-after']),
	};
}

function explain(status: number | undefined) {
	if (!status) {
		return UNREACHABLE;
	}
	return BY_STATUS[status] ?? (status < 500 ? BY_STATUS[400] : SINCH_DOWN);
}

/** The error that n8n shows: what happened, Sinch's sentence, and how to get unstuck. */
export function toNodeError(node: INode, error: unknown, itemIndex?: number): NodeApiError {
	const failure = readFailure(error);
	const { status, message, sinchStatus, details } = failure;
	const { title, advice } = explain(status);
	const answer = [message, sinchStatus, details && JSON.stringify(details)].filter(Boolean);
	return new NodeApiError(node, failure as unknown as JsonObject, {
		message: title,
		description: `${advice} ${status ? `Sinch says (${status}):` : 'Reason:'} ${answer.join(' – ')}`,
		httpCode: status?.toString(),
		itemIndex,
	});
}
