import type { FastifyInstance, HTTPMethods } from 'fastify';
import { SinchError } from '../errors.mts';

const METHODS: HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Known paths respond with 501 UNIMPLEMENTED to every method that they do not have. */
export function refuseOtherMethods(
	server: FastifyInstance,
	paths: Record<string, HTTPMethods[]>,
): void {
	for (const [url, known] of Object.entries(paths)) {
		server.route({
			method: METHODS.filter((method) => !known.includes(method)),
			url,
			handler: ({ method }) => {
				throw new SinchError(501, `Method ${method} is not implemented for this path`);
			},
		});
	}
}
