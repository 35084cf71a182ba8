import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { n8nEnvironment, n8nUrl } from '../n8n/environment.mts';
import { ensureN8n, type N8nInstallation, type OnProgress } from '../n8n/install.mts';
import { installPackage } from '../n8n/package.mts';
import type { N8nProcess } from '../n8n/process.mts';
import { freePort } from '../n8n/ports.mts';
import { MAIN_PATHS, READY_PATH, startReady } from '../n8n/ready.mts';
import { POSTGRES_DATABASE, POSTGRES_USER, startPostgres } from './postgres.mts';
import { startRedis } from './redis.mts';
import { startRouter, type Router } from './router.mts';

/** The roles of n8n processes, with their command-line arguments. */
const COMMANDS = {
	main: ['start'],
	'webhook 1': ['webhook'],
	'webhook 2': ['webhook'],
	'webhook 3': ['webhook'],
	'worker 1': ['worker', '--concurrency=5'],
	'worker 2': ['worker', '--concurrency=5'],
} as const;

export type ProcessName = keyof typeof COMMANDS;

/** The smallest set-up that n8n's documentation describes as queue mode with webhook processes. */
const USUAL_PROCESSES: ProcessName[] = ['main', 'webhook 1', 'worker 1', 'worker 2'];

export const ALL_PROCESSES = Object.keys(COMMANDS) as ProcessName[];

/** n8n in queue mode, behind one address. */
export interface Cluster {
	/** Of the load balancer, without a slash at the end: `/webhook/` leads to the processes of `leadTo`. */
	url: string;
	version: string;
	/** Milliseconds until each was ready, including PostgreSQL and Redis. */
	startedInMs: Record<string, number>;
	/** Sets the processes that share the production webhooks in turn; initially webhook process 1 only. */
	leadTo(...names: ProcessName[]): void;
	/** Called for each request to the load balancer. */
	onRequest(listener: Router['onRequest']): void;
	/** The workers that ran an execution, according to their logs. */
	ranBy(executionId: string): Promise<ProcessName[]>;
	/** The address of a single process. */
	addressOf(name: ProcessName): string;
	/** The operating system's process ID. */
	pidOf(name: ProcessName): number;
	/** The processes that have ended, by themselves or not. */
	ended(): ProcessName[];
	/** Kills a process. */
	kill(name: ProcessName): Promise<void>;
	/** Restarts a process on its former port, with some settings changed. */
	restart(name: ProcessName, env?: Record<string, string>): Promise<void>;
	/** Kills Redis and starts another one on the same port. */
	replaceRedis(pauseMs: number): Promise<void>;
	stop(): Promise<void>;
}

export interface ClusterOptions {
	version?: string;
	/** Installed for every process, each with its own user folder, as on separate machines. */
	packageTarball: string;
	onProgress?: OnProgress;
	/** The first is the main process. */
	processes?: ProcessName[];
}

interface Part {
	name: ProcessName;
	port: number;
	logFile: string;
	process: N8nProcess;
	startedInMs: number;
	/** Starts the process with some settings changed. */
	launch(env?: Record<string, string>): Promise<N8nProcess>;
}

/** The settings that all processes share: database, queue, encryption key and public address. */
function sharedEnvironment(postgresPort: number, redisPort: number, address: string) {
	return {
		EXECUTIONS_MODE: 'queue',
		// Recommended in n8n 2, and the only way in n8n 3: manual executions run in a worker too.
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redisPort),
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgresPort),
		DB_POSTGRESDB_USER: POSTGRES_USER,
		DB_POSTGRESDB_DATABASE: POSTGRES_DATABASE,
		// More than n8n's default of two, for which callbacks and executions wait too long on a busy computer.
		DB_POSTGRESDB_POOL_SIZE: '8',
		// n8n 2 only: all these processes keep a small computer busy for longer than the default of five seconds.
		DB_PING_TIMEOUT_MS: '30000',
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('base64url'),
		N8N_EDITOR_BASE_URL: address,
		N8N_WEBHOOK_URL: address,
		WEBHOOK_URL: address,
		// Makes a worker log which execution it runs.
		N8N_LOG_LEVEL: 'info',
	};
}

async function startPart(
	name: ProcessName,
	installation: N8nInstallation,
	folder: string,
	packageTarball: string,
	shared: Record<string, string>,
): Promise<Part> {
	const userFolder = join(folder, name.replace(' ', '-'));
	await mkdir(userFolder);
	await installPackage(packageTarball, userFolder);
	const port = await freePort();
	const brokerPort = await freePort();
	const own = n8nEnvironment({ ...installation, userFolder, port, brokerPort });
	const logFile = join(userFolder, 'n8n.log');
	const begin = performance.now();
	const launch = async (env: Record<string, string> = {}) =>
		await startReady({
			installation,
			env: { ...own, ...shared, QUEUE_HEALTH_CHECK_PORT: String(port), ...env },
			logFile,
			url: n8nUrl(port),
			paths: name === 'main' ? MAIN_PATHS : [READY_PATH],
			command: [...COMMANDS[name]],
		});
	const process = await launch();
	return {
		name,
		port,
		logFile,
		process,
		startedInMs: Math.round(performance.now() - begin),
		launch,
	};
}

/**
 * Starts PostgreSQL, Redis, and the processes of n8n in queue mode behind a load balancer.
 * @throws Problem when one of them is not installed or does not start.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
	const { version, packageTarball, onProgress, processes = USUAL_PROCESSES } = options;
	const endings: Array<() => Promise<void>> = [];
	const stop = async () => {
		while (endings.length > 0) await endings.pop()!();
	};
	try {
		const postgres = await startPostgres();
		endings.push(postgres.stop);
		let redis = await startRedis();
		endings.push(async () => await redis.stop());
		const installation = await ensureN8n(version, onProgress);
		const folder = await mkdtemp(join(tmpdir(), 'sinch-sandbox-queue-'));
		endings.push(async () => await rm(folder, { recursive: true, force: true, maxRetries: 3 }));
		const router = await startRouter();
		endings.push(router.close);
		const shared = sharedEnvironment(postgres.port, redis.port, `${router.url}/`);

		const parts: Part[] = [];
		const start = async (name: ProcessName) => {
			const part = await startPart(name, installation, folder, packageTarball, shared);
			parts.push(part);
			endings.push(async () => await part.process.stop());
		};
		const [main, ...others] = processes;
		// The main process creates the tables, so the others start after it.
		await start(main);
		const started = await Promise.allSettled(others.map(start));
		for (const result of started) if (result.status === 'rejected') throw result.reason;

		const partOf = (name: ProcessName) => parts.find((part) => part.name === name)!;
		const leadTo = (...names: ProcessName[]) =>
			router.route(
				'/webhook/',
				names.map((name) => partOf(name).port),
			);
		router.route('/', [partOf('main').port]);
		leadTo('webhook 1');
		const times = parts.map(({ name, startedInMs }) => [name, startedInMs]);
		return {
			url: router.url,
			version: installation.version,
			startedInMs: {
				PostgreSQL: postgres.startedInMs,
				Redis: redis.startedInMs,
				...Object.fromEntries(times),
			},
			async ranBy(executionId) {
				const said = `Worker started execution ${executionId} `;
				const logs = await Promise.all(parts.map(({ logFile }) => readFile(logFile, 'utf8')));
				return parts.filter((_, index) => logs[index].includes(said)).map(({ name }) => name);
			},
			leadTo,
			onRequest: (listener) => {
				router.onRequest = listener;
			},
			addressOf: (name) => n8nUrl(partOf(name).port),
			pidOf: (name) => partOf(name).process.pid,
			ended: () => parts.filter(({ process }) => process.ended).map(({ name }) => name),
			kill: async (name) => await partOf(name).process.kill(),
			async restart(name, env) {
				const part = partOf(name);
				await part.process.stop();
				part.process = await part.launch(env);
			},
			async replaceRedis(pauseMs) {
				await redis.stop();
				await sleep(pauseMs);
				redis = await startRedis(redis.port);
			},
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}
