/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports */
import { IncomingMessage, ServerResponse, STATUS_CODES, type IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import { parse as parseQuery } from 'node:querystring';
import { Writable } from 'node:stream';

/** A request as its sender defines it. */
export interface GivenRequest {
	/** Default `POST`. */
	method?: string;
	/** In any case; `undefined` for none; `host`, `content-type` (JSON) and `content-length` unless given. */
	headers?: Record<string, string | string[] | undefined>;
	/** The exact bytes sent. */
	rawBody?: Buffer | string;
	/** Sent as JSON; only without `rawBody`. */
	body?: unknown;
	/** Path and query string. */
	url?: string;
}

/** The part of Express's request that n8n's nodes use: a real `IncomingMessage` whose body n8n has read. */
export class WebhookRequest extends IncomingMessage {
	params: Record<string, string> = {};

	query: Record<string, unknown>;

	originalUrl: string;

	path: string;

	/** The bytes as received. */
	readonly sent: Buffer;

	/** The bytes after decoding `content-encoding`; absent if n8n does not read them. */
	declare rawBody: Buffer;

	/** As n8n parses it; `undefined` without a body. */
	body: unknown;

	/** Media type without parameters. */
	contentType?: string;

	constructor(given: GivenRequest, path: string) {
		super(new Socket());
		this.sent = bytesOf(given);
		this.method = given.method ?? 'POST';
		this.originalUrl = this.url = given.url ?? path;
		const [pathname, search = ''] = this.originalUrl.split('?');
		this.path = pathname;
		this.query = { ...parseQuery(search) };
		this.headers = headersOf(given, this.sent);
		this.rawHeaders = Object.entries(this.headers).flatMap(([key, value]) => [key, String(value)]);
		this.contentType = this.headers['content-type']?.split(';')[0].toLowerCase();
		this.complete = true;
		this.push(null);
	}

	/** Express' `req.get`. */
	get(name: string): string | string[] | undefined {
		return this.headers[name.toLowerCase()];
	}

	header(name: string): string | string[] | undefined {
		return this.get(name);
	}
}

function bytesOf({ rawBody, body }: GivenRequest): Buffer {
	if (rawBody !== undefined) return Buffer.from(rawBody);
	return Buffer.from(body === undefined ? '' : JSON.stringify(body));
}

function headersOf({ headers = {} }: GivenRequest, sent: Buffer): IncomingHttpHeaders {
	const given = Object.entries({
		host: 'n8n.example.com',
		...(sent.length > 0 && { 'content-type': 'application/json' }),
		'content-length': String(sent.length),
		...Object.fromEntries(
			Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]),
		),
	});
	return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** The response that the caller received. */
export interface ReceivedResponse {
	status: number;
	headers: Record<string, unknown>;
	/** Parsed when it is JSON, `undefined` when empty. */
	body: unknown;
	/** False without a response: the caller would wait forever. */
	ended: boolean;
}

/**
 * Express 5's response on a real `ServerResponse`, for a `WebhookRequest` or, as the class that
 * `createServer` uses, for requests on real connections.
 */
export class WebhookResponse extends ServerResponse {
	locals: Record<string, unknown> = {};

	private readonly chunks: Buffer[] = [];

	private statusSent?: number;

	constructor(request: IncomingMessage) {
		super(request);
		if (request instanceof WebhookRequest) {
			this.assignSocket(new Sink() as unknown as Socket);
			this.once('finish', () => process.nextTick(() => this.emit('close')));
		}
	}

	/** Throws, as Express 5 does, on a code that is not an integer. */
	status(code: number): this {
		if (!Number.isInteger(code)) {
			throw new TypeError(
				`Invalid status code: ${JSON.stringify(code)}. Status code must be an integer.`,
			);
		}
		this.statusCode = code;
		return this;
	}

	set(name: string, value: string | number | string[]): this {
		return this.setHeader(name, value);
	}

	header(name: string, value: string | number | string[]): this {
		return this.set(name, value);
	}

	get(name: string): string | number | string[] | undefined {
		return this.getHeader(name);
	}

	json(body: unknown): this {
		if (!this.hasHeader('content-type')) this.type('application/json');
		return this.send(JSON.stringify(body) as string | undefined);
	}

	send(body?: unknown): this {
		if (typeof body === 'object' && body !== null && !Buffer.isBuffer(body)) return this.json(body);
		if (typeof body === 'string' && !this.hasHeader('content-type')) this.type('text/html');
		const bytes = Buffer.isBuffer(body) ? body : Buffer.from(String(body ?? ''));
		// Throws, like Express, if the response has already been sent.
		this.set('content-length', bytes.length);
		return this.end(bytes);
	}

	sendStatus(code: number): this {
		return this.status(code)
			.type('text/plain')
			.send(STATUS_CODES[code] ?? String(code));
	}

	type(type: string): this {
		return this.set('content-type', `${type}; charset=utf-8`);
	}

	override write(chunk: unknown, ...rest: unknown[]): boolean {
		this.keep(chunk);
		return super.write(chunk, ...(rest as [BufferEncoding]));
	}

	override end(...args: unknown[]): this {
		if (!this.writableEnded) this.keep(args[0]);
		return super.end(...(args as [unknown, BufferEncoding]));
	}

	received(): ReceivedResponse {
		const text = Buffer.concat(this.chunks).toString();
		const isJson = String(this.getHeader('content-type')).includes('json');
		const body = isJson && text !== '' ? (JSON.parse(text) as unknown) : text;
		return {
			status: this.statusSent ?? this.statusCode,
			headers: { ...this.getHeaders() },
			body: body === '' ? undefined : body,
			ended: this.writableEnded,
		};
	}

	private keep(chunk: unknown) {
		this.statusSent ??= this.statusCode;
		if (typeof chunk === 'string' || chunk instanceof Uint8Array)
			this.chunks.push(Buffer.from(chunk));
	}
}

/** Accepts every byte immediately, like a connected caller. */
class Sink extends Writable {
	override _write(_chunk: unknown, _encoding: string, done: () => void) {
		done();
	}
}

/** The response to a request of which nothing matters. */
export const newResponse = () => new WebhookResponse(new WebhookRequest({}, '/'));
