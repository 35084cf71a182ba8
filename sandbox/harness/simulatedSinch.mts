import { conversationApp } from '../demo/control.mts';
import type { Demo } from '../simulator/wire.ts';

export interface SinchWebhook {
	id: string;
	app_id: string;
	target: string;
	target_type: string;
	secret: string;
	triggers: string[];
}

/** Calls the simulator: its control API, and Sinch's API as the owner of the demo project. */
export class SimulatedSinch {
	/** @param url the base URL of the simulator, without a slash at the end */
	constructor(
		readonly url: string,
		private readonly demo: Demo,
	) {}

	get appId(): string {
		return conversationApp(this.demo).appId;
	}

	/** @throws Error with the response's text if the status is not 2xx */
	async control<T>(method: string, path: string, body?: unknown): Promise<T> {
		return await send(method, `${this.url}/_control${path}`, {}, body);
	}

	/**
	 * @param path below the project, for example `/capability:query`
	 * @throws Error with the response's text if the status is not 2xx
	 */
	async api<T>(method: string, path: string, body?: unknown): Promise<T> {
		const { projectId, keyId, keySecret } = this.demo.project;
		const authorization = `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`;
		return await send(
			method,
			`${this.url}/v1/projects/${projectId}${path}`,
			{ authorization },
			body,
		);
	}

	/** The webhooks of the app that stores contacts. */
	async webhooks(): Promise<SinchWebhook[]> {
		const path = `/apps/${this.appId}/webhooks`;
		const { webhooks } = await this.api<{ webhooks: SinchWebhook[] }>('GET', path);
		return webhooks;
	}
}

async function send<T>(
	method: string,
	url: string,
	headers: Record<string, string>,
	body: unknown,
): Promise<T> {
	const response = await fetch(url, {
		method,
		headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	if (!response.ok) throw new Error(`${method} ${url}: ${await response.text()}`);
	return (await response.json()) as T;
}
