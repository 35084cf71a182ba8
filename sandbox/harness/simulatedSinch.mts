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

	/** @throws Error without a webhook for the target */
	async secretOf(target: string): Promise<string> {
		const webhook = (await this.webhooks()).find((one) => one.target === target);
		if (!webhook) throw new Error(`No webhook at Sinch has the target ${target}`);
		return webhook.secret;
	}

	/** Has the answers of the app that stores contacts delivered to a target. */
	async register(target: string, secret: string): Promise<void> {
		const webhook = { target, target_type: 'HTTP', triggers: ['CAPABILITY'], secret };
		await this.api('POST', '/webhooks', { app_id: this.appId, ...webhook });
	}

	/** Removes the webhooks with a target; what has not been delivered yet is lost. */
	async unregister(target: string): Promise<void> {
		const own = (await this.webhooks()).filter((one) => one.target === target);
		for (const { id } of own) await this.api('DELETE', `/webhooks/${id}`);
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
