import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { N8nApiError } from '../../sandbox/n8n/http.mts';
import type { WorkflowNode } from '../../sandbox/n8n/types.mts';
import { queryWorkflow } from './queryWorkflows.mts';
import { peakMegabytes } from './receiverRun.mts';
import type { Receiver } from './receivers.mts';
import type { JobRow } from './results.mts';
import type { BenchHarness } from './harness.mts';
import { printTable } from './table.mts';

const POLL_MS = 1000;
/** Missing answers count as lost when nothing has happened for this long. */
const SILENCE_MS = 90_000;

export interface Job {
	name: string;
	contacts: number;
	channels: number;
	ask: WorkflowNode;
	/** The trigger's workflow; without one, the querying execution receives the answers. */
	receiver?: Receiver;
	/** Whether another process keeps one core busy. */
	busyCore?: boolean;
}

/** n8n responds with 503 for a while when it is too busy for its own database. */
async function unlessBusy<T>(asked: Promise<T>): Promise<T | undefined> {
	try {
		return await asked;
	} catch (error) {
		if (error instanceof N8nApiError && error.status === 503) return undefined;
		throw error;
	}
}

/** Waits until Sinch has delivered everything and the querying execution has ended. */
async function delivered(
	harness: BenchHarness,
	workflowId: string,
	answers: number,
): Promise<void> {
	let progress = '';
	for (let changedAt = Date.now(); Date.now() - changedAt < SILENCE_MS;) {
		await sleep(POLL_MS);
		const { totals } = await harness.log(true);
		const [asking] = (await unlessBusy(harness.api.listExecutions(workflowId))) ?? [];
		if (asking?.stoppedAt && totals.delivered >= answers) return;
		const now = JSON.stringify([totals.delivered, totals.queries, asking?.status]);
		if (now !== progress) changedAt = Date.now();
		progress = now;
	}
}

/** The answers in the executions of the trigger's workflow, by request and identity. */
async function routedBy(harness: BenchHarness, executionIds: string[]): Promise<Set<string>> {
	const routed = new Set<string>();
	for (const id of executionIds) {
		const { runs } = await harness.api.getExecution(id);
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

/** Queries `contacts` contacts and waits until the last answer is routed. */
export async function runJob(harness: BenchHarness, job: Job): Promise<JobRow> {
	const { contacts, channels, ask, receiver } = job;
	const answers = contacts * channels;
	const { id } = await harness.api.createWorkflow(queryWorkflow(contacts, ask));
	await harness.idle();
	await harness.clearLog();
	const letGo = job.busyCore ? keepCoreBusy() : () => {};
	let peak: number;
	try {
		await harness.api.run(id, 'Start');
		const running = delivered(harness, id, answers);
		peak = await peakMegabytes(harness, running);
		await running;
		await harness.idle();
	} finally {
		letGo();
	}
	const [asking] = await harness.api.listExecutions(id);
	const own = receiver ? await harness.api.listExecutions(receiver.workflowId) : [];
	const startedAt = Date.parse(asking!.startedAt!);
	const stops = [asking!, ...own].map(({ stoppedAt }) => Date.parse(stoppedAt ?? ''));
	const { deliveries } = await harness.log();
	const attempts = deliveries.flatMap((delivery) => delivery.attempts);
	const count = (matches: (attempt: (typeof attempts)[number]) => boolean) =>
		attempts.filter(matches).length;
	const routed = receiver
		? (
				await routedBy(
					harness,
					own.map((execution) => execution.id),
				)
			).size
		: await answeredIn(harness, asking!.id);
	for (const workflowId of [id, ...(receiver ? [receiver.workflowId] : [])]) {
		await harness.prune(workflowId);
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

/** The number of channels that Check reachability and wait received an answer for. */
async function answeredIn(harness: BenchHarness, executionId: string): Promise<number> {
	const { runs } = await harness.api.getExecution(executionId);
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
