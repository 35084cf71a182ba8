import { randomBytes } from 'node:crypto';
import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

/** 256 random bits. */
export const createSecret = () => randomBytes(32).toString('base64url');

/** Whether a secret is of the form that this node makes. */
export const isOwnSecret = (secret: unknown): secret is string =>
	typeof secret === 'string' && /^[\w-]{43}$/.test(secret);

/** More rotations than this within one age window are not followed. */
const MAX_RETIRED = 5;

/** A secret that Sinch may still have signed callbacks with. */
interface RetiredSecret {
	secret: string;
	/** Milliseconds since 1970. */
	until: number;
}

/**
 * The node's static data: what was registered at Sinch, and the secrets to verify notifications
 * with. n8n keeps that of test and production webhooks apart, in its database and in clear.
 */
export interface Registration {
	webhookId?: string;
	secret?: string;
	/** Where the webhook was registered and what for, to find it after any of them has changed. */
	target?: string;
	appId?: string;
	projectId?: string;
	retired?: RetiredSecret[];
}

export const registrationOf = (context: IHookFunctions | IWebhookFunctions): Registration =>
	context.getWorkflowStaticData('node') as Registration;

const retiredOf = ({ retired }: Registration, now: number): RetiredSecret[] =>
	Array.isArray(retired) ? retired.filter(({ until }) => now <= until) : [];

/**
 * Every secret that a callback may be signed with, the present one first.
 *
 * @param now milliseconds since 1970
 */
export function secretsOf(registration: Registration, now: number): string[] {
	const retired = retiredOf(registration, now).map((entry) => entry.secret);
	return registration.secret ? [registration.secret, ...retired] : retired;
}

/**
 * Keeps accepting a secret that is no longer the webhook's: callbacks signed with it may be on
 * their way or be repeated.
 *
 * @param hours for how long
 */
export function retire(
	registration: Registration,
	secret: string | undefined,
	hours: number,
	now: number,
): void {
	const others = retiredOf(registration, now).filter((entry) => entry.secret !== secret);
	const retired = secret ? [{ secret, until: now + hours * 3_600_000 }, ...others] : others;
	// n8n notices a new value, not a change within one.
	registration.retired = retired.slice(0, MAX_RETIRED);
}

/** Forgets the webhook; what was signed with its secret stays acceptable for some hours. */
export function forget(registration: Registration, hours: number, now: number): void {
	retire(registration, registration.secret, hours, now);
	delete registration.webhookId;
	delete registration.secret;
	delete registration.target;
	delete registration.appId;
	delete registration.projectId;
}
