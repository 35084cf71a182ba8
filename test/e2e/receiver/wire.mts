import { connect } from 'node:net';
import { finished } from 'node:stream/promises';

export interface WireRequest {
	method: string;
	/** Header lines in order; a name may occur twice. */
	headers: Array<[name: string, value: string]>;
	body: Buffer;
	/** Sends only this many bytes of the body and hangs up. */
	cutAt?: number;
	chunked?: boolean;
}

const LIMIT_MS = 120_000;

function head(target: URL, { method, headers, body, chunked }: WireRequest): string {
	const length: [string, string] = chunked
		? ['transfer-encoding', 'chunked']
		: ['content-length', String(body.length)];
	const lines = [['host', target.host], ['connection', 'close'], length, ...headers];
	const first = `${method} ${target.pathname} HTTP/1.1`;
	return `${[first, ...lines.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`;
}

function inChunks(body: Buffer): Buffer {
	const chunks: Buffer[] = [];
	for (let at = 0; at < body.length; at += 50) {
		const part = body.subarray(at, at + 50);
		chunks.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
	}
	return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')]);
}

/** Sends a request exactly as given. Returns the status of the response, null without one. */
export async function send(address: string, request: WireRequest): Promise<number | null> {
	const target = new URL(address);
	const socket = connect(Number(target.port), target.hostname);
	socket.setTimeout(LIMIT_MS, () => socket.destroy());
	const { body, chunked, cutAt } = request;
	socket.write(Buffer.from(head(target, request), 'latin1'));
	if (cutAt === undefined) {
		socket.write(chunked ? inChunks(body) : body);
	} else {
		socket.write(body.subarray(0, cutAt), () => setTimeout(() => socket.destroy(), 50));
	}
	let answer = '';
	socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
	// A reset after the response does not undo the response.
	await finished(socket).catch(() => {});
	const status = /^HTTP\/1\.1 (\d{3})/.exec(answer);
	return status ? Number(status[1]) : null;
}
