import { runJob } from './support/jobRun.mts';
import type { Bench } from './support/parts.mts';
import { warmUp } from './support/receiverRun.mts';
import { createReceiver, labelOf, type Receiver, type ReceiverKey } from './support/receivers.mts';
import type { OverloadRow } from './support/results.mts';
import { printTable } from './support/table.mts';

const DEFAULT: ReceiverKey[] = ['trigger', 'parse', 'switch'];

/** How long answers come at twice the rate that a receiver sustains. */
const OVERLOAD_SECONDS = 8;

/** Without measured rates: what a small machine sustains. */
const USUAL_RATE = 18;

/** How long Sinch delivers again. */
const LIMIT_SECONDS = 90;

function print(rows: readonly OverloadRow[]): void {
	printTable(
		`Overload: at twice the sustained rate; what is not delivered after ${LIMIT_SECONDS} s is lost`,
		[
			...['', 'Sent/s', 'Answers', 'Routed', 'Runs per answer', 'Seconds', '503', 'Timed out'],
			...['Other', 'Executions', 'Peak MB'],
		],
		rows.map((row) => [
			...[labelOf(row.receiver), String(row.perSecond), String(row.answers), String(row.routed)],
			...[row.runsPerAnswer?.toFixed(2) ?? '', row.seconds.toFixed(1)],
			...[row.postponed, row.timedOut, row.failed, row.executions, row.peakMegabytes].map(String),
		]),
	);
}

/**
 * Sends answers that no one in n8n has asked for, at twice the rate that each receiver sustains. The
 * simulator delivers again what is not accepted in time, at the same rate.
 */
export async function benchOverload({ harness, options, clock, results }: Bench): Promise<void> {
	const { rates, runs, busyCore } = options;
	const keys = options.receivers ?? DEFAULT;
	const credential = await harness.newCredential();
	const receivers: Receiver[] = [];
	for (const key of keys.filter((one) => one !== 'wait')) {
		receivers.push(await createReceiver(harness, credential, key));
	}
	const rows: OverloadRow[] = [];
	for (let run = 1; run <= runs; run++) {
		for (const receiver of receivers) {
			const { key } = receiver;
			const perSecond = rates?.at(-1) ?? 2 * (results.sustainedRate(key) || USUAL_RATE);
			const contacts = perSecond * OVERLOAD_SECONDS;
			const what = `overload at ${perSecond} a second, run ${run} of ${runs}: ${labelOf(key)}`;
			if (!clock.hasTimeFor(what, LIMIT_SECONDS)) continue;
			await harness.refresh();
			const delivery = await harness.attempt(async () => {
				await receiver.publish(true);
				try {
					await warmUp(harness, receiver);
					await harness.settings({ callbacksPerSecond: perSecond, requestsPerSecond: 100_000 });
					return await harness.withBusyCore(
						busyCore,
						async () =>
							await runJob(harness, {
								contacts,
								channels: 1,
								receiver,
								limitSeconds: LIMIT_SECONDS,
							}),
					);
				} finally {
					await harness.settings({ callbacksPerSecond: 25, requestsPerSecond: 800 });
					await receiver.unpublish();
				}
			});
			if (!delivery) continue;
			rows.push(await results.addOverload({ receiver: key, perSecond, run, ...delivery }));
		}
	}
	print(rows);
}
