import { execFileSync } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ensureN8n } from '../../sandbox/n8n/install.mts';
import { PROJECT_FOLDER } from '../../sandbox/n8n/package.mts';
import type { Answerer } from './options.mts';
import type { ReceiverKey } from './receivers.mts';
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

/** Under which conditions a figure was measured. */
export interface Conditions {
	n8n: string;
	/** n8n's `N8N_EXPRESSION_ENGINE`, in queue mode of the webhook processes only; empty for its default. */
	engine: string;
	/** Whether another process kept one core busy. */
	busyCore: boolean;
	/** When the command was started that measured it: ISO 8601. */
	measuredAt: string;
}

/** What became of answers that were sent to a receiver at a fixed rate, each once. */
interface RateRow extends Conditions {
	receiver: ReceiverKey;
	/** Notifications sent per second. */
	perSecond: number;
	/** From 1. */
	run: number;
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
	executions: number;
}

/** One receiver at one rate. */
export interface ReceiverRow extends RateRow {
	/** Notifications answered with 2xx per second, from the first notification to the last response. */
	goodput: number;
	peakMegabytes: number;
	/** Whether all were answered with 2xx, 95 of 100 within two seconds. */
	sustained: boolean;
}

/** How many answers Sinch delivers to an app in a second. */
export const ANSWERS_PER_SECOND = 25;

/** What became of answers that Sinch delivers until they are accepted. */
export interface Delivery {
	answers: number;
	/** Answers that became items of an execution. */
	routed: number;
	/** How often a routed answer ran its workflow, on average; undefined where that was not measured. */
	runsPerAnswer?: number;
	/** Until the last execution has ended. */
	seconds: number;
	/** Until the execution that asks has ended. */
	askingSeconds?: number;
	/** Attempts answered with 503. */
	postponed: number;
	/** Attempts without a response within ten seconds. */
	timedOut: number;
	/** Attempts with any other outcome than 200. */
	failed: number;
	executions: number;
	/** Resident memory of the n8n process. */
	peakMegabytes: number;
}

/** A whole job on default settings: contacts are queried until the last answer is routed. */
export interface JobRow extends Delivery, Conditions {
	receiver: Answerer;
	contacts: number;
	channels: number;
	/** From 1. */
	run: number;
	/** What Sinch needs to deliver the answers. */
	sinchSeconds: number;
}

/** Answers at twice the rate that a receiver sustains. */
export interface OverloadRow extends Delivery, Conditions {
	receiver: ReceiverKey;
	perSecond: number;
	/** From 1. */
	run: number;
}

/** One receiver at one rate in queue mode, behind a load balancer. */
export interface QueueRow extends RateRow, Required<Pick<Delivery, 'routed' | 'runsPerAnswer'>> {
	/** Of n8n, to which the load balancer leads requests in turn. */
	webhookProcesses: number;
	/** From the first answer until the last execution has ended in a worker. */
	seconds: number;
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

/** The figures of the parts that are measured as a whole. */
export interface Figures {
	queries: { rows: QueryRow[]; notes: string[]; ratios: Ratio[] };
	faults: FaultRow;
	secure: SecureRow[];
	pure: PureResults;
}

/** When and with what a part was measured last. */
interface Measurement {
	measuredAt: string;
	commit: string;
	machine: string;
}

/** What `bench/results.json` holds. */
export interface ResultsFile extends Figures {
	versions: { package: string; n8n: string; node: string; benchNode: string };
	parts: Record<string, Measurement>;
	jobs: JobRow[];
	receivers: ReceiverRow[];
	overload: OverloadRow[];
	queue: QueueRow[];
}

export const RESULTS_FILE = fileURLToPath(new URL('../results.json', import.meta.url));

export const readResults = async (file = RESULTS_FILE): Promise<ResultsFile> =>
	JSON.parse(await readFile(file, 'utf8')) as ResultsFile;

/** E.g. `2 cores of Intel Xeon Processor, 24 GB`. */
export function machine(): string {
	const [{ model }] = cpus();
	const gigabytes = Math.round(totalmem() / 2 ** 30);
	return `${cpus().length} cores of ${model.replace(/\((R|TM)\)/g, '')}, ${gigabytes} GB`;
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

async function versions(): Promise<ResultsFile['versions']> {
	const manifest = JSON.parse(await readFile(`${PROJECT_FOLDER}package.json`, 'utf8')) as {
		version: string;
	};
	const { version: n8n, node: n8nNode } = await ensureN8n();
	const node = execFileSync(n8nNode, ['--version'], { encoding: 'utf8' }).trim();
	return { package: manifest.version, n8n, node, benchNode: process.version };
}

type Lists = Pick<ResultsFile, 'jobs' | 'overload' | 'queue' | 'receivers'>;
type Row<Part extends keyof Lists> = Lists[Part][number];
type Measured<Part extends keyof Lists> = Omit<Row<Part>, keyof Conditions>;

/** What identifies a figure: two rows that agree in these are about the same thing. */
const IDENTITY = [
	...['receiver', 'contacts', 'channels', 'perSecond', 'webhookProcesses'],
	...['n8n', 'engine', 'busyCore'],
];

const isSameThing = (one: object, other: object) =>
	IDENTITY.every((name) => one[name as never] === other[name as never]);

/**
 * The file with the results. It is written after each figure, so that nothing measured is lost, and replaced in
 * one step, so that it is never incomplete. A figure replaces those of former commands about the same thing;
 * on another machine, all of its part.
 */
export class Results {
	private constructor(
		private readonly file: string,
		private readonly conditions: Conditions,
		private content: ResultsFile,
	) {}

	/** @param file empty for none */
	static async open(file: string, conditions: Conditions): Promise<Results> {
		const none = { parts: {}, jobs: [], receivers: [], overload: [], queue: [] };
		const before = file ? await readResults(file).catch(() => none) : none;
		const content = { ...none, ...before, versions: await versions() } as ResultsFile;
		return new Results(file, conditions, content);
	}

	/** The highest rate that a receiver sustained when it was measured last; 0 for none. */
	sustainedRate(receiver: ReceiverKey): number {
		const { n8n, engine, busyCore } = this.conditions;
		const rates = this.rowsOf('receivers')
			.filter((row) =>
				isSameThing({ ...row, perSecond: 0 }, { receiver, n8n, engine, busyCore, perSecond: 0 }),
			)
			.flatMap(({ perSecond, sustained }) => (sustained ? perSecond : []));
		return Math.max(0, ...rates);
	}

	addJob = async (row: Measured<'jobs'>) => await this.add('jobs', row);

	addReceiver = async (row: Measured<'receivers'>) => await this.add('receivers', row);

	addQueue = async (row: Measured<'queue'>) => await this.add('queue', row);

	addOverload = async (row: Measured<'overload'>) => await this.add('overload', row);

	/** Replaces the figures of parts that are measured as a whole. */
	async set(part: string, figures: Partial<Figures>): Promise<void> {
		await this.write(part, figures);
	}

	private async add<Part extends keyof Lists>(
		part: Part,
		measured: Measured<Part>,
	): Promise<Row<Part>> {
		const { measuredAt } = this.conditions;
		const row = { ...measured, ...this.conditions } as Row<Part>;
		const others = this.rowsOf(part).filter(
			(other) => other.measuredAt === measuredAt || !isSameThing(other, row),
		);
		await this.write(part, { [part]: [...others, row] });
		return row;
	}

	/** What was measured on this machine. */
	private rowsOf<Part extends keyof Lists>(part: Part): Array<Row<Part>> {
		const isFromHere = this.content.parts[part]?.machine === machine();
		return isFromHere ? (this.content[part] as Array<Row<Part>>) : [];
	}

	private async write(part: string, changes: Partial<ResultsFile>): Promise<void> {
		const { measuredAt } = this.conditions;
		const parts = {
			...this.content.parts,
			[part]: { measuredAt, commit: commit(), machine: machine() },
		};
		this.content = { ...this.content, ...changes, parts };
		if (!this.file) return;
		const partial = `${this.file}.${process.pid}`;
		await writeFile(partial, `${JSON.stringify(this.content, null, '\t')}\n`);
		await rename(partial, this.file);
	}
}
