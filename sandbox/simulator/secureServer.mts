import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import type { Timers } from './callbacks/timers.mts';

/** The simulator over https, with a certificate that is new in each run. */
export interface SecureServer {
	/** For example `https://127.0.0.1:4011`, without a slash at the end. */
	url: string;
	/** PEM text, for `NODE_EXTRA_CA_CERTS` of a client. */
	certificate: string;
	close(): Promise<void>;
}

export interface SecureOptions {
	listener: RequestListener;
	timers: Timers;
	/** Delay before the handshake of a new connection, in milliseconds. */
	connectLatencyMs: () => number;
}

const HOST = '127.0.0.1';

/** Serves requests over https on a free port of 127.0.0.1. */
export async function startSecureServer(options: SecureOptions): Promise<SecureServer> {
	const { key, certificate } = await createCertificate();
	const tls = createTlsServer({ key, cert: certificate }, options.listener);
	// In front of the TLS server, which would begin the handshake immediately.
	const front = createServer({ pauseOnConnect: true }, (socket) => {
		socket.on('error', () => socket.destroy());
		options.timers.after(options.connectLatencyMs(), () => {
			tls.emit('connection', socket);
			socket.resume();
		});
	});
	const sockets = new Set<{ destroy(): unknown }>();
	front.on('connection', (socket) => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
	});
	front.listen(0, HOST);
	await once(front, 'listening');
	return {
		url: `https://${HOST}:${(front.address() as AddressInfo).port}`,
		certificate,
		async close() {
			const closed = once(front, 'close');
			front.close();
			for (const socket of sockets) socket.destroy();
			await closed;
		},
	};
}

async function createCertificate(): Promise<{ key: string; certificate: string }> {
	// Loaded on demand, because it is large and few runs need it.
	const { generate } = await import('selfsigned');
	const pems = await generate([{ name: 'commonName', value: HOST }], {
		keyType: 'ec',
		algorithm: 'sha256',
		extensions: [
			{ name: 'basicConstraints', cA: true, critical: true },
			{ name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
			{ name: 'extKeyUsage', serverAuth: true },
			{
				name: 'subjectAltName',
				altNames: [
					{ type: 7, ip: HOST },
					{ type: 2, value: 'localhost' },
				],
			},
		],
	});
	return { key: pems.private, certificate: pems.cert };
}
