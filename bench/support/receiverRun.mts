import { labelOf, type Receiver } from './receivers.mts';
import type { Conditions, ReceiverRow } from './results.mts';
import { sendAtRate } from './sender.mts';
import type { BenchHarness } from './harness.mts';
import { quantile, round } from './statistics.mts';
import { printTable } from './table.mts';

/** A rate is sustained if 95 of 100 responses take at most this long, without the window of *Grouped by Time*. */
const SUSTAINED_P95_MS = 2000;

const SAMPLE_MS = 200;

/** Samples n8n's memory while something runs. @returns the peak in megabytes */
export async function peakMegabytes(
	harness: BenchHarness,
	running: Promise<unknown>,
): Promise<number> {
	let peak = 0;
	let ended = false;
	const end = () => (ended = true);
	running.then(end, end);
	while (!ended) {
		peak = Math.max(peak, (await harness.usage()).memory);
		await Promise.race([running, new Promise((resolve) => setTimeout(resolve, SAMPLE_MS))]);
	}
	return Math.round(peak / 2 ** 20);
}

const WARM_UP = { perSecond: 8, ms: 3000 };

/** The first executions of a workflow, and those of a new n8n, take longer. @param receiver published */
export async function warmUp(harness: BenchHarness, receiver: Receiver): Promise<void> {
	await sendAtRate({ ...receiver, ...WARM_UP });
	await harness.prune(receiver.workflowId);
}

/** One receiver at one rate, from an idle n8n to an idle n8n. */
export async function runReceiver(
	harness: BenchHarness,
	{ key, workflowId, target, next, windowMs }: Receiver,
	perSecond: number,
	ms: number,
): Promise<Omit<ReceiverRow, 'run' | keyof Conditions>> {
	await harness.idle();
	const running = sendAtRate({ target, perSecond, ms, next });
	const memory = await peakMegabytes(harness, running);
	const { sent, accepted, postponed, timedOut, wrong, latencies, ...times } = await running;
	await harness.idle();
	const executions = (await harness.api.listExecutions(workflowId)).length;
	await harness.prune(workflowId);
	const p95 = accepted > 0 ? round(quantile(latencies, 0.95)) : undefined;
	return {
		...{ receiver: key, perSecond, sent, accepted, postponed, timedOut, wrong },
		...{ p50: accepted > 0 ? round(quantile(latencies, 0.5)) : undefined, p95 },
		goodput: round((1000 * accepted) / (times.endedAt - times.startedAt)),
		...{ executions, peakMegabytes: memory },
		sustained: accepted === sent && p95 !== undefined && p95 < SUSTAINED_P95_MS + windowMs,
	};
}

export function printReceivers(title: string, rows: readonly ReceiverRow[]): void {
	const milliseconds = (value?: number) => value?.toFixed(0) ?? '';
	printTable(
		title,
		[
			...['', 'Sent/s', 'Run', 'Sent', 'Answered 2xx', '503', 'Timed out', 'Other'],
			...['p50 ms', 'p95 ms', 'Goodput/s', 'Executions', 'Peak MB', 'Sustained'],
		],
		rows.map((row) => [
			...[labelOf(row.receiver), String(row.perSecond), String(row.run), String(row.sent)],
			String(row.accepted),
			...[String(row.postponed), String(row.timedOut), String(row.wrong)],
			...[
				milliseconds(row.p50),
				milliseconds(row.p95),
				row.goodput.toFixed(1),
				String(row.executions),
			],
			...[String(row.peakMegabytes), row.sustained ? 'yes' : 'no'],
		]),
	);
}
