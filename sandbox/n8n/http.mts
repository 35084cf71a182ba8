import { setTimeout as sleep } from 'node:timers/promises';

/** n8n refused a request. */
export class N8nApiError extends Error {
	override name = 'N8nApiError';

	constructor(
		readonly method: string,
		readonly path: string,
		/** HTTP status. */
		readonly status: number,
		/** n8n's own sentence. */
		readonly reason: string,
	) {
		super(`n8n refused ${method} ${path} with ${status}: ${reason}`);
	}
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** n8n ties the login cookie to the browser ID: any fixed text works, if every call sends it. */
const BROWSER_ID = 'sinch-capability-sandbox';
const TRIES = 3;
const LIMIT_MS = 60_000;

/** How long n8n may be without its database, in milliseconds. */
const DATABASE_LIMIT_MS = 180_000;

/** n8n's REST interface for its editor: JSON under `/rest`, with the login cookie. */
export class N8nHttp {
	private cookie = '';

	constructor(readonly url: string) {}

	/** Returns `data` of n8n's answer. */
	async request<T>(method: Method, path: string, body?: unknown): Promise<T> {
		let response = await this.send(method, `/rest${path}`, body);
		for (const end = performance.now() + DATABASE_LIMIT_MS; await hasNoDatabase(response);) {
			if (performance.now() > end) break;
			await sleep(500);
			response = await this.send(method, `/rest${path}`, body);
		}
		const cookie = response.headers.getSetCookie().find((line) => line.startsWith('n8n-auth='));
		if (cookie) this.cookie = cookie.split(';', 1)[0];
		const text = await response.text();
		if (!response.ok) throw new N8nApiError(method, path, response.status, reasonIn(text));
		return (text === '' ? undefined : (JSON.parse(text) as { data: T }).data) as T;
	}

	/** A JSON file that the editor loads. */
	async file<T>(path: string): Promise<T> {
		const response = await this.send('GET', path, undefined);
		if (!response.ok) throw new N8nApiError('GET', path, response.status, await response.text());
		return (await response.json()) as T;
	}

	/** Waits while n8n refuses everything with 503, as it does when its database does not respond. */
	private async send(method: Method, path: string, body: unknown): Promise<Response> {
		for (const end = performance.now() + LIMIT_MS; ; await sleep(500)) {
			const response = await this.sendOnce(method, path, body);
			if (response.status !== 503 || performance.now() > end) return response;
			await response.body?.cancel();
		}
	}

	/** A GET is repeated when the connection breaks: n8n closes idle ones at any time. */
	private async sendOnce(method: Method, path: string, body: unknown): Promise<Response> {
		for (let tries = method === 'GET' ? TRIES : 1; ; tries -= 1) {
			try {
				return await fetch(this.url + path, {
					method,
					headers: {
						accept: 'application/json',
						'content-type': 'application/json',
						'browser-id': BROWSER_ID,
						connection: 'close',
						cookie: this.cookie,
					},
					body: body === undefined ? undefined : JSON.stringify(body),
					signal: AbortSignal.timeout(LIMIT_MS),
				});
			} catch (error) {
				if (tries <= 1) throw error;
				await sleep(200);
			}
		}
	}
}

/**
 * On a busy computer, n8n considers its database lost when it has not responded for five seconds, and
 * refuses everything until it has.
 */
async function hasNoDatabase(response: Response): Promise<boolean> {
	return response.status === 503 && /Database is not ready/.test(await response.clone().text());
}

function reasonIn(text: string): string {
	try {
		const { message, hint } = JSON.parse(text) as { message?: string; hint?: string };
		return [message, hint].filter(Boolean).join(' ') || text;
	} catch {
		return text.slice(0, 300);
	}
}
