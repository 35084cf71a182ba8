import type { FastifyInstance, FastifyReply } from 'fastify';
import { projectOfBasic } from '../access.mts';
import type { State } from '../state.mts';

/** `POST /oauth2/token`: the client credentials grant, key id and secret by HTTP Basic. */
export function tokenRoutes(server: FastifyInstance, state: State): void {
	server.addContentTypeParser(
		'application/x-www-form-urlencoded',
		{ parseAs: 'string' },
		(_request, body, done) => done(null, new URLSearchParams(body as string)),
	);

	server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
		refuse(reply, error.statusCode === 415 ? 400 : 500, 'invalid_request', error.message),
	);

	server.post('/oauth2/token', { config: { target: 'token' } }, (request, reply) => {
		state.log.totals.tokenCalls += 1;
		if (!state.tokenBucket.take()) {
			return refuse(reply, 429, 'too_many_requests', 'Too many token requests');
		}
		if (!(request.body instanceof URLSearchParams)) {
			const form = 'The body must be application/x-www-form-urlencoded';
			return refuse(reply, 400, 'invalid_request', form);
		}
		const project = projectOfBasic(request.headers.authorization ?? '');
		if (!project) {
			reply.header('www-authenticate', 'Basic realm="sinch"');
			return refuse(reply, 401, 'invalid_client', 'Client authentication failed');
		}
		if (request.body.get('grant_type') !== 'client_credentials') {
			const grant = 'grant_type must be client_credentials';
			return refuse(reply, 400, 'unsupported_grant_type', grant);
		}
		const { tokenLifetimeSeconds } = state.settings;
		state.log.totals.tokensIssued += 1;
		return reply.header('cache-control', 'no-store').send({
			access_token: state.tokens.issue(project.projectId, tokenLifetimeSeconds),
			expires_in: tokenLifetimeSeconds,
			scope: '',
			token_type: 'bearer',
		});
	});
}

function refuse(reply: FastifyReply, status: number, error: string, description: string) {
	reply.request.entry.error = description;
	return reply.code(status).send({ error, error_description: description });
}
