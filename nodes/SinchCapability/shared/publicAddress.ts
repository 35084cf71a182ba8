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
