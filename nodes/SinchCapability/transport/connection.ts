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
