import { canonical } from './ownAddresses';

/** The last part of the trigger's webhook address, by its option *Confirm to Sinch*. */
export const TRIGGER_PATHS = { stored: 'capability', finished: 'capability-finished' } as const;

const PATHS: readonly string[] = Object.values(TRIGGER_PATHS);

/** What the slashes of an address divide. */
const partsOf = (address: string): string[] => address.replace(/\?.*/s, '').split('/');

/** Protocol, nothing, host, n8n's own part, the node's ID and the path: n8n puts no ID before a Webhook node's path. */
const MIN_PARTS = 6;

/** Whether an address is a webhook of a Sinch Capability Trigger, for a test or in production. */
export const isTriggerTarget = (target: string): boolean =>
	partsOf(target).length >= MIN_PARTS && PATHS.includes(partsOf(target).at(-1) ?? '');

/** Whether it is the address of a trigger that listens for a test: `/webhook-test/`, unless n8n has other names. */
export const isTestTarget = (target: string): boolean =>
	isTriggerTarget(target) && /(^|[^a-z])test([^a-z]|$)/i.test(partsOf(target).at(-3) ?? '');

/** The base address of the n8n that a trigger's webhook belongs to; ends in a slash. */
export const baseOfTarget = (target: string): string =>
	`${partsOf(canonical(target)).slice(0, -3).join('/')}/`;

/**
 * Whether two targets are one trigger node's, at different public addresses of its n8n or for
 * different choices of *Confirm to Sinch*: the part before the last one names the node.
 */
export const isSameNode = (one: string, other: string): boolean =>
	partsOf(one).at(-2) === partsOf(other).at(-2);

/** What makes n8n register a webhook again: publishing a published workflow that is unchanged does nothing. */
export const REPUBLISH = 'unpublish (deactivate) the workflow and publish (activate) it again';
