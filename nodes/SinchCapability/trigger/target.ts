/** Addresses that only this machine or its own network can reach (RFC 1918, 4193, 6890). */
const PRIVATE_HOSTS = [
	/^localhost$|\.(localhost|local|internal|lan|home\.arpa)$/,
	/^(0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
	/^\[(::1?|f[cd][\da-f]{2}:.*|fe[89ab][\da-f]:.*|::ffff:.*)\]$/,
	/^[^.[\]]+$/,
];

/** Whether two webhook targets are the same address, whatever their spelling. */
export function isSameTarget(one: string, other: string): boolean {
	try {
		return new URL(one).href === new URL(other).href;
	} catch {
		return one === other;
	}
}

/** Why Sinch could not deliver to this target from the internet; undefined when it can. */
export function unreachableBecause(target: string): string | undefined {
	const { protocol, hostname } = new URL(target);
	if (PRIVATE_HOSTS.some((pattern) => pattern.test(hostname))) {
		return `${hostname} is not reachable from the internet`;
	}
	return protocol === 'https:' ? undefined : 'Sinch delivers to https addresses only';
}
