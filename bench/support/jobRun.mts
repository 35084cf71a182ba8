import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { N8nApiError } from '../../sandbox/n8n/http.mts';
import type { WorkflowNode } from '../../sandbox/n8n/types.mts';
import { queryWorkflow } from './queryWorkflows.mts';
import { peakMegabytes } from './receiverRun.mts';
import type { Receiver } from './receivers.mts';
import type { JobRow } from './results.mts';
import type { Stand } from './stand.mts';
import { printTable } from './table.mts';

const POLL_MS = 1000;
/** An answer is given up as lost when nothing more has happened for so long. */
const SILENCE_MS = 90_000;

export interface Job {
	name: string;
	contacts: number;
	channels: number;
	ask: WorkflowNode;
	/** The trigger's workflow; without one the answers come to the execution that asks. */
	receiver?: Receiver;
	/** Whether another process keeps one core busy. */
	busyCore?: boolean;
}

/** n8n answers 503 for a while when it has no time for its own database. */
async function unlessBusy<T>(asked: Promise<T>): Promise<T | undefined> {
	try {
		return await asked;
	} catch (error) {
		if (error instanceof N8nApiError && error.status === 503) return undefined;
		throw error;
	}
}

/** Waits until Sinch has nothing more to deliver, and the execution that asks has ended. */
async function delivered(stand: Stand, workflowId: string, answers: number): Promise<void> {
	let progress = '';
	for (let changedAt = Date.now(); Date.now() - changedAt < SILENCE_MS;) {
		await sleep(POLL_MS);
		const { totals } = await stand.log(true);
		const [asking] = (await unlessBusy(stand.api.listExecutions(workflowId))) ?? [];
		if (asking?.stoppedAt && totals.delivered >= answers) return;
		const now = JSON.stringify([totals.delivered, totals.queries, asking?.status]);
		if (now !== progress) changedAt = Date.now();
		progress = now;
	}
}

/** Every answer that an execution of the trigger's workflow had, by request and identity. */
async function routedBy(stand: Stand, executionIds: string[]): Promise<Set<string>> {
	const routed = new Set<string>();
	for (const id of executionIds) {
		const { runs } = await stand.api.getExecution(id);
		const items = runs.Trigger?.[0]?.data?.main.flat() ?? [];
		for (const { json } of items.filter(Boolean) as Array<{ json: Record<string, unknown> }>) {
			routed.add(`${String(json.request_id)} ${String(json.channel)} ${String(json.identity)}`);
		}
	}
	return routed;
}

function keepCoreBusy(): () => void {
	const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
	return () => void busy.kill('SIGKILL');
}

/** Asks about so many contacts and waits until the last answer is routed. */
export async function runJob(stand: Stand, job: Job): Promise<JobRow> {
	const { contacts, channels, ask, receiver } = job;
	const answers = contacts * channels;
	const { id } = await stand.api.createWorkflow(queryWorkflow(contacts, ask));
	await stand.idle();
	await stand.clearLog();
	const letGo = job.busyCore ? keepCoreBusy() : () => {};
	let peak: number;
	try {
		await stand.api.run(id, 'Start');
		const running = delivered(stand, id, answers);
		peak = await peakMegabytes(stand, running);
		await running;
		await stand.idle();
	} finally {
		letGo();
	}
	const [asking] = await stand.api.listExecutions(id);
	const own = receiver ? await stand.api.listExecutions(receiver.workflowId) : [];
	const startedAt = Date.parse(asking!.startedAt!);
	const stops = [asking!, ...own].map(({ stoppedAt }) => Date.parse(stoppedAt ?? ''));
	const { deliveries } = await stand.log();
	const attempts = deliveries.flatMap((delivery) => delivery.attempts);
	const count = (matches: (attempt: (typeof attempts)[number]) => boolean) =>
		attempts.filter(matches).length;
	const routed = receiver
		? (
				await routedBy(
					stand,
					own.map((execution) => execution.id),
				)
			).size
		: await answeredIn(stand, asking!.id);
	for (const workflowId of [id, ...(receiver ? [receiver.workflowId] : [])]) {
		await stand.prune(workflowId);
	}
	return {
		...{ job: job.name, contacts, channels, busyCore: job.busyCore ?? false, answers, routed },
		seconds: Math.round((Math.max(...stops) - startedAt) / 100) / 10,
		askingSeconds: Math.round((Date.parse(asking!.stoppedAt ?? '') - startedAt) / 100) / 10,
		postponed: count(({ httpStatus }) => httpStatus === 503),
		timedOut: count(({ error }) => error === 'timed out'),
		failed: count(
			({ httpStatus, error }) => httpStatus !== 200 && httpStatus !== 503 && error !== 'timed out',
		),
		executions: 1 + own.length,
		peakMegabytes: peak,
	};
}

/** Channels that Query and Wait had an answer for. */
async function answeredIn(stand: Stand, executionId: string): Promise<number> {
	const { runs } = await stand.api.getExecution(executionId);
	const items = Object.values(runs).at(-1)?.[0]?.data?.main.flat() ?? [];
	return items.filter((item) => item?.json.outcome !== 'No Answer').length;
}

export function printJobs(rows: readonly JobRow[]): void {
	printTable(
		'The whole job: from the start of the asking execution to the end of the last one',
		[
			...['', 'Contacts', 'Channels', 'Busy core', 'Answers', 'Routed', 'Seconds', 'Asking s'],
			...['503', 'Timed out', 'Other', 'Executions', 'Peak MB'],
		],
		rows.map((row) => [
			...[row.job, row.contacts.toLocaleString('en-US'), String(row.channels)],
			...[row.busyCore ? 'yes' : 'no', row.answers.toLocaleString('en-US')],
			...[row.routed.toLocaleString('en-US'), row.seconds.toFixed(1)],
			...[row.askingSeconds.toFixed(1), String(row.postponed), String(row.timedOut)],
			...[String(row.failed), String(row.executions), String(row.peakMegabytes)],
		]),
	);
}
