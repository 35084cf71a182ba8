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
	unverifiedReceiver,
	WHEN_FINISHED,
	type Receiver,
} from './support/receivers.mts';
import { printReceivers, runReceiver } from './support/receiverRun.mts';
import type { Figures, ReceiverRow, SustainedRow } from './support/results.mts';
import { sendAtRate } from './support/sender.mts';
import type { Stand } from './support/stand.mts';

/** At the rate of Sinch everything is measured that is ours, sustained or not. */
const SINCH_RATE = 25;

/** The receiver at rising rates, up to the first that it does not sustain, and at Sinch's. */
async function climb(
	stand: Stand,
	receiver: Receiver,
	isOurs: boolean,
	{ rates, loadMs }: Plan['receivers'],
): Promise<ReceiverRow[]> {
	const rows: ReceiverRow[] = [];
	let failed = false;
	for (const rate of rates) {
		if (failed && !(isOurs && rate === SINCH_RATE)) continue;
		const row = await runReceiver(stand, receiver, rate, loadMs);
		failed ||= !row.sustained;
		rows.push(row);
	}
	return rows;
}

export async function benchReceivers(
	stand: Stand,
	{ receivers: plan }: Plan,
): Promise<Figures['receivers']> {
	const credential = await stand.newCredential();
	const ours = [
		await ourReceiver(stand, credential, OURS),
		await ourReceiver(stand, credential, OURS_SINGLE, ONE_PER_ANSWER),
		await ourReceiver(stand, credential, OURS_BY_TIME, GROUPED_BY_TIME),
		await ourReceiver(stand, credential, OURS_FINISHED, WHEN_FINISHED),
	];
	const others = [await floorReceiver(stand), await unverifiedReceiver(stand)];
	const rows: ReceiverRow[] = [];
	const sustained: SustainedRow[] = [];
	for (const receiver of [...ours, ...others]) {
		// The first executions of a workflow take longer than all later ones.
		await sendAtRate({ ...receiver, perSecond: 4, ms: 1500 });
		await stand.prune(receiver.workflowId);
		const own = await climb(stand, receiver, ours.includes(receiver), plan);
		rows.push(...own);
		const highest = own.findLast((row) => row.sustained)?.perSecond ?? 0;
		sustained.push({ receiver: receiver.name, perSecond: highest });
	}
	printReceivers(rows);
	for (const { receiver, perSecond } of sustained) {
		console.log(`Highest sustained rate of ${plan.rates.join(', ')}: ${perSecond}/s, ${receiver}`);
	}
	return { sustained, rows };
}
