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

const WARM_UP = { perSecond: 8, ms: 4000 };

/**
 * All receivers at rising rates, each up to the first that it does not sustain, and ours at Sinch's
 * rate. One after the other at each rate, so that all of them meet the same changes of the machine.
 */
async function climb(
	harness: BenchHarness,
	receivers: readonly Receiver[],
	ours: readonly Receiver[],
	{ rates, loadMs }: Plan['receivers'],
): Promise<ReceiverRow[]> {
	const rows: ReceiverRow[] = [];
	const failed = new Set<Receiver>();
	for (const rate of rates) {
		for (const receiver of receivers) {
			if (failed.has(receiver) && !(ours.includes(receiver) && rate === SINCH_RATE)) continue;
			const row = await runReceiver(harness, receiver, rate, loadMs);
			if (!row.sustained) failed.add(receiver);
			rows.push(row);
		}
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
	const unverified = await unverifiedReceiver(harness);
	const others = [
		await parseReceiver(harness, false),
		await parseReceiver(harness, true),
		await floorReceiver(harness),
		unverified,
	];
	const receivers = [...ours, ...others];
	for (const receiver of receivers) {
		// The first executions of a workflow, and those of a new n8n, take longer.
		await sendAtRate({ ...receiver, ...WARM_UP });
		await harness.prune(receiver.workflowId);
	}
	const rows = await climb(harness, receivers, ours, plan);
	const sustained = receivers.map(({ name }) => ({
		receiver: name,
		perSecond: rows.findLast((row) => row.receiver === name && row.sustained)?.perSecond ?? 0,
	}));
	printReceivers(
		'Notifications at a fixed rate, default settings of n8n',
		receivers.flatMap(({ name }) => rows.filter(({ receiver }) => receiver === name)),
	);
	for (const { receiver, perSecond } of sustained) {
		console.log(`Highest sustained rate of ${plan.rates.join(', ')}: ${perSecond}/s, ${receiver}`);
	}
	const overloaded = plan.overloadsAll ? [ours[0], ...others] : [ours[0], unverified];
	const overload = await overloadEach(harness, overloaded, sustained, plan.overloadMs);
	printReceivers('At twice the highest sustained rate', overload);
	return { sustained, rows, overload };
}
