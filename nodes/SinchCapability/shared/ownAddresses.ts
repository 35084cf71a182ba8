import type { FunctionsBase } from 'n8n-workflow';

/** Not by `URL.canParse`: in Node.js 20, its optimised form refuses letters like ü. */
function parse(address: string): URL | undefined {
	try {
		return new URL(address);
	} catch {
		return undefined;
	}
}

/**
 * The one spelling of an address: host in lower case and ASCII, no default port. n8n registers
 * webhooks as WEBHOOK_URL is spelled, and shows an execution its own address in this spelling.
 */
export const canonical = (address: string): string => parse(address)?.href ?? address;

/** Whether two addresses are the same, whatever their spelling. */
export const isSameAddress = (one: string, other: string): boolean =>
	canonical(one) === canonical(other);

/** What tells a node the addresses of its n8n. */
export type AddressContext = Pick<FunctionsBase, 'getInstanceBaseUrl' | 'getRestApiUrl'>;

/**
 * The base addresses of this n8n, each with a slash at the end: that of its webhooks, which n8n tells a node only
 * as a part of others, and that of its editor, at which n8n 2 has the webhooks of tests.
 */
const basesOf = (context: AddressContext): string[] =>
	[context.getRestApiUrl().replace(/[^/]*$/, ''), context.getInstanceBaseUrl()].map(canonical);

/** What follows the base in an address of this n8n, e.g. `webhook/orders`; undefined for any other address. */
export function pathInN8n(context: AddressContext, address: string): string | undefined {
	const url = canonical(address);
	const base = basesOf(context).find((one) => url.startsWith(one));
	return base === undefined ? undefined : url.slice(base.length);
}

/** An address as texts may show it: without a password, query or path that only machines need. */
export function shown(address: string): string {
	const url = parse(address);
	return url ? `${url.origin}${url.pathname}` : address.replace(/\?.*/s, '');
}

/** Addresses that only this machine or its own network can reach (RFC 1918, 4193, 6890). */
const PRIVATE_HOSTS = [
	/^localhost$|\.(localhost|local|internal|lan|home\.arpa)$/,
	/^(0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
	/^\[(::1?|f[cd][\da-f]{2}:.*|fe[89ab][\da-f]:.*|::ffff:.*)\]$/,
	/^[^.[\]]+$/,
];

/** Why Sinch could not deliver to a target. @param isFromInternet false for a simulator or a proxy in n8n's network */
export function unreachableBecause(target: string, isFromInternet = true): string | undefined {
	const url = parse(target);
	if (!url) {
		return 'it is not a complete address';
	}
	const { hash, hostname, pathname, protocol } = url;
	if (hash !== '' || /\/(%20)+\//.test(pathname)) {
		return 'it contains a # or a stray space';
	}
	const host = hostname.replace(/\.$/, '');
	if (isFromInternet && PRIVATE_HOSTS.some((pattern) => pattern.test(host))) {
		return `${host} is not reachable from the internet`;
	}
	return protocol === 'https:' || (protocol === 'http:' && !isFromInternet)
		? undefined
		: 'Sinch delivers to https addresses only';
}
