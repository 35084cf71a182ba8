import { isObject } from '../shared/isObject';
import { identityKey } from '../sinch/channels';
import type { CapabilityQuery, ChannelIdentity, RegisteredQuery } from '../sinch/types';

/** Reads the body of a response with a 2xx status; undefined for one that is not Sinch's. */
export type Expect<T> = (body: unknown) => T | undefined;

/** A field that Sinch documents as text; empty for anything else. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

const isId = (value: unknown): value is string => typeof value === 'string' && value !== '';

const onlyIf = <T>(isExpected: boolean, body: unknown): T | undefined =>
	isExpected ? (body as T) : undefined;

/** One resource with its id: an app, a contact, a webhook; no other than that with the given id. */
export const thing =
	<T extends { id: string }>(id?: string): Expect<T> =>
	(body) =>
		onlyIf(isObject(body) && isId(body.id) && (id ?? body.id) === body.id, body);

/** An object whose field `name` is a list of resources that were asked for; Sinch sends an empty list too. */
export const listOf =
	<T extends object>(name: string, isWanted: (one: never) => boolean = () => true): Expect<T> =>
	(body) =>
		onlyIf(
			isObject(body) &&
				Array.isArray(body[name]) &&
				body[name].every((one: unknown) => isObject(one) && isId(one.id) && isWanted(one as never)),
			body,
		);

/** Whether it is one with both parts, as Sinch documents it. */
export const isIdentity = (one: unknown): one is ChannelIdentity =>
	isObject(one) && typeof one.channel === 'string' && typeof one.identity === 'string';

/** An identity as far as it can be compared: a channel may spell a number in its own way, but not its end. */
export const nameOf = (one: ChannelIdentity): string =>
	identityKey(one).replace(/ .*(?=.{7})/s, ' ');

/** Whom a recipient names. */
function namesOf(recipient: unknown): string[] {
	const { contact_id, identified_by } = isObject(recipient) ? recipient : {};
	const identities: unknown = isObject(identified_by) && identified_by.channel_identities;
	return Array.isArray(identities)
		? identities.map((one) => (isIdentity(one) ? nameOf(one) : ' '))
		: [contact_id].filter(isId);
}

/** Whether a registration is one for the query, as far as Sinch repeats its content. */
function isFor({ app_id, recipient }: CapabilityQuery, body: Record<string, unknown>): boolean {
	const own = namesOf(recipient);
	const repeated = namesOf(body.recipient);
	const areOfOneKind = own[0]?.includes(' ') === repeated[0]?.includes(' ');
	return (
		(body.app_id || app_id) === app_id &&
		(!areOfOneKind || repeated.every((name) => own.includes(name)))
	);
}

/** The registration of a query, under the request id that Sinch has chosen. */
export const registrationOf =
	(query: CapabilityQuery): Expect<RegisteredQuery> =>
	(body) =>
		onlyIf(isObject(body) && isId(body.request_id) && isFor(query, body), body);

/** Whether it is the empty object with which Sinch confirms a deletion. */
export const isEmpty = (body: unknown): boolean => isObject(body) && Object.keys(body).length === 0;
