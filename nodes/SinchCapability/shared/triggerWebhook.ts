import { randomBytes } from 'node:crypto';

import type { Webhook } from '../sinch/types';
import { type AddressContext, pathInN8n } from './ownAddresses';

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
