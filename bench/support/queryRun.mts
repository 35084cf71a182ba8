import { setTimeout as sleep } from 'node:timers/promises';
import { N8nApiError } from '../../sandbox/n8n/http.mts';
import type { ExecutionSummary, WorkflowNode } from '../../sandbox/n8n/types.mts';
import { queryWorkflow } from './queryWorkflows.mts';
import type { BenchHarness } from './harness.mts';

const SAMPLE_MS = 100;
/** Milliseconds between two checks whether the execution has ended. */
const POLL_MS = 500;
const LIMIT_MS = 180_000;

/** The result of one execution, according to its own times and the simulator's counters. */
export interface QueryRun {
	executionId: string;
	workflowId: string;
	accepted: number;
	failed: number;
	seconds: number;
	perSecond: number;
	/** The rate at Sinch: accepted queries per second, from the first to the last. */
	pace: number;
	tokenCalls: number;
	refused: number;
	peakMegabytes: number;
	kilobytesPerItem: number;
	/** 1 if the execution did not end, or failed. */
	unfinished: number;
}

/** n8n responds with 503 for a while when it is too busy for its own database. */
function busy(error: unknown): ExecutionSummary[] {
	if (error instanceof N8nApiError && error.status === 503) return [];
	throw error;
}

/** Samples n8n's memory until the execution has ended. @returns undefined if it does not end in time */
async function watch(harness: BenchHarness, workflowId: string, onMemory: (bytes: number) => void) {
	const end = Date.now() + LIMIT_MS;
	for (let asked = Date.now(); Date.now() < end;) {
		await sleep(SAMPLE_MS);
		onMemory((await harness.usage()).memory);
		if (Date.now() - asked < POLL_MS) continue;
		asked = Date.now();
		// The list, because a single execution includes all its data, which takes memory in n8n.
		const [execution] = await harness.api.listExecutions(workflowId).catch(busy);
		if (execution?.stoppedAt && execution.startedAt) return execution;
	}
	return undefined;
}

/**
 * Runs a workflow with `items` items once. After 3 minutes, the execution is given up and n8n is
 * restarted.
 */
export async function runQueries(
	harness: BenchHarness,
	items: number,
	ask: WorkflowNode,
): Promise<QueryRun> {
	const { id } = await harness.api.createWorkflow(queryWorkflow(items, ask));
	await harness.idle();
	await harness.clearLog();
	const { memory: before } = await harness.usage();
	let peak = before;
	const begin = Date.now();
	let execution: ExecutionSummary | undefined;
	try {
		await harness.api.run(id, 'Start');
		execution = await watch(harness, id, (bytes) => (peak = Math.max(peak, bytes)));
	} catch (error) {
		console.error(`${items} items: ${(error as Error).message}`);
	}
	const { totals } = await harness.log();
	if (!execution) await harness.restart();
	const ms = execution
		? Date.parse(execution.stoppedAt!) - Date.parse(execution.startedAt!)
		: Date.now() - begin;
	const accepted = totals.queries;
	return {
		executionId: execution?.id ?? '',
		workflowId: id,
		accepted,
		failed: Math.max(0, items - accepted),
		seconds: ms / 1000,
		perSecond: (accepted / ms) * 1000,
		pace: ((accepted - 1) / totals.queriesSpan) * 1000,
		tokenCalls: totals.tokenCalls,
		refused: totals.requests - totals.tokenCalls - accepted,
		peakMegabytes: peak / 2 ** 20,
		kilobytesPerItem: (peak - before) / 1024 / items,
		unfinished: execution?.status === 'success' ? 0 : 1,
	};
}
