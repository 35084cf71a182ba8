import type { Bench } from './support/parts.mts';
import { printReceivers, runReceiver, warmUp } from './support/receiverRun.mts';
import {
	createReceiver,
	labelOf,
	RECEIVERS,
	type Receiver,
	type ReceiverKey,
} from './support/receivers.mts';
import type { ReceiverRow } from './support/results.mts';

const DEFAULT: ReceiverKey[] = ['trigger', 'parse', 'switch'];

const RATES = [10, 18, 25, 36, 60];

/** n8n needs time for what it could not take, and deleting executions takes some too. */
const OVERHEAD_SECONDS = 20;

/**
 * All receivers at rising rates, each up to the second that it does not sustain. One after the other at each
 * rate, so that all of them meet the same changes of the machine.
 */
export async function benchReceivers({ harness, options, clock, results }: Bench): Promise<void> {
	const { large, rates = RATES, runs, loadSeconds, busyCore } = options;
	const all = large ? RECEIVERS.map(({ key }) => key) : DEFAULT;
	const credential = await harness.newCredential();
	const receivers: Receiver[] = [];
	for (const key of (options.receivers ?? all).filter((one) => one !== 'wait')) {
		const receiver = await createReceiver(harness, credential, key);
		await receiver.publish(false);
		await warmUp(harness, receiver);
		receivers.push(receiver);
	}
	const rows: ReceiverRow[] = [];
	for (let run = 1; run <= runs; run++) {
		const failures = new Map<ReceiverKey, number>();
		for (const perSecond of rates) {
			for (const receiver of receivers) {
				const failed = failures.get(receiver.key) ?? 0;
				if (failed > 1) continue;
				const what = `${perSecond} a second, run ${run} of ${runs}: ${labelOf(receiver.key)}`;
				if (!clock.hasTimeFor(what, loadSeconds + OVERHEAD_SECONDS)) continue;
				const measured = await harness.attempt(
					async () =>
						await harness.withBusyCore(
							busyCore,
							async () => await runReceiver(harness, receiver, perSecond, loadSeconds * 1000),
						),
				);
				if (!measured?.sustained) failures.set(receiver.key, failed + 1);
				if (measured) rows.push(await results.addReceiver({ run, ...measured }));
			}
		}
	}
	for (const receiver of receivers) await receiver.unpublish();
	printReceivers(
		'Answers at a fixed rate, each sent once',
		receivers.flatMap(({ key }) => rows.filter(({ receiver }) => receiver === key)),
	);
}
