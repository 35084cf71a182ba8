/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { startSimulator } from '../../support/simulator';
import type { RunningSimulator, SimulatorControl } from '../../support/simulator';
import type { Demo } from '../../../sandbox/simulator/wire';

export interface ErrorShape {
	error: { code: number; message: string; status: string; details: unknown[] };
}

interface Answered<T = ErrorShape> {
	status: number;
	headers: Headers;
	body: T;
}

export interface WebhookShape {
	id: string;
	app_id: string;
	target: string;
	target_type: string;
	secret: string;
	triggers: string[];
	client_credentials: null;
}

export interface Sinch {
	url: string;
	demo: Demo;
	control: SimulatorControl;
	/** The app in CONVERSATION mode and the one in DISPATCH mode. */
	appId: string;
	dispatchAppId: string;
	/** A request to the token endpoint; the valid one by default. */
	askToken(init?: {
		headers?: Record<string, string>;
		body?: URLSearchParams | string;
	}): Promise<Answered<Record<string, unknown>>>;
	token(): Promise<string>;
	/** A request to the demo project's API, with Basic authentication by default. */
	call<T = ErrorShape>(
		method: string,
		path: string,
		body?: unknown,
		headers?: Record<string, string>,
	): Promise<Answered<T>>;
	addWebhook(fields: Partial<WebhookShape>): Promise<WebhookShape>;
	query(recipient: object, requestId?: string): Promise<{ request_id: string }>;
	stop(): Promise<void>;
}

export const basic = (keyId: string, keySecret: string) =>
	`Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`;

async function answered<T>(response: Response): Promise<Answered<T>> {
	const text = await response.text();
	const isJson = response.headers.get('content-type')?.includes('json');
	const body = (isJson ? JSON.parse(text) : text) as T;
	return { status: response.status, headers: response.headers, body };
}

/** A running simulator with helpers to call it as the owner of the demo project. */
export async function startSinch(): Promise<Sinch> {
	const simulator: RunningSimulator = await startSimulator();
	const { url, control } = simulator;
	const demo = await control.demo();
	const { projectId, keyId, keySecret } = demo.project;
	const authorization = basic(keyId, keySecret);
	const appOf = (mode: string) => demo.apps.find((app) => app.processingMode === mode)!.appId;

	const sinch: Sinch = {
		url,
		demo,
		control,
		appId: appOf('CONVERSATION'),
		dispatchAppId: appOf('DISPATCH'),
		askToken: async (init = {}) =>
			await answered(
				await fetch(`${url}/oauth2/token`, {
					method: 'POST',
					headers: { authorization },
					body: new URLSearchParams({ grant_type: 'client_credentials' }),
					...init,
				}),
			),
		token: async () => String((await sinch.askToken()).body.access_token),
		call: async (method, path, body, headers = {}) =>
			await answered(
				await fetch(`${url}/v1/projects/${projectId}${path}`, {
					method,
					headers: { authorization, 'content-type': 'application/json', ...headers },
					body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
				}),
			),
		addWebhook: async (fields) => {
			const { status, body } = await sinch.call<WebhookShape>('POST', '/webhooks', {
				app_id: sinch.appId,
				target_type: 'HTTP',
				triggers: ['CAPABILITY'],
				...fields,
			});
			if (status !== 200) throw new Error(`Webhook refused: ${JSON.stringify(body)}`);
			return body;
		},
		query: async (recipient, request_id) => {
			const { status, body } = await sinch.call<{ request_id: string }>(
				'POST',
				'/capability:query',
				{ app_id: sinch.appId, recipient, request_id },
			);
			if (status !== 200) throw new Error(`Query refused: ${JSON.stringify(body)}`);
			return body;
		},
		stop: async () => await simulator.stop(),
	};
	return sinch;
}

export const byIdentity = (channel: string, identity: string) => ({
	identified_by: { channel_identities: [{ channel, identity }] },
});

export interface Received {
	headers: IncomingHttpHeaders;
	body: string;
}

export interface Receiver {
	url: string;
	received: Received[];
	/** Statuses for the next callbacks; 200 afterwards; 0 for no response. */
	answers: number[];
	/** The capability notifications received so far. */
	notifications(): Array<Record<string, unknown>>;
	close(): Promise<void>;
}

/** A webhook on a free port that records its requests. */
export async function startReceiver(): Promise<Receiver> {
	const received: Received[] = [];
	const receiver = { received, answers: [] as number[] };
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
			const status = receiver.answers.shift() ?? 200;
			if (status > 0) response.writeHead(status).end();
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	return Object.assign(receiver, {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
		notifications: () =>
			received.map(
				({ body }) =>
					(JSON.parse(body) as { capability_notification: Record<string, unknown> })
						.capability_notification,
			),
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	});
}

/** Waits until the check holds; fails after a limit that suits a busy machine. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
	const deadline = Date.now() + 120_000;
	while (!(await check())) {
		if (Date.now() > deadline) throw new Error(`Waited in vain for ${String(check)}`);
		await sleep(5);
	}
}
