import { once } from 'node:events';
import { createServer, request as connect } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FrontDoor {
	readonly url: string;
	/** The address that requests are forwarded to. */
	target: string;
	close(): void;
}

/**
 * The proxy in front of n8n that SECURITY.md recommends: it forwards requests only while n8n reports
 * that it is ready, because a starting n8n responds 200 to everything for a moment.
 */
export async function openFrontDoor(): Promise<FrontDoor> {
	const isReady = async (target: string): Promise<boolean> =>
		await fetch(`${target}/healthz/readiness`).then(
			async (response) => {
				await response.body?.cancel();
				return response.ok;
			},
			() => false,
		);
	const server = createServer((request, response) => {
		void isReady(door.target).then((ready) => {
			if (!ready) {
				request.resume();
				response.writeHead(503).end();
				return;
			}
			const { method, url, headers } = request;
			const passed = connect(door.target + url, { method, headers }, (answer) => {
				response.writeHead(answer.statusCode!, answer.headers);
				answer.on('error', () => response.destroy());
				answer.pipe(response);
			});
			passed.on('error', () => response.destroy());
			response.on('close', () => passed.destroy());
			request.pipe(passed);
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const door: FrontDoor = {
		url: `http://127.0.0.1:${port}`,
		target: '',
		close: () => {
			server.close();
			server.closeAllConnections();
		},
	};
	return door;
}
