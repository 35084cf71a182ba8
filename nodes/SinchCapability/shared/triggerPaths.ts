import { canonical } from './ownAddresses';

/** The last part of the trigger's webhook address, by its option *Confirm to Sinch*. */
export const TRIGGER_PATHS = { stored: 'capability', finished: 'capability-finished' } as const;

const PATHS: readonly string[] = Object.values(TRIGGER_PATHS);

/** Whether an address is a webhook of a Sinch Capability Trigger, for a test or in production. */
export const isTriggerTarget = (target: string): boolean =>
	PATHS.includes(target.split('?')[0].split('/').at(-1) ?? '');

/** Whether it is the address of a trigger that listens for a test: `/webhook-test/`, unless n8n has other names. */
export const isTestTarget = (target: string): boolean =>
	isTriggerTarget(target) && /(^|[^a-z])test([^a-z]|$)/i.test(target.split('/').at(-3) ?? '');

/** The base address of the n8n that a trigger's webhook belongs to; ends in a slash. */
export const baseOfTarget = (target: string): string =>
	`${canonical(target).split('/').slice(0, -3).join('/')}/`;

/**
 * Whether two targets are one trigger node's, at different public addresses of its n8n or for
 * different choices of *Confirm to Sinch*: the part before the last one names the node.
 */
export function isSameNode(one: string, other: string): boolean {
	const nodeOf = (target: string) => target.split('?')[0].split('/').at(-2);
	return nodeOf(one) === nodeOf(other);
}
