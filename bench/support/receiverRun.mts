import type { NotificationRow } from './results.mts';
import type { Receiver } from './receivers.mts';
import { send } from './sender.mts';
import type { Stand } from './stand.mts';
import { quantile, spreads } from './statistics.mts';
import { printTable, shown } from './table.mts';

export const CONNECTIONS = 32;

export interface Times {
	warmUpMs: number;
	loadMs: number;
}

const FIGURES = [
	...(['perSecond', 'p50', 'p99', 'cpuMs'] as const),
	...(['notifications', 'executions', 'postponed', 'wrong'] as const),
];

export type ReceiverRun = Record<(typeof FIGURES)[number], number>;

/** One round of load on one receiver, from an idle n8n to an idle n8n. */
export async function runReceiver(
	stand: Stand,
	{ workflowId, target, next }: Receiver,
	{ warmUpMs, loadMs }: Times,
	expected = 200,
): Promise<ReceiverRun> {
	const load = { target, connections: CONNECTIONS, expected, next };
	await send({ ...load, ms: warmUpMs });
	await stand.prune(workflowId);
	await stand.idle();
	const before = await stand.usage();
	const sent = await send({ ...load, ms: loadMs });
	if (sent.answered === 0) throw new Error(`${target} gave no answer of ${expected}`);
	await stand.idle();
	const after = await stand.usage();
	const executions = await stand.api.listExecutions(workflowId);
	// n8n may answer before it executes: the time ends with the last of both.
	const stops = executions.map(({ stoppedAt }) => Date.parse(stoppedAt ?? '')).filter(Boolean);
	const seconds = (Math.max(sent.endedAt, ...stops) - sent.startedAt) / 1000;
	return {
		perSecond: sent.answered / seconds,
		p50: quantile(sent.latencies, 0.5),
		p99: quantile(sent.latencies, 0.99),
		cpuMs: (after.cpuMs - before.cpuMs) / sent.answered,
		notifications: sent.answered,
		executions: executions.length,
		postponed: sent.postponed,
		wrong: sent.wrong,
	};
}

export function rowOf(receiver: string, runs: readonly ReceiverRun[]): NotificationRow {
	return { receiver, rounds: runs.length, ...spreads(runs, FIGURES) };
}

export function printReceivers(title: string, rows: readonly NotificationRow[]): void {
	const head = ['', 'Rounds', 'Per second', 'p50 ms', 'p99 ms', 'CPU ms each', 'Notifications'];
	printTable(
		title,
		[...head, 'Executions', '503, repeated', 'Other answers'],
		rows.map((row) => [
			...[
				row.receiver,
				String(row.rounds),
				shown(row.perSecond, 1),
				shown(row.p50),
				shown(row.p99),
			],
			...[shown(row.cpuMs, 1), shown(row.notifications), shown(row.executions)],
			...[shown(row.postponed), shown(row.wrong)],
		]),
	);
}
