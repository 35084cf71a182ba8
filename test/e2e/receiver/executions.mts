import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'flatted';
import type { Item, NodeRun } from '../../../sandbox/n8n/types.mts';
import { TRIGGER_NAME, type Stand } from './stand.mts';

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
	/** The trigger's item, also of an execution that was cut off before it did anything. */
	item: Record<string, unknown> | undefined;
}

const UNFINISHED = ['new', 'running', 'unknown'];

interface Page {
	results: Array<{ id: string; status: string }>;
	nextCursor: string | null;
}

/** All executions of a workflow, newest first. */
export async function listExecutions(stand: Stand, workflowId: string): Promise<Page['results']> {
	const all: Page['results'] = [];
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	for (let cursor = ''; ;) {
		const path = `/executions?filter=${filter}&limit=100${cursor}`;
		const { results, nextCursor } = await stand.raw.request<Page>('GET', path);
		all.push(...results);
		if (!nextCursor) return all;
		cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
	}
}

/** Waits until none is running any more, and for what may still come. */
export async function untilQuiet(stand: Stand, workflowId: string): Promise<void> {
	let before = -1;
	for (;;) {
		await sleep(1500);
		const all = await listExecutions(stand, workflowId);
		const running = all.some(({ status }) => UNFINISHED.includes(status));
		if (!running && all.length === before) return;
		before = all.length;
	}
}

/** The stored text of an execution, all of it. */
export async function readRaw(stand: Stand, id: string): Promise<string> {
	return JSON.stringify(await stand.raw.request('GET', `/executions/${id}`));
}

export async function readExecutions(stand: Stand, workflowId: string): Promise<StoredExecution[]> {
	const executions: StoredExecution[] = [];
	for (const { id, status } of await listExecutions(stand, workflowId)) {
		const { data } = await stand.raw.request<{ data: string }>('GET', `/executions/${id}`);
		const { resultData, executionData } = parse(data) as Stored;
		const ran = resultData.runData?.[TRIGGER_NAME]?.[0]?.data?.main;
		const outputs = ran ?? executionData?.nodeExecutionStack?.[0]?.data.main ?? [];
		executions.push({
			id,
			status,
			finished: resultData.runData?.['Behind it'] !== undefined,
			item: outputs.flatMap((items) => items ?? [])[0]?.json,
		});
	}
	return executions;
}

/** How often each of the expected identities was executed; 0 for one that was lost. */
export function countByIdentity(
	executions: StoredExecution[],
	identities: string[],
): Map<string, number> {
	const counts = new Map(identities.map((identity) => [identity, 0]));
	for (const { item } of executions) {
		const identity = String(item?.identity);
		counts.set(identity, (counts.get(identity) ?? 0) + 1);
	}
	return counts;
}
