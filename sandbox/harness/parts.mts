import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDemo } from '../demo/control.mts';
import { N8nApi, type Login } from '../n8n/api.mts';
import type { StartOptions as N8nOptions } from '../n8n/instance.mts';
import { ensureBuilt, pack } from '../n8n/package.mts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator/simulator.mts';
import type { Demo } from '../simulator/wire.ts';

/** Time limit of one start, including a first installation of n8n. */
export const START_LIMIT_MS = 40 * 60_000;

/** The part of an n8n that every harness uses. */
export interface Running {
	url: string;
	stop(): Promise<void>;
}

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
		await ensureBuilt();
		const userFolder = join(folder, 'n8n');
		await mkdir(userFolder);
		const packageTarball = await pack(folder);
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
