import { NOT_FROM_SINCH } from './expect';

const NO_HOST = 'this host does not exist';
const REFUSED = 'it refused the connection';
const UNRESOLVED = 'its name could not be looked up';
const LATE = 'it did not respond in time';

/** Why a host gave no response, by the error code of Node.js or axios. */
const REASONS: Record<string, string> = {
	ECONNABORTED: LATE,
	ECONNREFUSED: REFUSED,
	ECONNRESET: 'the connection was lost',
	EAI_AGAIN: UNRESOLVED,
	ENOTFOUND: NO_HOST,
	ERR_INVALID_URL: 'this is not a valid address',
	ETIMEDOUT: LATE,
};

/** @param code e.g. `ECONNREFUSED` */
export const reasonOf = (code = ''): string | undefined => REASONS[code];

/**
 * Why a request got no response, by the text of an error: n8n does not always keep the code.
 *
 * @returns e.g. `it refused the connection`; undefined when the words do not say
 */
export function reasonIn(message: string): string | undefined {
	// The texts of axios, which have no code in n8n 1.
	if (/timeout of \d+ms exceeded/.test(message)) {
		return LATE;
	}
	const found = Object.entries(REASONS).find(
		([code, reason]) => message.includes(code) || message.includes(reason),
	);
	return found?.[1];
}

/** Whether nothing listens at an address: more often a wrong address than an outage. */
export const isNobodyThere = (message: string): boolean =>
	[NO_HOST, UNRESOLVED, REFUSED].includes(reasonIn(message) ?? '');

/** Whether an address gave no response in time, which takes as long as the request's time-out. */
export const isSilent = (message: string): boolean => reasonIn(message) === LATE;

const PREFIX = 'Sinch could not be reached at';

/** E.g. `Sinch could not be reached at http://127.0.0.1:9: it refused the connection`. */
export const unreachable = (address: string, reason: string): string =>
	`${PREFIX} ${address}: ${reason}`;

/** Whether an error already has this text; of a credential's error, n8n keeps only the text. */
export const isUnreachable = (message: string): boolean => message.startsWith(PREFIX);

export const UNREACHABLE_ADVICE =
	'Check Region and addresses in the credential, and that this n8n can connect to them.';

/** What happened, and what to do about it, in words for the user. */
interface Explanation {
	title: string;
	advice: string;
}

interface FailureKind {
	status?: number;
	/** Whether the response came from another host than Sinch's. */
	isForeign?: boolean;
}

/** By HTTP status. */
const BY_STATUS: Record<number, Explanation> = {
	400: {
		title: 'Sinch did not accept the request',
		advice: 'Check the values of this node for this item.',
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

const inOneText = ({ title, advice }: Explanation) => `${title}. ${advice}`;

// The credential's messages when it gets no token. n8n 1 keeps only the message of such an error, and
// an error code would replace it in the result of the credential test: so the text identifies the error.

/** Sinch refuses to issue a token. */
export const UNKNOWN_KEY =
	'Sinch does not know this access key. Check the Access Key ID and the Access Key Secret.';

/** The response came from another host than Sinch's. */
export const FOREIGN_RESPONSE = inOneText(FOREIGN);

export const REDIRECTED_RESPONSE = inOneText(REDIRECTED);

export const PROXY_REFUSED = inOneText(BY_STATUS[407]);

/** The status that each of these messages stands for. */
export const STATUS_BY_MESSAGE: Record<string, number> = {
	[UNKNOWN_KEY]: 401,
	[REDIRECTED_RESPONSE]: 302,
	[PROXY_REFUSED]: 407,
};

/** Every status that redirects the client. */
export const REDIRECTS = [301, 302, 303, 307, 308];

/** 4xx about the key, the permission, a proxy or the rate, whatever the values of a request are. */
const NOT_ABOUT_VALUES = [401, 403, 407, 429];

/** Whether Sinch rejected the values of a request. */
export const isRejected = (status = 0): boolean =>
	status >= 400 && status < 500 && !NOT_ABOUT_VALUES.includes(status);

/** Explains a failure by its HTTP status, undefined for no response. */
export function explain({ status, isForeign }: FailureKind): Explanation {
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
