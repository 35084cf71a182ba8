import type { FastifyReply } from 'fastify';
import type { Settings } from './wire.ts';

const STATUS_NAMES = {
	400: 'INVALID_ARGUMENT',
	401: 'UNAUTHENTICATED',
	403: 'UNAUTHORIZED',
	404: 'NOT_FOUND',
	429: 'RESOURCE_EXHAUSTED',
	500: 'INTERNAL',
	501: 'UNIMPLEMENTED',
	503: 'UNAVAILABLE',
} as const;

export type SinchStatus = keyof typeof STATUS_NAMES;

/** An error response of the Conversation API. */
export class SinchError extends Error {
	constructor(
		readonly statusCode: SinchStatus,
		message: string,
		readonly headers: Record<string, string> = {},
	) {
		super(message);
	}
}

export const invalid = (message: string) => new SinchError(400, message);
export const notFound = (what: string, id: string) =>
	new SinchError(404, `${what} ${id} not found`);

/**
 * The body of an error: `{ error: { code, message, status, details } }` as in Sinch's overview,
 * the same without `error` as in its response examples, or in its problem format.
 */
export function errorBody(form: Settings['errorForm'], code: number, message: string): object {
	const status = code in STATUS_NAMES ? STATUS_NAMES[code as SinchStatus] : 'UNKNOWN';
	if (form === 'problem') {
		return { type: `https://sinch.simulator/errors/${code}`, title: status, detail: message };
	}
	const error = { code, message, status, details: [] };
	return form === 'nested' ? { error } : error;
}

/** Responds with the error that a route or Fastify itself has thrown. */
export function sendError(reply: FastifyReply, settings: Settings, thrown: unknown): FastifyReply {
	const error = asSinchError(thrown);
	reply.request.entry.error = error.message;
	return reply
		.code(error.statusCode)
		.headers(error.headers)
		.send(errorBody(settings.errorForm, error.statusCode, error.message));
}

function asSinchError(thrown: unknown): SinchError {
	if (thrown instanceof SinchError) return thrown;
	const { code, statusCode, message } = thrown as Error & { code?: string; statusCode?: number };
	if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
		return invalid('Content-Type must be application/json');
	}
	return statusCode && statusCode < 500 ? invalid(message) : new SinchError(500, message);
}
