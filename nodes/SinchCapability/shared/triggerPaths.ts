/** The last part of the trigger's webhook address, by its option *Acknowledge*. */
export const TRIGGER_PATHS = { stored: 'capability', finished: 'capability-finished' } as const;

const PATHS: readonly string[] = Object.values(TRIGGER_PATHS);

/** Whether an address is the production webhook of a Sinch Capability Trigger. */
export const isTriggerTarget = (target: string): boolean =>
	target.includes('/webhook/') && PATHS.includes(target.split('/').at(-1) ?? '');
