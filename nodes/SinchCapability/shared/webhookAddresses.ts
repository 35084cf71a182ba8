import type { FunctionsBase } from 'n8n-workflow';
import { randomBytes } from 'node:crypto';

import type { Webhook } from '../sinch/types';

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

/** What follows the base in an address of this n8n, e.g. `webhook/orders`; undefined for any other address. */
export function pathInN8n(context: AddressContext, address: string): string | undefined {
	const url = canonical(address);
	// n8n tells a node the base of its webhooks only as a part of other addresses.
	const webhooks = context.getRestApiUrl().replace(/[^/]*$/, '');
	// At which n8n 2 has the webhooks of tests.
	const editor = context.getInstanceBaseUrl();
	const base = [webhooks, editor].map(canonical).find((one) => url.startsWith(one));
	return base === undefined ? undefined : url.slice(base.length);
}

/** An address as texts may show it: without user name, password and query. */
export function shown(address: string): string {
	const url = parse(address);
	if (!url || url.origin === 'null') {
		// Not an address, so the part that may be a password is not known.
		return address.slice(address.lastIndexOf('@') + 1).replace(/\?.*/s, '');
	}
	const rest = `${url.pathname}${url.hash.replace(/\?.*/s, '')}`;
	return rest === '/' ? url.origin : `${url.origin}${rest}`;
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

/** The last part of the trigger's webhook address, by its option *Confirm to Sinch*. */
export const TRIGGER_PATHS = { stored: 'capability', finished: 'capability-finished' } as const;

/** When the trigger confirms an answer to Sinch: once n8n has stored its execution, or once that has finished. */
export type Acknowledge = keyof typeof TRIGGER_PATHS;

/**
 * The trigger's webhook for each: n8n takes from a webhook's description when to respond, and an expression there
 * would cost time with each answer. `setup` is one of the two names that n8n's types allow.
 */
export const WEBHOOK_NAMES = { stored: 'default', finished: 'setup' } as const;

/** In an address of n8n, what it has before a trigger's path: its own part, which may name tests, and the node's ID. */
const TRIGGER = new RegExp(`^(.+)/([^/]+)/(?:${Object.values(TRIGGER_PATHS).join('|')})$`);

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** 256 random bits in Base64 for URLs: of a webhook of the trigger, or the key of a wait. */
export const createSecret = () => randomBytes(32).toString('base64url');

/** Whether a value has the form of such a secret. */
export const isOwnSecret = (secret: unknown): secret is string =>
	typeof secret === 'string' && /^[\w-]{43}$/.test(secret);

/** A webhook at Sinch that posts to this n8n. */
export interface Receiver {
	target: string;
	/** A Sinch Capability Trigger in production or listening for a test, or any other node. */
	kind: 'trigger' | 'test' | 'other';
}

/**
 * What a webhook posts to in this n8n; undefined if it posts elsewhere. n8n puts a node's ID before the
 * path of a trigger, a UUID unless the workflow came from a file or another program; and a Webhook node
 * can have any path. So without a UUID, it takes the secret to tell a trigger.
 */
export function receiverOf(
	context: AddressContext,
	{ target, secret }: Pick<Webhook, 'target' | 'secret'>,
): Receiver | undefined {
	const path = pathInN8n(context, target);
	if (path === undefined) {
		return undefined;
	}
	const [, endpoint = '', id = ''] = TRIGGER.exec(path) ?? [];
	if (endpoint === '' || !(UUID.test(id) || isOwnSecret(secret))) {
		return { target, kind: 'other' };
	}
	// n8n's own part is `webhook-test` unless an administrator has changed it.
	return { target, kind: /(^|[^a-z])test([^a-z]|$)/i.test(endpoint) ? 'test' : 'trigger' };
}

/** What makes n8n register a webhook again: publishing a published workflow that is unchanged does nothing. */
export const REPUBLISH = 'unpublish (deactivate) the workflow and publish (activate) it again';

/** What to do when no workflow receives the answers of an app. */
export const PUBLISH_TRIGGER = `Publish (activate) a workflow with a Sinch Capability Trigger for this app; if it is published already, ${REPUBLISH}.`;
