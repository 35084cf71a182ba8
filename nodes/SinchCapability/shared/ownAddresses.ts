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
 * The public base address of this n8n, e.g. `https://n8n.example.com/`; ends in a slash.
 *
 * @param resumeUrl of an execution: the base, two path segments and a signature. It must not be shown.
 */
export function baseOf(resumeUrl: string): string {
	const url = new URL(resumeUrl);
	url.search = '';
	url.hash = '';
	url.pathname = `${url.pathname.split('/').slice(0, -2).join('/')}/`;
	return url.href;
}

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
