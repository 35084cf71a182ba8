import type { BenchHarness } from './support/harness.mts';
import { runJob, type Job } from './support/jobRun.mts';
import type { Answerer } from './support/options.mts';
import type { Bench } from './support/parts.mts';
import { askAndWait, ourQuery } from './support/queryWorkflows.mts';
import { createReceiver, labelOf, type ReceiverKey } from './support/receivers.mts';
import { ANSWERS_PER_SECOND, type Delivery, type JobRow } from './support/results.mts';
import { printTable } from './support/table.mts';

const DEFAULT: Answerer[] = ['trigger', 'parse', 'switch', 'wait'];

const WARM_UP_CONTACTS = 10;

/** More than a job takes besides Sinch's own time: starting, counting and deleting executions. */
const OVERHEAD_SECONDS = 20;

/** A job that takes longer than this many times Sinch's own, and a minute, has lost answers. */
const LIMIT_FACTOR = 4;

/** Runs a job while the receiver is published and Sinch delivers to it alone. */
async function whilePublished(harness: BenchHarness, job: Job): Promise<Delivery> {
	await job.receiver.publish(true);
	try {
		return await runJob(harness, job);
	} finally {
		await job.receiver.unpublish();
	}
}

function print(rows: readonly JobRow[]): void {
	const ratioToSwitch = (row: JobRow) => {
		const other = rows.find(
			({ receiver, contacts, run }) =>
				receiver === 'switch' && contacts === row.contacts && run === row.run,
		);
		return other ? (row.seconds / other.seconds).toFixed(2) : '';
	};
	printTable(
		'Whole jobs: from the start of the asking execution to the end of the last one',
		[
			...['', 'Contacts', 'Run', 'Answers', 'Routed', 'Runs per answer', 'Seconds', 'To Sinch'],
			...['To Switch', '503', 'Timed out', 'Other', 'Executions', 'Peak MB'],
		],
		rows.map((row) => [
			...[labelOf(row.receiver), row.contacts.toLocaleString('en-US'), String(row.run)],
			...[row.answers.toLocaleString('en-US'), row.routed.toLocaleString('en-US')],
			...[row.runsPerAnswer?.toFixed(2) ?? '', row.seconds.toFixed(1)],
			...[(row.seconds / row.sinchSeconds).toFixed(2), ratioToSwitch(row)],
			...[row.postponed, row.timedOut, row.failed, row.executions, row.peakMegabytes].map(String),
		]),
	);
}

/** Measures whole jobs on default settings, from the first query to the last branch. */
export async function benchJobs({ harness, options, clock, results }: Bench): Promise<void> {
	const { contacts: sizes, channels, runs, busyCore } = options;
	const answerers = options.receivers ?? DEFAULT;
	const credential = await harness.newCredential();
	const receiverOf = (one: Answerer): ReceiverKey => (one === 'wait' ? 'trigger' : one);
	const receivers = new Map(
		await Promise.all(
			[...new Set(answerers.map(receiverOf))].map(
				async (key) => [key, await createReceiver(harness, credential, key)] as const,
			),
		),
	);
	const jobOf = (answerer: Answerer, contacts: number): Job => ({
		...{ contacts, channels, waits: answerer === 'wait' },
		limitSeconds: 60 + (LIMIT_FACTOR * contacts * channels) / ANSWERS_PER_SECOND,
		receiver: receivers.get(receiverOf(answerer))!,
		ask:
			answerer === 'wait' ? askAndWait(credential, channels) : ourQuery(credential, {}, channels),
	});
	const rows: JobRow[] = [];
	const warmUp = async (answerer: Answerer) =>
		await harness.attempt(
			async () => await whilePublished(harness, jobOf(answerer, WARM_UP_CONTACTS)),
		);
	for (const answerer of answerers) await warmUp(answerer);
	let before: Answerer | undefined;
	for (const contacts of sizes) {
		const sinchSeconds = (contacts * channels) / ANSWERS_PER_SECOND;
		for (let run = 1; run <= runs; run++) {
			for (const answerer of answerers) {
				const what = `job of ${contacts} contacts, run ${run} of ${runs}: ${labelOf(answerer)}`;
				if (!clock.hasTimeFor(what, 1.5 * sinchSeconds + OVERHEAD_SECONDS)) continue;
				if ([before, answerer].includes('switch')) {
					// What the node concludes from answers that do not arrive at it holds for some time.
					await harness.restart();
					await warmUp(answerer);
				}
				before = answerer;
				await harness.refresh(async () => await warmUp(answerer));
				const delivery = await harness.attempt(
					async () =>
						await harness.withBusyCore(
							busyCore,
							async () => await whilePublished(harness, jobOf(answerer, contacts)),
						),
				);
				if (!delivery) continue;
				const row = { receiver: answerer, contacts, channels, run, sinchSeconds, ...delivery };
				rows.push(await results.addJob(row));
			}
		}
	}
	print(rows);
}
