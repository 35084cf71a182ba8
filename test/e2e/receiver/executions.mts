import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'flatted';
import { N8nApiError } from '../../../sandbox/n8n/http.mts';
import type { Item, NodeRun } from '../../../sandbox/n8n/types.mts';
import { TRIGGER_NAME, type ReceiverHarness } from '../support/receiverHarness.mts';

interface Stored {
	resultData: { runData?: Record<string, NodeRun[]> };
	executionData?: { nodeExecutionStack?: Array<{ data: { main: Array<Item[] | null> } }> };
}

/** One execution as n8n has stored it. */
export interface StoredExecution {
	id: string;
	status: string;
	/** Whether the node behind the trigger has run. */
	finished: boolean;
	/** The trigger's items, even of an execution that was interrupted before its first node. */
	items: Array<Record<string, unknown>>;
}

const UNFINISHED = ['new', 'running', 'unknown'];

/** After this many consecutive IDs without an execution there are no more. */
const GAP = 20;

interface RawExecution {
	id: string;
	workflowId: string;
	status: string;
	data: string;
}

/**
 * Every execution of a workflow, one by one by ID: n8n's list is sorted by time but paged by ID, so
 * after a crash it repeats some executions and omits others.
 */
export async function readRaw(
	harness: ReceiverHarness,
	workflowId: string,
): Promise<RawExecution[]> {
	const found: RawExecution[] = [];
	for (let id = 1, missing = 0; missing < GAP; id += 1) {
		const execution = await harness.api.http
			.request<RawExecution>('GET', `/executions/${id}`)
			.catch((error: unknown) => {
				if (error instanceof N8nApiError && error.status === 404) return undefined;
				throw error;
			});
		missing = execution ? 0 : missing + 1;
		if (execution?.workflowId === workflowId) found.push(execution);
	}
	return found;
}

/** Waits until none is running, and for late arrivals. */
export async function untilQuiet(harness: ReceiverHarness, workflowId: string): Promise<void> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	for (let before = ''; ; await sleep(1500)) {
		const { results } = await harness.api.http.request<{ results: RawExecution[] }>(
			'GET',
			`/executions?filter=${filter}&limit=100`,
		);
		const now = JSON.stringify(results.map(({ id, status }) => [id, status]));
		if (now === before && !results.some(({ status }) => UNFINISHED.includes(status))) return;
		before = now;
	}
}

export async function readExecutions(
	harness: ReceiverHarness,
	workflowId: string,
): Promise<StoredExecution[]> {
	return (await readRaw(harness, workflowId)).map(({ id, status, data }) => {
		const { resultData, executionData } = parse(data) as Stored;
		const ran = resultData.runData?.[TRIGGER_NAME]?.[0]?.data?.main;
		const outputs = ran ?? executionData?.nodeExecutionStack?.[0]?.data.main ?? [];
		return {
			id,
			status,
			finished: resultData.runData?.['Behind it'] !== undefined,
			items: outputs.flatMap((items) => items ?? []).map(({ json }) => json),
		};
	});
}

/** How often each of the expected identities was executed; 0 for one that was lost. */
export function countByIdentity(
	executions: Array<Pick<StoredExecution, 'items'>>,
	identities: string[],
): Map<string, number> {
	const counts = new Map(identities.map((identity) => [identity, 0]));
	for (const item of executions.flatMap(({ items }) => items)) {
		const identity = String(item.identity);
		counts.set(identity, (counts.get(identity) ?? 0) + 1);
	}
	return counts;
}
