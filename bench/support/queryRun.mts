import { setTimeout as sleep } from 'node:timers/promises';
import { N8nApiError } from '../../sandbox/n8n/http.mts';
import type { ExecutionSummary, WorkflowNode } from '../../sandbox/n8n/types.mts';
import { queryWorkflow } from './queryWorkflows.mts';
import type { Stand } from './stand.mts';

const SAMPLE_MS = 100;
/** Between two questions whether the execution has ended. */
const POLL_MS = 500;
const LIMIT_MS = 180_000;

/** What came of one execution, by its own times and the simulator's counters. */
export interface QueryRun {
	executionId: string;
	accepted: number;
	failed: number;
	seconds: number;
	perSecond: number;
	tokenCalls: number;
	refused: number;
	peakMegabytes: number;
	kilobytesPerItem: number;
}

/** n8n answers 503 for a while when it has no time for its own database. */
function busy(error: unknown): ExecutionSummary[] {
	if (error instanceof N8nApiError && error.status === 503) return [];
	throw error;
}

/** Runs a workflow with so many items once. @throws Error when it does not end well within 3 minutes. */
export async function runQueries(
	stand: Stand,
	items: number,
	ask: WorkflowNode,
): Promise<QueryRun> {
	const { api } = stand;
	const { id } = await api.createWorkflow(queryWorkflow(items, ask));
	await stand.idle();
	await stand.clearLog();
	const { memory: before } = await stand.usage();
	let peak = before;
	const end = Date.now() + LIMIT_MS;
	const executionId = (await api.run(id, 'Start'))!;
	for (let asked = Date.now(); ;) {
		await sleep(SAMPLE_MS);
		peak = Math.max(peak, (await stand.usage()).memory);
		if (Date.now() - asked < POLL_MS) continue;
		asked = Date.now();
		// The list, because one execution comes with all its data, which costs n8n memory.
		const [execution] = await api.listExecutions(id).catch(busy);
		if (execution?.stoppedAt && execution.startedAt) {
			if (execution.status !== 'success') throw new Error(`The execution is ${execution.status}`);
			const ms = Date.parse(execution.stoppedAt) - Date.parse(execution.startedAt);
			const { totals } = await stand.log();
			const accepted = totals.queries;
			return {
				executionId,
				accepted,
				failed: Math.max(0, items - accepted),
				seconds: ms / 1000,
				perSecond: (accepted / ms) * 1000,
				tokenCalls: totals.tokenCalls,
				refused: totals.requests - totals.tokenCalls - accepted,
				peakMegabytes: peak / 2 ** 20,
				kilobytesPerItem: (peak - before) / 1024 / items,
			};
		}
		if (Date.now() > end) throw new Error(`${items} items were not done in ${LIMIT_MS / 1000} s`);
	}
}
