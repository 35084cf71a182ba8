import { type INode, type JsonObject, NodeApiError } from 'n8n-workflow';

import { isObject } from '../shared/isObject';
import { shown } from '../shared/webhookAddresses';

/** Why there was no response: in words, and by the code of Node.js or axios, of which n8n 1 keeps the text. */
const CONNECTION_PROBLEMS = [
	['noHost', 'this host does not exist', /ENOTFOUND/],
	['unresolved', 'its name could not be looked up', /EAI_AGAIN/],
	['refused', 'it refused the connection', /ECONNREFUSED/],
	[
		'late',
		'it did not respond in time',
		/ECONNABORTED|ETIMEDOUT|timeout of \d+ms exceeded|ERR_CANCELED|^canceled/,
	],
	['noTls', 'it does not use https', /EPROTO/],
	['lost', 'the connection was lost', /ECONNRESET|EPIPE|socket hang up|aborted/],
	['invalidAddress', 'this is not a valid address', /Invalid URL|Unsupported protocol|Protocol "/],
] as const;

/** HTTP or a content-encoding that is broken. */
const BROKEN =
	/HPE_|Parse Error|Z_[A-Z]+_ERROR|incorrect header check|unexpected end of file|Decompression failed/;

/** By an error status of Sinch or a proxy, by a response that did not come from Sinch, or without a complete one. */
export type Reason = 'status' | 'foreign' | (typeof CONNECTION_PROBLEMS)[number][0] | 'unknown';

/** What is known about a failed request, whatever form Sinch's response had. */
export interface Failure {
	reason: Reason;
	/** HTTP status; undefined without a complete response. */
	status?: number;
	/** Sinch's own message, or the network's; may be empty. */
	message: string;
	/** Sinch's status name, e.g. `INVALID_ARGUMENT`. */
	sinchStatus?: string;
	details?: unknown[];
	/** How long Sinch asks us to wait, in milliseconds; more than 0. */
	retryAfterMs?: number;
}

/** Why a request got no complete response. @param text of the error, with its code if it has one */
const reasonIn = (text: string): Reason =>
	CONNECTION_PROBLEMS.find(([, words, code]) => text.includes(words) || code.test(text))?.[0] ??
	(BROKEN.test(text) ? 'foreign' : 'unknown');

/** What happened to a connection, e.g. `it refused the connection`; its own message for anything else. */
export const connectionProblem = (reason: Reason, message: string): string =>
	CONNECTION_PROBLEMS.find(([one]) => one === reason)?.[1] ?? message;

const PREFIX = 'Sinch could not be reached at';

interface Explanation {
	title: string;
	advice: string;
}

const BY_STATUS: Partial<Record<number, Explanation>> = {
	401: {
		title: 'Sinch does not know this access key',
		advice: 'Check the Access Key ID and the Access Key Secret.',
	},
	403: {
		title: 'The access key has no permission for this project',
		advice:
			'Check that Project ID and access key in the credential belong together, and that the Sinch account has credit.',
	},
	404: {
		title: 'Sinch could not find the app, contact or webhook',
		advice:
			'Check the App ID, the ID of the contact or webhook, and the Region: an app is only visible in the region in which it was created.',
	},
	407: {
		title: 'The proxy requires authentication',
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

const REJECTED = {
	title: 'Sinch did not accept the request',
	advice: 'Check the values of this node for this item.',
};

const SINCH_DOWN = {
	title: 'Sinch is not available at the moment',
	advice: 'Try again in a few minutes.',
};

const REDIRECTED = {
	title: 'Unexpected redirect: Sinch does not redirect',
	advice:
		'Check the Region in the credential, for a custom region its addresses, and whether there is a proxy or a sign-in page between n8n and Sinch.',
};

/** A proxy or a captive portal can respond 200 with its own page. */
const FOREIGN = {
	title: 'The response did not come from Sinch',
	advice:
		'Check the Region in the credential, for a custom region its addresses, and whether there is a proxy between n8n and Sinch.',
};

/** Every status that redirects the client. */
export const REDIRECTS = [301, 302, 303, 307, 308];

/** 4xx about the key, the permission, a proxy, the time or the rate, whatever the values of a request are. */
const NOT_ABOUT_VALUES = [401, 403, 407, 408, 429];

/** Whether Sinch rejected the values of a request. */
export const isRejected = (status = 0): boolean =>
	status >= 400 && status < 500 && !NOT_ABOUT_VALUES.includes(status);

/** What to say about a failed request. @param address where it was sent */
function explain({ reason, status = 0, message }: Failure, address: string): Explanation {
	if (reason === 'foreign') {
		return FOREIGN;
	}
	if (reason !== 'status') {
		const advice =
			'Check the region and the addresses in the credential, and that this n8n can connect to them.';
		// A credential's error already names the address, that of the token endpoint.
		return message.startsWith(PREFIX)
			? { title: message.replace(`. ${advice}`, ''), advice }
			: { title: `${PREFIX} ${shown(address)}: ${connectionProblem(reason, message)}`, advice };
	}
	if (REDIRECTS.includes(status)) {
		return REDIRECTED;
	}
	// E.g. `Contact 01W4FFL35P4NC4K35CONTACT01 not found`.
	if (status === 404 && /^contact\b/i.test(message)) {
		const [id] = /\b[0-9A-Z]{26}\b/.exec(message) ?? [];
		return {
			title: `Sinch has no contact with this ID${id ? `: ${id}` : ''}`,
			advice: 'It may have been deleted. Check the ID, and the Project ID in the credential.',
		};
	}
	return BY_STATUS[status] ?? (isRejected(status) ? REJECTED : SINCH_DOWN);
}

const inOneText = ({ title, advice }: Explanation) => `${title}. ${advice}`;

/** The response came from another host than Sinch's. */
export const FOREIGN_RESPONSE = inOneText(FOREIGN);

/**
 * What the credential says when it gets no token. n8n 1 keeps only the message of such an error, and an error
 * code would replace it in the result of the credential test: so the text identifies the error.
 */
export function credentialMessage(failure: Failure, url = ''): string {
	const { reason, status = 0 } = failure;
	if (reason === 'status' && isRejected(status) && status !== 400) {
		return FOREIGN_RESPONSE;
	}
	const same = [400, 403].includes(status) ? 401 : Math.min(status, 500);
	return inOneText(explain({ ...failure, status: same }, url));
}

/** What each of these messages stands for. */
const FAILURES_BY_MESSAGE: Record<string, Failure> = Object.fromEntries(
	[302, 401, 407, 429, 503, undefined].map((status) => {
		const reason = status === undefined ? 'foreign' : 'status';
		const failure: Failure = { reason, status, message: '' };
		return [credentialMessage(failure), failure];
	}),
);

/** Whether a retry can succeed: not after 501 and 505, but after any other 5xx, of which proxies have their own. */
export const isRetryable = ({ reason, status = 0 }: Failure): boolean =>
	reason === 'status'
		? [408, 429].includes(status) || (status >= 500 && ![501, 505].includes(status))
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
	const nodeError = new NodeApiError(node, { ...failure, status } as unknown as JsonObject, {
		message: title,
		description: description.filter(Boolean).join(' '),
		httpCode: status,
		itemIndex,
	});
	// n8n replaces a message that names a code like ECONNREFUSED with its own sentence.
	nodeError.message = title;
	nodeError.context.isRetryable = isRetryable(failure);
	return nodeError;
}
