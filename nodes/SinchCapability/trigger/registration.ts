import { randomBytes } from 'node:crypto';
import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

/** 256 random bits. */
export const createSecret = () => randomBytes(32).toString('base64url');

/** Whether a secret has the form of those that this node creates. */
export const isOwnSecret = (secret: unknown): secret is string =>
	typeof secret === 'string' && /^[\w-]{43}$/.test(secret);

/** More rotations than this within one age window are not followed. */
const MAX_RETIRED = 5;

/** A former secret; Sinch may have signed pending callbacks with it. */
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
	/** The n8n that registered it, because static data is copied with a workflow. */
	instanceId?: string;
	secret?: string;
	/** Where the webhook was registered and for which app, to find it after one of them has changed. */
	target?: string;
	appId?: string;
	projectId?: string;
	/** Of the API, which differs from region to region. */
	apiUrl?: string;
	retired?: RetiredSecret[];
}

export const registrationOf = (context: IHookFunctions | IWebhookFunctions): Registration =>
	context.getWorkflowStaticData('node') as Registration;

const retiredOf = ({ retired }: Registration, now: number): RetiredSecret[] =>
	Array.isArray(retired) ? retired.filter(({ until }) => now <= until) : [];

/**
 * Every secret that a callback may be signed with, the current one first.
 *
 * @param now milliseconds since 1970
 */
export function secretsOf(registration: Registration, now: number): string[] {
	const retired = retiredOf(registration, now).map((entry) => entry.secret);
	return registration.secret ? [registration.secret, ...retired] : retired;
}

/**
 * Keeps accepting a secret that is no longer the webhook's: callbacks signed with it may be in
 * transit or be repeated.
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
	// n8n saves a new value, but does not notice a change inside one.
	registration.retired = retired.slice(0, MAX_RETIRED);
}

/** Forgets the webhook; callbacks signed with its secret stay acceptable for some hours. */
export function forget(registration: Registration, hours: number, now: number): void {
	retire(registration, registration.secret, hours, now);
	delete registration.webhookId;
	delete registration.instanceId;
	delete registration.secret;
	delete registration.target;
	delete registration.appId;
	delete registration.projectId;
	delete registration.apiUrl;
}
