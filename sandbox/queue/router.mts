import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface Router {
	/** For example `http://127.0.0.1:8080`, without a slash at the end. */
	url: string;
	/** The port of an n8n process that gets every path that begins with the prefix. */
	route(prefix: string, port: number): void;
	close(): Promise<void>;
}

/**
 * The load balancer in front of an n8n in queue mode, as n8n's documentation wants it: it looks at the
 * path only. The longest prefix wins; a path without one gets 502.
 */
export async function startRouter(): Promise<Router> {
	const routes = new Map<string, number>();
	const portFor = (path: string) =>
		[...routes]
			.filter(([prefix]) => path.startsWith(prefix))
			.sort(([one], [other]) => other.length - one.length)[0]?.[1];

	function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
		const { method, url: path = '/', headers } = incoming;
		const refuse = () => outgoing.writeHead(502).end();
		const port = portFor(path);
		if (port === undefined) {
			refuse();
			return;
		}
		const onward = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
			outgoing.writeHead(answer.statusCode!, answer.headers);
			answer.pipe(outgoing);
		});
		onward.on('error', refuse);
		incoming.pipe(onward);
	}

	const server = createServer(forward).listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		route: (prefix, port) => void routes.set(prefix, port),
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
