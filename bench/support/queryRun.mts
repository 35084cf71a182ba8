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
	workflowId: string;
	accepted: number;
	failed: number;
	seconds: number;
	perSecond: number;
	/** The pace at Sinch: accepted a second from the first to the last of them. */
	pace: number;
	tokenCalls: number;
	refused: number;
	peakMegabytes: number;
	kilobytesPerItem: number;
	/** 1 when the execution did not end, or not well. */
	unfinished: number;
}

/** n8n answers 503 for a while when it has no time for its own database. */
function busy(error: unknown): ExecutionSummary[] {
	if (error instanceof N8nApiError && error.status === 503) return [];
	throw error;
}

/** Samples n8n's memory until the execution has ended. @returns nothing when it does not in time. */
async function watch(stand: Stand, workflowId: string, onMemory: (bytes: number) => void) {
	const end = Date.now() + LIMIT_MS;
	for (let asked = Date.now(); Date.now() < end;) {
		await sleep(SAMPLE_MS);
		onMemory((await stand.usage()).memory);
		if (Date.now() - asked < POLL_MS) continue;
		asked = Date.now();
		// The list, because one execution comes with all its data, which costs n8n memory.
		const [execution] = await stand.api.listExecutions(workflowId).catch(busy);
		if (execution?.stoppedAt && execution.startedAt) return execution;
	}
	return undefined;
}

/**
 * Runs a workflow with so many items once. An execution that takes longer than 3 minutes, or n8n with
 * it, is ended; n8n is then started anew.
 */
export async function runQueries(
	stand: Stand,
	items: number,
	ask: WorkflowNode,
): Promise<QueryRun> {
	const { id } = await stand.api.createWorkflow(queryWorkflow(items, ask));
	await stand.idle();
	await stand.clearLog();
	const { memory: before } = await stand.usage();
	let peak = before;
	const begin = Date.now();
	let execution: ExecutionSummary | undefined;
	try {
		await stand.api.run(id, 'Start');
		execution = await watch(stand, id, (bytes) => (peak = Math.max(peak, bytes)));
	} catch (error) {
		console.error(`${items} items: ${(error as Error).message}`);
	}
	const { totals } = await stand.log();
	if (!execution) await stand.restart();
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
