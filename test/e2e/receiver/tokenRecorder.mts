import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface TokenRecorder {
	/** To be used as Auth URL. */
	url: string;
	close(): Promise<void>;
}

/**
 * A proxy for the token endpoint that records the tokens, so that a test can search for them.
 *
 * @param tokens receives every issued access token
 */
export async function recordTokens(authUrl: string, tokens: string[]): Promise<TokenRecorder> {
	const server = createServer(async (request, response) => {
		const answer = await fetch(`${authUrl}${request.url}`, {
			method: request.method,
			headers: {
				authorization: request.headers.authorization ?? '',
				'content-type': request.headers['content-type'] ?? '',
			},
			body: await text(request),
		});
		const body = (await answer.json()) as { access_token?: string };
		if (body.access_token) tokens.push(body.access_token);
		response.writeHead(answer.status, { 'content-type': 'application/json' });
		response.end(JSON.stringify(body));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
