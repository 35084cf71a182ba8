import type { FastifyRequest } from 'fastify';
import { PROJECTS } from './demoProject.mts';
import { SinchError } from './errors.mts';
import type { State } from './state.mts';
import type { TokenIssuer } from './tokenIssuer.mts';
import type { Project } from './wire.ts';

/** The project whose key is in a Basic `Authorization` header. */
export function projectOfBasic(header: string): Project | undefined {
	const [scheme, value = ''] = header.split(' ');
	if (scheme?.toLowerCase() !== 'basic') return undefined;
	const [, keyId, keySecret] =
		/^([^:]*):(.*)$/s.exec(Buffer.from(value, 'base64').toString()) ?? [];
	return PROJECTS.find((project) => project.keyId === keyId && project.keySecret === keySecret);
}

/**
 * Lets a request through when its token (or Basic key) is valid for the project in its path and
 * the project is within its limit of requests per second. The checks respond with 401, 403 and 429,
 * in this order.
 */
export function admit(state: State, request: FastifyRequest): void {
	const { project } = request.params as { project: string };
	const own = callingProject(request.headers.authorization ?? '', state.tokens);
	if (own !== project) {
		throw new SinchError(403, `The access key has no permission for project ${project}`);
	}
	if (!state.requestWindows.get(project)?.take()) {
		throw new SinchError(429, 'Too many requests for this project');
	}
}

function callingProject(authorization: string, tokens: TokenIssuer): string {
	const basic = projectOfBasic(authorization);
	if (basic) return basic.projectId;
	const [, token] = /^bearer (.+)$/i.exec(authorization) ?? [];
	if (!token) throw unauthenticated('Request had no valid credentials');
	const check = tokens.check(token);
	if (check.state === 'expired') throw unauthenticated('The access token has expired');
	if (check.state === 'invalid') throw unauthenticated('The access token is not valid');
	return check.projectId;
}

function unauthenticated(reason: string): SinchError {
	const challenge = `Bearer realm="sinch", error="invalid_token", error_description="${reason}"`;
	return new SinchError(401, `Request had invalid credentials. ${reason}.`, {
		'www-authenticate': challenge,
	});
}
