import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution, Workflow, WorkflowFile } from '../../sandbox/n8n/types.mts';
import type { Cluster, ProcessName } from '../../sandbox/queue/cluster.mts';
import type { DeliveryEntry, Settings } from '../../sandbox/simulator/wire.ts';
import { post } from '../e2e/support/callbacks.mts';
import type { Harness } from '../e2e/support/harness.mts';
import { ASK, asking, itemsByOutput } from '../e2e/support/waiting.mts';

const COLLECT_HEADER = 'x-sinch-capability-collect';

/** Linux counts a process's CPU time in hundredths of a second. */
const MS_PER_TICK = 10;

async function cpuMs(pid: number): Promise<number> {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** The quantile for a share, for example 0.5 for the median. */
export function share(values: number[], part: number): number {
	const sorted = values.slice().sort((one, other) => one - other);
	return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]);
}

/** Waits until the condition holds. */
export async function until(isSo: () => Promise<boolean>, limitMs = 120_000): Promise<void> {
	for (const end = Date.now() + limitMs; !(await isSo()); await sleep(250)) {
		if (Date.now() > end) throw new Error(`Not so within ${limitMs / 1000} s: ${isSo.toString()}`);
	}
}

/**
 * Publishes or unpublishes a workflow with a trigger before a test that needs it so, unless it is so.
 * Resolves when Sinch has its webhook, or has it no longer.
 */
export function publisher(harness: Harness<Cluster>, { id }: Workflow) {
	let isPublished = false;
	return async (shouldBe: boolean): Promise<void> => {
		if (shouldBe === isPublished) return;
		if (shouldBe) await harness.api.activate(id);
		else await harness.api.deactivate(id);
		isPublished = shouldBe;
		expect(await harness.webhooks(shouldBe ? 1 : 0)).toHaveLength(shouldBe ? 1 : 0);
	};
}

/** The resident memory of a process in megabytes. */
export async function memoryMb(pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024;
}

/** Sends collecting requests, each with its own key. @returns the statuses of their responses */
export async function holdRequests(
	target: string,
	count: number,
	holdMs: number,
): Promise<number[]> {
	return await Promise.all(
		Array.from({ length: count }, async () => {
			const key = randomBytes(32).toString('base64url');
			return await post(target, JSON.stringify({ key, holdMs }), { [COLLECT_HEADER]: '2' });
		}),
	);
}

/** The result of one run of Check reachability and wait. */
export interface WaitRun {
	execution: Execution;
	/** The number of items on each output. */
	counts: Record<string, number>;
	seconds: number;
	/** From Sinch's last callback until the node ended. */
	overheadMs: number;
	/** For each answer, from Sinch's first callback until n8n acknowledged it. */
	takenMs: number[];
	/** Collecting requests. */
	collecting: number;
	/** Answers that the simulator had to send more than once. */
	repeated: number;
	/** CPU time of all receiving processes. */
	cpuMs: number;
}

/** The numbers that `asking` queries. */
export const numbers = (count: number, from = 1_000_000): string[] =>
	Array.from({ length: count }, (_, index) => `4670${from + index}`);

/** Runs Check reachability and wait manually and measures what it costs. */
export class WaitHarness {
	private collecting = 0;

	constructor(
		private readonly harness: Harness<Cluster>,
		/** The workflow whose trigger receives Sinch's callbacks. */
		private readonly listening: Workflow,
	) {
		harness.n8n.onRequest((_, headers) => {
			this.collecting += COLLECT_HEADER in headers ? 1 : 0;
		});
	}

	async settings(settings: Partial<Settings>): Promise<void> {
		await this.harness.control('PATCH', '/settings', settings);
	}

	/** What was delivered since the last reset of the log. */
	async deliveries(): Promise<DeliveryEntry[]> {
		const log = await this.harness.control<{ deliveries: DeliveryEntry[] }>('GET', '/log');
		return log.deliveries;
	}

	/** Waits until Sinch has received `count` queries since the last `untilQuiet`. */
	async untilAsked(count: number): Promise<void> {
		await until(async () => {
			const { queries } = await this.harness.control<{ queries: unknown[] }>('GET', '/log');
			return queries.length >= count;
		});
	}

	/** Waits until `count` answers have been acknowledged since the last `untilQuiet`. */
	async untilDelivered(count: number): Promise<void> {
		await until(async () => {
			const deliveries = await this.deliveries();
			return deliveries.filter(({ state }) => state === 'delivered').length >= count;
		});
	}

	/** Waits until Sinch has nothing left to deliver, and resets the log. */
	async untilQuiet(limitMs: number): Promise<void> {
		const isOpen = ({ state }: DeliveryEntry) => state === 'waiting' || state === 'retrying';
		for (const end = Date.now() + limitMs; (await this.deliveries()).some(isOpen);) {
			if (Date.now() > end) throw new Error('Answers of an earlier test are still on their way');
			await sleep(500);
		}
		await this.harness.control('DELETE', '/log');
	}

	/**
	 * The number of answers per second that the receiving processes can handle now, measured by requests
	 * that n8n refuses, one after the other.
	 */
	async sustainableRate(most: number): Promise<number> {
		const [{ target }] = await this.harness.webhooks(1);
		const begin = Date.now();
		for (let count = 0; count < 8; count++) await post(target, '{}');
		return Math.max(1, Math.min(most, Math.floor(8_000 / (Date.now() - begin))));
	}

	/** Executions that answers have started. */
	async started(): Promise<number> {
		return await this.harness.countExecutions(this.listening);
	}

	async begin(file: WorkflowFile): Promise<string> {
		const workflow = await this.harness.add(file);
		return (await this.harness.api.run(workflow.id, 'Start'))!;
	}

	/** @param receivers the processes that the load balancer leads to */
	async run(
		receivers: ProcessName[],
		file: WorkflowFile,
		limitMs: number,
		meanwhile: () => Promise<void> = async () => {},
	): Promise<WaitRun> {
		const cpu = async () => {
			const times = receivers.map(async (name) => await cpuMs(this.harness.n8n.pidOf(name)));
			return (await Promise.all(times)).reduce((sum, ms) => sum + ms, 0);
		};
		const [cpuBefore, collectingBefore] = [await cpu(), this.collecting];
		const id = await this.begin(file);
		await meanwhile();
		const execution = await this.harness.api.waitForExecution(id, limitMs);
		const [node] = execution.runs[ASK] ?? [];
		const outputs = Object.entries(node?.data ? itemsByOutput(execution) : {});
		const ids = new Set(outputs.flatMap(([, items]) => items.map((item) => item.request_id)));
		const own = (await this.deliveries()).filter(({ requestId }) => ids.has(requestId));
		const posts = own.flatMap(({ attempts }) => attempts.map(({ at }) => Date.parse(at)));
		const endedAt = (node?.startTime ?? 0) + (node?.executionTime ?? 0);
		return {
			execution,
			counts: Object.fromEntries(outputs.map(([name, items]) => [name, items.length])),
			seconds: (node?.executionTime ?? 0) / 1000,
			overheadMs: endedAt - Math.max(...posts),
			takenMs: own.flatMap(({ attempts }) => {
				const last = attempts.at(-1);
				return last ? Date.parse(last.at) + last.ms - Date.parse(attempts[0].at) : [];
			}),
			collecting: this.collecting - collectingBefore,
			repeated: own.filter(({ attempts }) => attempts.length > 1).length,
			cpuMs: (await cpu()) - cpuBefore,
		};
	}

	/** A workflow that queries `count` numbers. */
	asking(count: number, parameters: Record<string, unknown> = {}): WorkflowFile {
		return asking(numbers(count), parameters);
	}
}
