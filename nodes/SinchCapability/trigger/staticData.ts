import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

export type Context = IHookFunctions | IWebhookFunctions;

/** More rotations than this within one age window are not followed. */
const MAX_RETIRED = 5;

/** A former secret; Sinch may have signed pending callbacks with it. */
interface RetiredSecret {
	secret: string;
	/** Milliseconds since 1970. */
	until: number;
	/** The trigger node that it belonged to, by `nodeId`. */
	node?: string;
}

/**
 * The node's static data: what was registered at Sinch, and the secret to verify notifications
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
	/** Of the API, which differs from region to region; as texts may show it. */
	apiUrl?: string;
	/** Where older versions kept what is now in the workflow's static data. */
	retired?: RetiredSecret[];
}

export const registrationOf = (context: Context): Registration =>
	context.getWorkflowStaticData('node') as Registration;

/** The workflow's static data. n8n keeps a node's own under its name, so a renamed node begins without. */
const workflowDataOf = (context: Context) =>
	context.getWorkflowStaticData('global') as { sinchCapabilityRetired?: RetiredSecret[] };

function nodeId(context: Context): string {
	const { webhookId, id } = context.getNode();
	return webhookId ?? `${context.getWorkflow().id} ${id}`;
}

/** Names a trigger node in the memory of a process, apart from its test: both may get the same callback. */
export const triggerKey = (context: Context): string => `${nodeId(context)} ${context.getMode()}`;

/** The former secrets of all triggers of the workflow, those whose time is over included. */
function storedSecrets(context: Context): RetiredSecret[] {
	const own = { node: nodeId(context) };
	const { sinchCapabilityRetired: retired } = workflowDataOf(context);
	const { retired: older } = registrationOf(context);
	return [
		...(Array.isArray(retired) ? retired : []),
		...(Array.isArray(older) ? older.map((entry) => ({ ...entry, ...own })) : []),
	];
}

const isAccepted =
	(now: number) =>
	({ until }: RetiredSecret): boolean =>
		now <= until;

/** Every secret that a callback may be signed with, the current one first. @param now milliseconds since 1970 */
export function secretsOf(context: Context, now: number): string[] {
	const { secret } = registrationOf(context);
	const own = storedSecrets(context).filter(({ node }) => node === nodeId(context));
	const retired = own.filter(isAccepted(now));
	return [secret ?? '', ...retired.map((entry) => entry.secret)].filter(Boolean);
}

/** Accepts a former secret for some more hours: callbacks signed with it may be in transit or be repeated. */
export function retire(context: Context, secret: string | undefined, hours: number, now: number) {
	const node = nodeId(context);
	const all = storedSecrets(context).filter(isAccepted(now));
	const own = all.filter((entry) => entry.node === node && entry.secret !== secret);
	if (secret) {
		own.unshift({ secret, until: now + hours * 3_600_000, node });
	}
	// n8n saves a new value, but does not notice a change inside one.
	workflowDataOf(context).sinchCapabilityRetired = [
		...own.slice(0, MAX_RETIRED),
		...all.filter((entry) => entry.node !== node),
	];
	delete registrationOf(context).retired;
}

/** Removes the former secrets whose time is over. Without one, it changes nothing, and n8n saves nothing. */
export function removeExpired(context: Context, now: number): void {
	if (!storedSecrets(context).every(isAccepted(now))) {
		retire(context, undefined, 0, now);
	}
}

/** Forgets the webhook; callbacks signed with its secret stay acceptable for some hours. */
export function forget(context: Context, hours: number, now: number): void {
	const registration = registrationOf(context);
	retire(context, registration.secret, hours, now);
	for (const name of Object.keys(registration)) {
		delete registration[name as keyof Registration];
	}
}
