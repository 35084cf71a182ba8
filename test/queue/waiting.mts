import { readFile } from 'node:fs/promises';
import type { Execution, Workflow, WorkflowFile } from '../../sandbox/n8n/types.mts';
import type { Cluster, ProcessName } from '../../sandbox/queue/cluster.mts';
import type { DeliveryEntry, Settings } from '../../sandbox/simulator/wire.ts';
import type { Harness } from '../e2e/support/harness.mts';
import { ASK, asking, itemsByOutput } from '../e2e/support/waiting.mts';

const COLLECT_HEADER = 'x-sinch-capability-collect';

/** Linux counts a process' time on the processor in hundredths of a second. */
const MS_PER_TICK = 10;

async function cpuMs(pid: number): Promise<number> {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** What came of one run of Query and Wait. */
export interface WaitRun {
	execution: Execution;
	/** How many items left on each output. */
	counts: Record<string, number>;
	seconds: number;
	/** From Sinch's last post of an answer until the node had ended. */
	overheadMs: number;
	/** Requests that asked for answers. */
	collecting: number;
	/** Answers that the simulator had to post more than once. */
	repeated: number;
	/** Of the processes that receive, together. */
	cpuMs: number;
}

const numbers = (count: number, from = 1_000_000): string[] =>
	Array.from({ length: count }, (_, index) => `4670${from + index}`);

/** Runs Query and Wait by hand and counts what it costs. */
export class WaitStand {
	private collecting = 0;

	constructor(
		private readonly world: Harness<Cluster>,
		/** The workflow whose trigger Sinch posts to. */
		private readonly listening: Workflow,
	) {
		world.n8n.onRequest((_, headers) => {
			this.collecting += COLLECT_HEADER in headers ? 1 : 0;
		});
	}

	async settings(settings: Partial<Settings>): Promise<void> {
		await this.control('/settings', settings);
	}

	/** What was delivered since the last reset of the log. */
	async deliveries(): Promise<DeliveryEntry[]> {
		const response = await fetch(`${this.world.simulatorUrl}/_control/log`);
		return ((await response.json()) as { deliveries: DeliveryEntry[] }).deliveries;
	}

	/** Executions that answers have started. */
	async started(): Promise<number> {
		return await this.world.countExecutions(this.listening);
	}

	async begin(file: WorkflowFile): Promise<string> {
		const workflow = await this.world.add(file);
		return (await this.world.api.run(workflow.id, 'Start'))!;
	}

	/** @param receivers the processes that the load balancer leads to */
	async run(
		receivers: ProcessName[],
		file: WorkflowFile,
		limitMs: number,
		meanwhile: () => Promise<void> = async () => {},
	): Promise<WaitRun> {
		const cpu = async () => {
			const times = receivers.map(async (name) => await cpuMs(this.world.n8n.pidOf(name)));
			return (await Promise.all(times)).reduce((sum, ms) => sum + ms, 0);
		};
		const [cpuBefore, collectingBefore] = [await cpu(), this.collecting];
		const id = await this.begin(file);
		await meanwhile();
		const execution = await this.world.api.waitForExecution(id, limitMs);
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
			collecting: this.collecting - collectingBefore,
			repeated: own.filter(({ attempts }) => attempts.length > 1).length,
			cpuMs: (await cpu()) - cpuBefore,
		};
	}

	/** A workflow that asks about so many numbers. */
	asking(count: number, parameters: Record<string, unknown> = {}): WorkflowFile {
		return asking(numbers(count), parameters);
	}

	private async control(path: string, body: object): Promise<void> {
		const response = await fetch(`${this.world.simulatorUrl}/_control${path}`, {
			method: 'PATCH',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		if (!response.ok) throw new Error(`The simulator refused ${path}: ${await response.text()}`);
	}
}
