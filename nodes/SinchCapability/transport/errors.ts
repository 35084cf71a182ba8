import type { IDataObject, INode, JsonObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import { isUnreachable, reasonIn, reasonOf, UNREACHABLE_ADVICE, unreachable } from './connection';
import { NOT_FROM_SINCH, UnexpectedResponseError } from './expect';

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

/** Title and advice for each HTTP status, in words for the user. */
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
		title: 'Sinch could not find the app, contact or webhook',
		advice:
			'Check the App ID, the Contact ID and the Region: an app is only visible in the region it was created in.',
	},
	407: {
		title: 'A proxy requires a user name and a password',
		advice:
			'Check the proxy settings of n8n (HTTP_PROXY, HTTPS_PROXY), or exclude Sinch from them with NO_PROXY.',
	},
	429: {
		title: 'Too many requests for this Sinch project',
		advice: 'Try again later, or send fewer items at once.',
	},
	501: {
		title: 'Sinch does not support this request in this region',
		advice: 'Check the Region, and for a custom region the API Base URL.',
	},
};

const SINCH_DOWN = {
	title: 'Sinch is not available at the moment',
	advice: 'Try again in a few minutes.',
};

const REDIRECTED = {
	title: 'The request was redirected, which Sinch never does',
	advice:
		'Check the Region in the credential, for a custom region its addresses, and whether there is a proxy or a sign-in page between n8n and Sinch.',
};

const FOREIGN = {
	title: NOT_FROM_SINCH,
	advice:
		'Check the Region in the credential, for a custom region its addresses, and whether there is a proxy between n8n and Sinch.',
};

const inOneText = ({ title, advice }: { title: string; advice: string }) => `${title}. ${advice}`;

// The credential's messages when it gets no token. n8n 1 keeps only the message of such an error, and
// an error code would replace it in the result of the credential test: so the text identifies the error.

/** Sinch refuses to issue a token. */
export const UNKNOWN_KEY =
	'Sinch does not know this access key. Check the Access Key ID and the Access Key Secret.';

/** The response came from another host than Sinch's. */
export const FOREIGN_RESPONSE = inOneText(FOREIGN);

export const REDIRECTED_RESPONSE = inOneText(REDIRECTED);

export const PROXY_REFUSED = inOneText(BY_STATUS[407]);

const STATUS_BY_WORDS: Record<string, number> = {
	[UNKNOWN_KEY]: 401,
	[REDIRECTED_RESPONSE]: 302,
	[PROXY_REFUSED]: 407,
};

/** Every status that redirects the client. */
export const REDIRECTS = [301, 302, 303, 307, 308];

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
	typeof data === 'string' && data.trim() !== '' && Object.keys(parseBody(data)).length === 0;

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
	const body = parseBody(response?.data);
	const form = typeof body.error === 'object' ? asObject(body.error) : body;
	return {
		status: response?.status ?? STATUS_BY_WORDS[message ?? ''],
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

function explain({ status, isForeign }: Failure) {
	if (status && REDIRECTS.includes(status)) {
		return REDIRECTED;
	}
	if (isForeign && status !== 407) {
		return FOREIGN;
	}
	if (!status) {
		return { title: 'Sinch could not be reached', advice: UNREACHABLE_ADVICE };
	}
	return BY_STATUS[status] ?? (status < 500 ? BY_STATUS[400] : SINCH_DOWN);
}

/** What happened, and what to do about it. */
function wordsOf(failure: Failure, address: string): { message: string; description: string } {
	const { status, isForeign, message, sinchStatus, details } = failure;
	const { title, advice } = explain(failure);
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
	const { message, description } = wordsOf(failure, address);
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
