import { isObject } from '../shared/isObject';

/** The title for every wrong response: a proxy or a captive portal can respond 200 with its own page. */
export const NOT_FROM_SINCH = 'The response did not come from Sinch';

/** A response with a 2xx status that is not what the request expects. */
export class UnexpectedResponseError extends Error {
	constructor() {
		super(NOT_FROM_SINCH);
		this.name = 'UnexpectedResponseError';
	}
}

/** Reads the body of a response. @throws UnexpectedResponseError for one that is not Sinch's */
export type Expect<T> = (body: unknown) => T;

const isId = (value: unknown): boolean => typeof value === 'string' && value !== '';

function ensure<T>(body: unknown, isExpected: boolean): T {
	if (!isExpected) {
		throw new UnexpectedResponseError();
	}
	return body as T;
}

/** One resource with its id: an app, a contact, a webhook. */
export const thing = <T extends { id: string }>(body: unknown): T =>
	ensure(body, isObject(body) && isId(body.id));

/** An object whose field `name` is a list of resources with ids; Sinch sends an empty list too. */
export const listOf =
	<T extends object>(name: string): Expect<T> =>
	(body) =>
		ensure(
			body,
			isObject(body) &&
				Array.isArray(body[name]) &&
				body[name].every((one: unknown) => isObject(one) && isId(one.id)),
		);

/** An object with the id of a registered query. */
export const registration = <T extends { request_id: string }>(body: unknown): T =>
	ensure(body, isObject(body) && isId(body.request_id));

/** The empty object with which Sinch confirms a deletion. */
export const nothing = (body: unknown): void =>
	ensure(body, isObject(body) && Object.keys(body).length === 0);
