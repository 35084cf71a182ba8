import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { admit } from './access.mts';
import { Deliveries } from './callbacks/deliveries.mts';
import { Timers } from './callbacks/timers.mts';
import { notFound, sendError } from './errors.mts';
import { addFaultHooks } from './faultHooks.mts';
import { isoNow } from './clock.mts';
import { appRoutes } from './routes/apps.mts';
import { capabilityRoutes } from './routes/capability.mts';
import { contactRoutes } from './routes/contacts.mts';
import { controlRoutes } from './routes/control.mts';
import { messageRoutes } from './routes/messages.mts';
import { tokenRoutes } from './routes/token.mts';
import { webhookRoutes } from './routes/webhooks.mts';
import { startSecureServer, type SecureServer } from './secureServer.mts';
import { createState, type State } from './state.mts';
import type { ApiFault, ApiTarget, RequestEntry, Settings } from './wire.ts';

declare module 'fastify' {
	interface FastifyContextConfig {
		/** The name of the route in fault rules. */
		target?: ApiTarget;
	}
	interface FastifyRequest {
		entry: RequestEntry;
		faultAfterwards: ApiFault | undefined;
	}
}

export interface SimulatorOptions {
	/** 0 takes any free port. */
	port?: number;
	/** Also serves https, on another port. */
	https?: boolean;
	/** Settings that differ from the defaults, including after a reset. */
	settings?: Partial<Settings>;
	/** Called with a readable line about each request and callback. */
	narrate?: (line: string) => void;
}

export interface Simulator {
	/** Base URL of the API, the token endpoint and the control API, without a slash at the end. */
	url: string;
	/** The same over https; only with the option `https`. */
	secure?: Pick<SecureServer, 'url' | 'certificate'>;
	close(): Promise<void>;
}

/** Starts a simulated Sinch on 127.0.0.1. Rejects with code EADDRINUSE when the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const { port = 0, https = false, settings = {}, narrate = () => {} } = options;
	const state = createState(settings, narrate);
	const deliveries = new Deliveries(state);
	const server = createServer(state, deliveries);
	const url = await server.listen({ host: '127.0.0.1', port });
	const timers = new Timers();
	const secure = https
		? await startSecureServer({
				listener: (request, response) => server.routing(request, response),
				timers,
				connectLatencyMs: () => state.settings.connectLatencyMs,
			})
		: undefined;
	return {
		url,
		secure,
		async close() {
			deliveries.stop();
			timers.clear();
			await secure?.close();
			await server.close();
		},
	};
}

function createServer(state: State, deliveries: Deliveries): FastifyInstance {
	const server = Fastify({
		forceCloseConnections: true,
		exposeHeadRoutes: false,
		ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allowUnionTypes: true } },
	});
	server.removeContentTypeParser('text/plain');
	acceptEmptyJson(server);
	void server.register(async (control) => controlRoutes(control, state, deliveries), {
		prefix: '/_control',
	});
	void server.register(async (sinch) => {
		logRequests(sinch, state);
		sinch.addHook('onRequest', async () => {
			const { apiLatencyMs } = state.settings;
			if (apiLatencyMs > 0) await sleep(apiLatencyMs, undefined, { ref: false });
		});
		addFaultHooks(sinch, state);
		void sinch.register(async (auth) => tokenRoutes(auth, state));
		void sinch.register(async (api) => apiRoutes(api, state, deliveries), {
			prefix: '/v1/projects/:project',
		});
		sinch.setNotFoundHandler((request, reply) =>
			sendError(reply, state.settings, notFound('Path', request.url)),
		);
	});
	return server;
}

function apiRoutes(server: FastifyInstance, state: State, deliveries: Deliveries): void {
	server.addHook('onRequest', async (request) => admit(state, request));
	server.setErrorHandler((error, _request, reply) => sendError(reply, state.settings, error));
	appRoutes(server, state);
	webhookRoutes(server, state);
	contactRoutes(server, state);
	capabilityRoutes(server, state, deliveries);
	messageRoutes(server, state);
}

function logRequests(server: FastifyInstance, state: State): void {
	server.decorateRequest('faultAfterwards', undefined);
	server.addHook('onRequest', async (request) => {
		const path = request.url.split('?')[0] ?? '';
		const entry = { at: isoNow(), method: request.method, path, status: null, ms: null };
		request.entry = state.log.addRequest(entry);
	});
	server.addHook('onResponse', async (request, reply) => {
		state.log.endRequest(request.entry, reply.statusCode);
	});
}

/** Sinch accepts a DELETE with the JSON content type and without a body. */
function acceptEmptyJson(server: FastifyInstance): void {
	const parse = server.getDefaultJsonParser('error', 'error');
	server.removeContentTypeParser('application/json');
	server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
		if (body === '') done(null, undefined);
		else parse(request, body as string, done);
	});
}
