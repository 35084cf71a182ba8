import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorBody } from './errors.mts';
import type { ApiFault } from './wire.ts';
import type { State } from './state.mts';

interface QueryLike {
	recipient?: {
		contact_id?: unknown;
		identified_by?: { channel_identities?: Array<{ identity?: unknown }> };
	};
}

/**
 * Applies the pending faults to requests of routes with a `target`: before the route runs, or, with
 * `processed`, in place of its response.
 */
export function addFaultHooks(server: FastifyInstance, state: State): void {
	server.addHook('preValidation', async (request, reply) => {
		const { target } = request.routeOptions.config;
		if (!target) return;
		const recipients = recipientsOf(request.body);
		const fault = state.faults.takeForRequest(target, { method: request.method, recipients });
		if (!fault) return;
		request.entry.fault = fault.kind;
		if (fault.kind === 'delay') await sleep(fault.delayMs ?? 1000, undefined, { ref: false });
		else if (fault.processed) request.faultAfterwards = fault;
		else return strike(fault, request, reply, state);
	});

	server.addHook('onSend', async (request, reply, payload) => {
		const fault = request.faultAfterwards;
		if (!fault) return payload;
		if (fault.kind === 'reset') cut(request, state);
		if (fault.kind === 'timeout') await untilClosed(request, state);
		if (fault.kind === 'reset' || fault.kind === 'timeout') return payload;
		const { type, text } = shape(fault, reply, state);
		void reply.removeHeader('content-length').type(type);
		return text;
	});
}

function strike(fault: ApiFault, request: FastifyRequest, reply: FastifyReply, state: State) {
	if (fault.kind === 'status' || fault.kind === 'garbage') {
		const { type, text } = shape(fault, reply, state);
		return reply.type(type).send(text);
	}
	reply.hijack();
	if (fault.kind === 'reset') cut(request, state);
	else void untilClosed(request, state);
	return reply;
}

/** Sets status and headers of the response that a fault causes, and returns its body. */
function shape(fault: ApiFault, reply: FastifyReply, state: State): { type: string; text: string } {
	if (fault.kind === 'garbage') {
		const { body = '<html><body>Bad gateway</body></html>' } = fault;
		return { type: 'text/html', text: typeof body === 'string' ? body : JSON.stringify(body) };
	}
	const status = fault.status ?? 500;
	reply.code(status);
	if (fault.retryAfter !== undefined) reply.header('retry-after', String(fault.retryAfter));
	const body = fault.body ?? errorBody(state.settings.errorForm, status, 'Fault on demand');
	return typeof body === 'string'
		? { type: 'text/plain', text: body }
		: { type: 'application/json', text: JSON.stringify(body) };
}

function cut(request: FastifyRequest, state: State): void {
	request.raw.socket.resetAndDestroy();
	state.log.endRequest(request.entry, null);
}

/** Does not respond: waits until the client gives up or the simulator is closed. */
async function untilClosed(request: FastifyRequest, state: State): Promise<void> {
	await once(request.raw.socket, 'close');
	state.log.endRequest(request.entry, null);
}

function recipientsOf(body: unknown): string[] {
	const { recipient } = (body ?? {}) as QueryLike;
	const identities = recipient?.identified_by?.channel_identities;
	const named = Array.isArray(identities) ? identities.map((item) => item?.identity) : [];
	return [recipient?.contact_id, ...named].filter((name) => typeof name === 'string');
}
