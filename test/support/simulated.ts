import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { CredentialStore } from './engine';
import { storeWith } from './package';
import { startSimulator } from './simulator';
import type { Demo, RunningSimulator } from './simulator';

export interface Simulated {
	simulator: RunningSimulator;
	demo: Demo;
	/** A store with the demo project's key, with or without a token. */
	store(data?: ICredentialDataDecryptedObject): CredentialStore;
	/** Calls the simulated Sinch API itself, as the owner of the demo project. */
	api<T>(method: string, path: string, body?: unknown): Promise<T>;
	/** The demo app that stores contacts. */
	appId: string;
}

/** Starts the simulator and prepares the demo project's credential for the nodes under test. */
export async function simulate(): Promise<Simulated> {
	const simulator = await startSimulator();
	const demo = await simulator.control.demo();
	const { projectId, keyId, keySecret } = demo.project;
	const appId = demo.apps.find(({ processingMode }) => processingMode === 'CONVERSATION')!.appId;
	const basic = Buffer.from(`${keyId}:${keySecret}`).toString('base64');
	return {
		simulator,
		demo,
		appId,
		store: (data = {}) =>
			storeWith({
				projectId,
				keyId,
				keySecret,
				appId,
				region: 'custom',
				apiUrl: `${simulator.url}/`,
				authUrl: simulator.url,
				accessToken: '',
				...data,
			}),
		api: async (method, path, body) => {
			const response = await fetch(`${simulator.url}/v1/projects/${projectId}${path}`, {
				method,
				headers: { authorization: `Basic ${basic}`, 'content-type': 'application/json' },
				body: body === undefined ? undefined : JSON.stringify(body),
			});
			if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
			return (await response.json()) as never;
		},
	};
}
