import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * The one spelling of an address: host in lower case and ASCII, no default port. n8n registers
 * webhooks as WEBHOOK_URL is spelled, and shows an execution its own address in this spelling.
 */
export function canonical(address: string): string {
	try {
		return new URL(address).href;
	} catch {
		return address;
	}
}

/** Whether two addresses are the same, whatever their spelling. */
export const isSameAddress = (one: string, other: string): boolean =>
	canonical(one) === canonical(other);

/**
 * The public base address of this n8n, e.g. `https://n8n.example.com/`; ends in a slash. The `resumeUrl` of
 * an execution is the base, two path segments and a signature, and must not be shown.
 */
export function baseOf(resumeUrl: string): string {
	const url = new URL(resumeUrl);
	url.search = '';
	url.hash = '';
	url.pathname = `${url.pathname.split('/').slice(0, -2).join('/')}/`;
	return url.href;
}

/** The public base address of this n8n's webhooks; n8n gives it to a node only as a part of this URL. */
export const ownAddress = (context: IExecuteFunctions): string =>
	baseOf(String(context.getWorkflowDataProxy(0).$execution.resumeUrl));

/** Whether an address belongs to the n8n with this base address. */
export const isBelow = (base: string, address: string): boolean =>
	canonical(address).startsWith(base);

/** An address as texts may show it: without a password, query or path that only machines need. */
export function shown(address: string): string {
	try {
		const { origin, pathname } = new URL(address);
		return `${origin}${pathname}`;
	} catch {
		return address.replace(/\?.*/s, '');
	}
}

/** Addresses that only this machine or its own network can reach (RFC 1918, 4193, 6890). */
const PRIVATE_HOSTS = [
	/^localhost$|\.(localhost|local|internal|lan|home\.arpa)$/,
	/^(0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
	/^\[(::1?|f[cd][\da-f]{2}:.*|fe[89ab][\da-f]:.*|::ffff:.*)\]$/,
	/^[^.[\]]+$/,
];

/** Why Sinch could not deliver to this target from the internet; undefined when it can. */
export function unreachableBecause(target: string): string | undefined {
	let url: URL;
	try {
		url = new URL(target);
	} catch {
		return 'it is not a complete address';
	}
	const host = url.hostname.replace(/\.$/, '');
	if (PRIVATE_HOSTS.some((pattern) => pattern.test(host))) {
		return `${host} is not reachable from the internet`;
	}
	return url.protocol === 'https:' ? undefined : 'Sinch delivers to https addresses only';
}
