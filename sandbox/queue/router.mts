import {
	createServer,
	request,
	type IncomingHttpHeaders,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface Router {
	/** For example `http://127.0.0.1:8080`, without a slash at the end. */
	url: string;
	/** The ports of the n8n processes that share, in turn, the paths with the prefix. */
	route(prefix: string, ports: number[]): void;
	/** Called for each request. */
	onRequest: (path: string, headers: IncomingHttpHeaders) => void;
	close(): Promise<void>;
}

/**
 * The load balancer in front of n8n in queue mode, as n8n's documentation describes it: by path only.
 * The longest prefix wins; a path that matches no prefix gets 502.
 */
export async function startRouter(): Promise<Router> {
	const routes = new Map<string, number[]>();
	const portFor = (path: string) => {
		const ports = [...routes]
			.filter(([prefix]) => path.startsWith(prefix))
			.sort(([one], [other]) => other.length - one.length)[0]?.[1];
		const port = ports?.shift();
		if (port !== undefined) ports!.push(port);
		return port;
	};

	function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
		const { method, url: path = '/', headers } = incoming;
		const refuse = () => outgoing.writeHead(502).end();
		router.onRequest(path, headers);
		const port = portFor(path);
		if (port === undefined) {
			refuse();
			return;
		}
		const onward = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
			outgoing.writeHead(answer.statusCode!, answer.headers);
			answer.pipe(outgoing);
		});
		onward.on('error', () => (outgoing.headersSent ? outgoing.destroy() : refuse()));
		outgoing.once('close', () => onward.destroy());
		incoming.pipe(onward);
	}

	const server = createServer(forward).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const router: Router = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		route: (prefix, ports) => void routes.set(prefix, [...ports]),
		onRequest: () => undefined,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
	return router;
}
