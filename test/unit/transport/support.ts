import type { ApiClient, SinchRequest } from '../../../nodes/SinchCapability/transport/client';

export const LOST = new Error('the connection was lost');

/** What the fake client was asked for, without how the response is read. */
export type Asked = Pick<SinchRequest<unknown>, 'method' | 'path' | 'query' | 'body'>;

/** A client that gets a response to each request; without one, it asks what the request has achieved. */
export function clientWith(respond: (asked: Asked) => object | undefined) {
	const asked: Asked[] = [];
	const client: ApiClient = {
		request: async ({ method, path, query, body, expect: read, recover }) => {
			const one = { method, path, query, body };
			asked.push(one);
			const response = respond(one);
			const result = response === undefined ? await recover?.() : read(response);
			if (result === undefined) throw LOST;
			return result;
		},
	};
	return { client, asked };
}
