import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';

import type { Demo } from '../../sandbox/simulator/wire';
import { SinchCapability } from '../../nodes/SinchCapability/SinchCapability.node';
import { runNode } from './engine';
import type { CredentialStore, RunNodeOptions } from './engine';
import { storeWith } from './package';
import { startSimulator } from './simulator';
import type { RunningSimulator, SimulatorControl } from './simulator';

export interface Simulated {
	simulator: RunningSimulator;
	/** Log, settings and faults of the simulator. */
	control: SimulatorControl;
	demo: Demo;
	/** A store with the demo project's key, with or without a token. */
	store(data?: ICredentialDataDecryptedObject): CredentialStore;
	/** Calls the simulated Sinch API as the owner of the demo project. */
	api<T>(method: string, path: string, body?: unknown): Promise<T>;
	/** The demo app that stores contacts. */
	appId: string;
}

/** Starts the simulator and prepares the demo project's credential for the nodes under test. */
async function simulate(): Promise<Simulated> {
	const simulator = await startSimulator();
	const demo = await simulator.control.demo();
	const { projectId, keyId, keySecret } = demo.project;
	const appId = demo.apps.find(({ processingMode }) => processingMode === 'CONVERSATION')!.appId;
	const basic = Buffer.from(`${keyId}:${keySecret}`).toString('base64');
	return {
		simulator,
		control: simulator.control,
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

/**
 * One simulator for all tests of the file: started before the first, reset after each, stopped
 * after the last. Its properties can be read from the first `beforeEach` on.
 */
export function useSimulator(): Simulated {
	let started: Simulated | undefined;
	const current = (): Simulated => {
		if (!started) throw new Error('The simulator runs only inside tests');
		return started;
	};
	beforeAll(async () => {
		started = await simulate();
	});
	afterEach(async () => await current().control.reset());
	afterAll(async () => await started?.simulator.stop());
	return {
		get simulator() {
			return current().simulator;
		},
		get control() {
			return current().control;
		},
		get demo() {
			return current().demo;
		},
		get appId() {
			return current().appId;
		},
		store: (data) => current().store(data),
		api: async (method, path, body) => await current().api(method, path, body),
	};
}

/**
 * Posts the answers that the fault `drop` has kept back, so that a test decides when they come.
 *
 * @param recipient the identity whose answers are posted; all without it
 */
export async function deliverDropped({ control }: Simulated, recipient?: string): Promise<void> {
	const { deliveries } = await control.log();
	const dropped = deliveries.filter(
		({ state, identity }) => state === 'dropped' && identity === (recipient ?? identity),
	);
	await Promise.all(
		dropped.map(async ({ appId, requestId, channel, identity, capabilityStatus }) => {
			const answer = { request_id: requestId, channel, identity };
			const capability_notification = { ...answer, capability_status: capabilityStatus };
			await control.callbacks({ appId, body: { app_id: appId, capability_notification } });
		}),
	);
}

/** Runs the action node, with the demo project's credential unless the settings have another. */
export async function runAction(
	simulated: Simulated,
	parameters: INodeParameters,
	items: IDataObject[] = [{}],
	settings: RunNodeOptions = {},
): ReturnType<typeof runNode> {
	return await runNode(new SinchCapability(), parameters, items, {
		credentials: simulated.store(),
		...settings,
	});
}
