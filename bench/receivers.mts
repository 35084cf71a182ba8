import type { Plan } from './support/plan.mts';
import {
	floorReceiver,
	GROUPED_BY_TIME,
	ONE_PER_ANSWER,
	OURS,
	OURS_BY_TIME,
	OURS_FINISHED,
	OURS_SINGLE,
	ourReceiver,
	parseReceiver,
	unverifiedReceiver,
	WHEN_FINISHED,
	type Receiver,
} from './support/receivers.mts';
import { printReceivers, runReceiver } from './support/receiverRun.mts';
import type { Figures, ReceiverRow, SustainedRow } from './support/results.mts';
import { sendAtRate } from './support/sender.mts';
import type { BenchHarness } from './support/harness.mts';

/** At Sinch's rate, all our receivers are measured, sustained or not. */
const SINCH_RATE = 25;

/** A receiver at rising rates, up to the first that it does not sustain, and at Sinch's rate. */
async function climb(
	harness: BenchHarness,
	receiver: Receiver,
	isOurs: boolean,
	{ rates, loadMs }: Plan['receivers'],
): Promise<ReceiverRow[]> {
	const rows: ReceiverRow[] = [];
	let failed = false;
	for (const rate of rates) {
		if (failed && !(isOurs && rate === SINCH_RATE)) continue;
		const row = await runReceiver(harness, receiver, rate, loadMs);
		failed ||= !row.sustained;
		rows.push(row);
	}
	return rows;
}

/** Each receiver at twice the rate that it sustains. */
async function overloadEach(
	harness: BenchHarness,
	receivers: Receiver[],
	sustained: SustainedRow[],
	durations: readonly number[],
): Promise<ReceiverRow[]> {
	const rows: ReceiverRow[] = [];
	for (const receiver of receivers) {
		const rate = sustained.find((row) => row.receiver === receiver.name)?.perSecond ?? 0;
		for (const ms of rate > 0 ? durations : []) {
			rows.push(await runReceiver(harness, receiver, 2 * rate, ms));
		}
	}
	return rows;
}

export async function benchReceivers(
	harness: BenchHarness,
	{ receivers: plan }: Plan,
): Promise<Figures['receivers']> {
	const credential = await harness.newCredential();
	const ours = [
		await ourReceiver(harness, credential, OURS),
		await ourReceiver(harness, credential, OURS_SINGLE, ONE_PER_ANSWER),
		{ ...(await ourReceiver(harness, credential, OURS_BY_TIME, GROUPED_BY_TIME)), windowMs: 2000 },
		await ourReceiver(harness, credential, OURS_FINISHED, WHEN_FINISHED),
	];
	const others = [
		await parseReceiver(harness, false),
		await parseReceiver(harness, true),
		await floorReceiver(harness),
		await unverifiedReceiver(harness),
	];
	const rows: ReceiverRow[] = [];
	const sustained: SustainedRow[] = [];
	for (const receiver of [...ours, ...others]) {
		// Warms up, because the first executions of a workflow take longer.
		await sendAtRate({ ...receiver, perSecond: 4, ms: 1500 });
		await harness.prune(receiver.workflowId);
		const own = await climb(harness, receiver, ours.includes(receiver), plan);
		rows.push(...own);
		const highest = own.findLast((row) => row.sustained)?.perSecond ?? 0;
		sustained.push({ receiver: receiver.name, perSecond: highest });
	}
	printReceivers('Notifications at a fixed rate, default settings of n8n', rows);
	for (const { receiver, perSecond } of sustained) {
		console.log(`Highest sustained rate of ${plan.rates.join(', ')}: ${perSecond}/s, ${receiver}`);
	}
	const overload = await overloadEach(harness, [ours[0], ...others], sustained, plan.overloadMs);
	printReceivers('At twice the highest sustained rate', overload);
	return { sustained, rows, overload };
}
