import type { Receiver } from './receivers.mts';
import type { ReceiverRow } from './results.mts';
import { sendAtRate } from './sender.mts';
import type { Stand } from './stand.mts';
import { quantile, round } from './statistics.mts';
import { printTable } from './table.mts';

/** Up to this time for 95 of 100 answers a rate counts as sustained. */
const SUSTAINED_P95_MS = 2000;

const SAMPLE_MS = 200;

/** Samples n8n's memory while something runs. @returns the most in megabytes */
export async function peakMegabytes(stand: Stand, running: Promise<unknown>): Promise<number> {
	let peak = 0;
	let ended = false;
	const end = () => (ended = true);
	running.then(end, end);
	while (!ended) {
		peak = Math.max(peak, (await stand.usage()).memory);
		await Promise.race([running, new Promise((resolve) => setTimeout(resolve, SAMPLE_MS))]);
	}
	return Math.round(peak / 2 ** 20);
}

/** One receiver at one rate, from an idle n8n to an idle n8n. */
export async function runReceiver(
	stand: Stand,
	{ name, workflowId, target, next }: Receiver,
	perSecond: number,
	ms: number,
): Promise<ReceiverRow> {
	await stand.idle();
	const running = sendAtRate({ target, perSecond, ms, next });
	const memory = await peakMegabytes(stand, running);
	const { sent, accepted, postponed, timedOut, wrong, latencies } = await running;
	await stand.idle();
	const executions = (await stand.api.listExecutions(workflowId)).length;
	await stand.prune(workflowId);
	const p95 = accepted > 0 ? round(quantile(latencies, 0.95)) : undefined;
	return {
		...{ receiver: name, perSecond, sent, accepted, postponed, timedOut, wrong },
		...{ p50: accepted > 0 ? round(quantile(latencies, 0.5)) : undefined, p95 },
		...{ executions, peakMegabytes: memory },
		sustained: accepted === sent && p95 !== undefined && p95 < SUSTAINED_P95_MS,
	};
}

export function printReceivers(rows: readonly ReceiverRow[]): void {
	const milliseconds = (value?: number) => value?.toFixed(0) ?? '';
	printTable(
		'Notifications at a fixed rate, default settings of n8n',
		[
			...['', 'Sent/s', 'Sent', 'Answered 2xx', '503', 'Timed out', 'Other'],
			...['p50 ms', 'p95 ms', 'Executions', 'Peak MB', 'Sustained'],
		],
		rows.map((row) => [
			...[row.receiver, String(row.perSecond), String(row.sent), String(row.accepted)],
			...[String(row.postponed), String(row.timedOut), String(row.wrong)],
			...[milliseconds(row.p50), milliseconds(row.p95), String(row.executions)],
			...[String(row.peakMegabytes), row.sustained ? 'yes' : 'no'],
		]),
	);
}
