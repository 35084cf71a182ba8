import { execFileSync } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ensureN8n } from '../../sandbox/n8n/install.mts';
import { PROJECT_FOLDER } from '../../sandbox/n8n/package.mts';
import type { Spread } from './statistics.mts';

/** One way to send the same queries, summarized over its rounds. */
export interface QueryRow {
	way: string;
	items: number;
	rounds: number;
	/** Queries that the simulator registered. */
	accepted: Spread;
	/** Items whose query was not registered. */
	failed: Spread;
	/** From the execution's start to its end. */
	seconds: Spread;
	/** Accepted queries. */
	perSecond: Spread;
	pace: Spread;
	tokenCalls: Spread;
	/** Requests that the simulator did not answer with 2xx. */
	refused: Spread;
	/** Resident memory of the n8n process. */
	peakMegabytes: Spread;
	/** Rounds whose execution did not end within 3 minutes, or failed. */
	unfinished: number;
	/** Peak minus the memory before the run; only where n8n was restarted for it. */
	kilobytesPerItem?: number;
}

export interface FaultRow {
	items: number;
	rounds: number;
	/** Share of the requests that a fault hit. */
	faultShare: Spread;
	acceptedItems: Spread;
	failedItems: Spread;
	retries: Spread;
	/** Request IDs that the simulator registered more than once. */
	registeredTwice: Spread;
	seconds: Spread;
	/** Compared with the same run without faults. */
	extraSeconds: Spread;
}

/** One receiver at one rate. */
export interface ReceiverRow {
	receiver: string;
	/** Notifications sent per second. */
	perSecond: number;
	sent: number;
	/** Answered with 2xx. */
	accepted: number;
	/** Answered with 503. */
	postponed: number;
	timedOut: number;
	/** Another status, or no response. */
	wrong: number;
	/** Milliseconds to a 2xx response; undefined without one. */
	p50?: number;
	p95?: number;
	/** Notifications answered with 2xx per second, from the first notification to the last response. */
	goodput: number;
	executions: number;
	peakMegabytes: number;
	/** Whether all were answered with 2xx, 95 of 100 within two seconds. */
	sustained: boolean;
}

/** The highest tried rate that a receiver sustains; 0 for none. */
export interface SustainedRow {
	receiver: string;
	perSecond: number;
}

/** A whole job on default settings: contacts are queried until the last answer is routed. */
export interface JobRow {
	job: string;
	contacts: number;
	channels: number;
	/** Whether another process keeps one core busy. */
	busyCore: boolean;
	answers: number;
	/** Answers that became items of an execution. */
	routed: number;
	/** Until the last execution has ended. */
	seconds: number;
	/** Until the execution that asks has ended. */
	askingSeconds: number;
	/** Deliveries answered with 503 and repeated. */
	postponed: number;
	timedOut: number;
	/** Deliveries with any other outcome than 200. */
	failed: number;
	executions: number;
	/** Resident memory of the n8n process. */
	peakMegabytes: number;
}

/** Queries over http or https with a latency; their answers go elsewhere. */
export interface SecureRow {
	protocol: string;
	/** Of one round trip. */
	latencyMs: number;
	items: number;
	accepted: number;
	failed: number;
	seconds: number;
	/** Accepted per second, from the first to the last. */
	pace: number;
}

interface PureRow {
	task: string;
	perSecond: number;
	/** Relative margin of error in percent. */
	margin: number;
}

export interface PureResults {
	node: string;
	rows: PureRow[];
	/** Milliseconds that a fresh process needs to load both nodes and the credential. */
	loadMs: Spread;
}

/** A comparison, as the ratio of two medians. */
export interface Ratio {
	what: string;
	value: number;
	/** The lowest and highest ratio within a round. */
	lowest: number;
	highest: number;
}

/** The results of the benchmark's parts. */
export interface Figures {
	queries: { rows: QueryRow[]; notes: string[]; ratios: Ratio[] };
	faults: FaultRow;
	receivers: { sustained: SustainedRow[]; rows: ReceiverRow[]; overload: ReceiverRow[] };
	jobs: JobRow[];
	secure: SecureRow[];
	pure: PureResults;
}

/** When and with what a part was measured. */
interface Measurement {
	measuredAt: string;
	seconds: number;
	commit: string;
}

/** What `bench/results.json` holds. */
export interface Results extends Figures {
	machine: { cpu: string; cores: number; memoryGigabytes: number; platform: string };
	versions: { package: string; n8n: string; node: string; benchNode: string };
	parts: Record<string, Measurement>;
}

export const RESULTS_FILE = fileURLToPath(new URL('../results.json', import.meta.url));

export function machine(): Results['machine'] {
	return {
		cpu: cpus()[0]?.model ?? 'unknown',
		cores: cpus().length,
		memoryGigabytes: Math.round(totalmem() / 2 ** 30),
		platform: `${process.platform} ${process.arch}`,
	};
}

/** The commit, with a plus if files differ from it. */
function commit(): string {
	const git = (...args: string[]) =>
		execFileSync('git', args, { cwd: PROJECT_FOLDER, encoding: 'utf8' }).trim();
	try {
		const changes = git('status', '--porcelain', '--untracked-files=no');
		return git('rev-parse', '--short', 'HEAD') + (changes ? '+' : '');
	} catch {
		return 'unknown';
	}
}

async function versions(): Promise<Results['versions']> {
	const manifest = JSON.parse(await readFile(`${PROJECT_FOLDER}package.json`, 'utf8')) as {
		version: string;
	};
	const { version: n8n, node: n8nNode } = await ensureN8n();
	const node = execFileSync(n8nNode, ['--version'], { encoding: 'utf8' }).trim();
	return { package: manifest.version, n8n, node, benchNode: process.version };
}

/** Replaces the figures of one part. The file is replaced in one step, so that it is never incomplete. */
export async function keepResults(
	part: string,
	measuredAt: string,
	seconds: number,
	figures: Partial<Figures>,
): Promise<void> {
	const { parts, ...before } = JSON.parse(await readFile(RESULTS_FILE, 'utf8')) as Partial<Results>;
	const results = {
		...before,
		machine: machine(),
		versions: await versions(),
		parts: { ...parts, [part]: { measuredAt, seconds, commit: commit() } },
		...figures,
	};
	const partial = `${RESULTS_FILE}.${process.pid}`;
	await writeFile(partial, `${JSON.stringify(results, null, '\t')}\n`);
	await rename(partial, RESULTS_FILE);
}
