import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDemo } from '../demo/control.mts';
import { N8nApi, type Login } from '../n8n/api.mts';
import type { N8nInstance, StartOptions as N8nOptions } from '../n8n/instance.mts';
import { ensurePacked } from '../n8n/package.mts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator/simulator.mts';
import type { Demo } from '../simulator/wire.ts';

/** Time limit of one start, including a first installation of n8n. */
export const START_LIMIT_MS = 40 * 60_000;

/** The part of an n8n that every harness uses. */
export interface Running {
	url: string;
	stop(): Promise<void>;
}

/** An n8n of which tests may need to restart the process. */
export type Restartable = Running & Pick<N8nInstance, 'restart'>;

export type StartOptions = Pick<N8nOptions, 'version' | 'onProgress'> & {
	packageTarball: string;
	/** A folder that survives n8n, even a crash, until the end. */
	userFolder: string;
};

export interface PartsOptions<N8n extends Running> {
	simulator?: SimulatorOptions;
	/** @param folder for temporary files, removed at the end */
	start: (options: StartOptions, simulator: Simulator, folder: string) => Promise<N8n>;
}

/** What tests, browser tests and benchmarks run against. */
export interface Parts<N8n extends Running> {
	n8n: N8n;
	api: N8nApi;
	/** n8n's owner. */
	login: Login;
	simulator: Simulator;
	demo: Demo;
	/** Adds something to close at the end, before all that was opened earlier. */
	onEnd(close: () => Promise<unknown>): void;
	/** Stops n8n and the simulator, and removes their files. */
	end(): Promise<void>;
}

/** An n8n that runs already, with the package installed and an owner, according to the environment. */
export interface ExistingN8n {
	url: string;
	login: Login;
}

/**
 * The n8n that `N8N_BASE_URL`, `N8N_OWNER_EMAIL` and `N8N_OWNER_PASSWORD` name, if any. It must reach the
 * simulator on 127.0.0.1 of this computer, so it runs here or in a container with the host's network.
 * @throws Error when the address is there without the login
 */
export function existingN8n(env: NodeJS.ProcessEnv = process.env): ExistingN8n | undefined {
	const { N8N_BASE_URL, N8N_OWNER_EMAIL: email, N8N_OWNER_PASSWORD: password } = env;
	if (!N8N_BASE_URL) return undefined;
	if (!email || !password) {
		throw new Error('N8N_BASE_URL needs N8N_OWNER_EMAIL and N8N_OWNER_PASSWORD beside it.');
	}
	return { url: N8N_BASE_URL.replace(/\/+$/, ''), login: { email, password } };
}

/** Removes from an n8n that goes on running what a user has created through this connection. */
async function removeCreated(api: N8nApi): Promise<void> {
	for (const { id } of api.createdWorkflows) await api.removeWorkflow(id);
	for (const { id } of api.createdCredentials)
		await api.http.request('DELETE', `/credentials/${id}`);
}

/**
 * Starts the simulator and logs in to an n8n that runs already. It is left as it was found, except for
 * the executions.
 */
export async function useExisting(
	{ url, login }: ExistingN8n,
	options?: SimulatorOptions,
): Promise<Parts<Restartable>> {
	const simulator = await startSimulator(options);
	const api = new N8nApi(url);
	const opened: Array<() => Promise<unknown>> = [simulator.close];
	const end = async () => {
		for (const close of opened.splice(0).reverse()) await close();
	};
	try {
		await api.logIn(login);
		opened.push(async () => await removeCreated(api));
		const n8n: Restartable = {
			url,
			stop: async () => undefined,
			restart: async () => {
				throw new Error(`${url} is not to be restarted by tests.`);
			},
		};
		const onEnd = (close: () => Promise<unknown>) => void opened.push(close);
		return { n8n, api, login, simulator, demo: await readDemo(simulator.url), onEnd, end };
	} catch (error) {
		await end();
		throw error;
	}
}

/**
 * Starts the simulator, then n8n with the packed package and an owner. `N8N_VERSION` selects a folder of
 * `sandbox/n8n/versions`; the default is the newest n8n.
 */
export async function startParts<N8n extends Running>({
	simulator: simulatorOptions,
	start,
}: PartsOptions<N8n>): Promise<Parts<N8n>> {
	const folder = await mkdtemp(join(tmpdir(), 'sinch-sandbox-harness-'));
	const opened = [() => rm(folder, { recursive: true, force: true, maxRetries: 3 })];
	const onEnd = (close: () => Promise<unknown>) => {
		opened.push(async () => void (await close()));
	};
	const end = async () => {
		for (const close of opened.splice(0).reverse()) await close();
	};
	try {
		const packageTarball = await ensurePacked();
		const userFolder = join(folder, 'n8n');
		await mkdir(userFolder);
		const simulator = await startSimulator(simulatorOptions);
		onEnd(simulator.close);
		const onProgress = (step: string) => process.stderr.write(`${step}\n`);
		const version = process.env.N8N_VERSION;
		const n8n = await start({ version, packageTarball, userFolder, onProgress }, simulator, folder);
		onEnd(() => n8n.stop());
		const api = new N8nApi(n8n.url);
		const login = { email: 'owner@example.com', password: 'Only-for-tests-1' };
		await api.setUpOwner(login);
		return { n8n, api, login, simulator, demo: await readDemo(simulator.url), onEnd, end };
	} catch (error) {
		await end();
		throw error;
	}
}
