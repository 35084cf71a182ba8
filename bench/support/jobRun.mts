import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { N8nApi } from '../../sandbox/n8n/api.mts';
import type { ExecutionSummary, WorkflowNode } from '../../sandbox/n8n/types.mts';
import { unlessBusy, type BenchHarness } from './harness.mts';
import { ASK, queryWorkflow } from './queryWorkflows.mts';
import { peakMegabytes } from './receiverRun.mts';
import type { Receiver } from './receivers.mts';
import type { Delivery } from './results.mts';

const POLL_MS = 500;
/** Missing answers count as lost when nothing has happened for this long. */
const SILENCE_MS = 60_000;
const AT_ONCE = 4;

export interface Job {
	/** Of the asking node in n8n; without one, someone else asks Sinch for answers as fast as it takes queries. */
	ask?: WorkflowNode;
	contacts: number;
	channels: number;
	/** Published, and the only one that Sinch delivers to. */
	receiver: Receiver;
	/** After this time, what is still missing counts as lost. */
	limitSeconds: number;
	/** Whether the asking execution gives the answers, which it gets from the receiver. */
	waits?: boolean;
}

async function askFromOutside(harness: BenchHarness, count: number): Promise<void> {
	const limit = pLimit(AT_ONCE * 4);
	const phones = Array.from({ length: count }, (_, index) => `4670${2_000_000 + index}`);
	await Promise.all(phones.map(async (phone) => await limit(() => harness.query(phone))));
}

const list = async (harness: BenchHarness, workflowId: string | undefined) =>
	workflowId === undefined
		? []
		: await unlessBusy(async () => await harness.api.listExecutions(workflowId));

/** Waits until Sinch has delivered everything and the asking execution has ended. */
async function delivered(
	harness: BenchHarness,
	answers: number,
	asking: string | undefined,
	limitSeconds: number,
): Promise<void> {
	let progress = '';
	const end = Date.now() + 1000 * limitSeconds;
	for (let changedAt = Date.now(); Date.now() - changedAt < SILENCE_MS && Date.now() < end;) {
		await sleep(POLL_MS);
		const { totals } = await harness.log(true);
		const [execution] = await list(harness, asking);
		const hasAsked = asking === undefined || execution?.stoppedAt;
		if (hasAsked && totals.delivered >= answers) return;
		const now = JSON.stringify([totals.attempts, totals.queries, execution?.status]);
		if (now !== progress) changedAt = Date.now();
		progress = now;
	}
}

/** Waits until none of them is still running. */
async function ended(harness: BenchHarness, workflowId: string): Promise<ExecutionSummary[]> {
	for (const end = Date.now() + SILENCE_MS; ; await sleep(POLL_MS)) {
		await harness.idle();
		const executions = await list(harness, workflowId);
		if (executions.every(({ stoppedAt }) => stoppedAt) || Date.now() > end) return executions;
	}
}

/** How many answers were routed, and how often each on average. */
export async function routedBy(
	api: N8nApi,
	executions: readonly ExecutionSummary[],
	answersIn: Receiver['answersIn'],
): Promise<Required<Pick<Delivery, 'routed' | 'runsPerAnswer'>>> {
	const times = new Map<string, number>();
	const limit = pLimit(AT_ONCE);
	const read = async (id: string) =>
		answersIn(await unlessBusy(async () => await api.getExecution(id)));
	for (const keys of await Promise.all(executions.map(({ id }) => limit(() => read(id))))) {
		for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
	}
	const runs = [...times.values()].reduce((sum, count) => sum + count, 0);
	return {
		routed: times.size,
		runsPerAnswer: Math.round((1000 * runs) / Math.max(1, times.size)) / 1000,
	};
}

/** The answers that Check reachability and wait received, one item for each channel. */
const answeredBy: Receiver['answersIn'] = ({ runs }) =>
	(runs[ASK]?.[0]?.data?.main.flat() ?? []).flatMap((item, index) =>
		!item || item.json.outcome === 'No Answer' || item.json.error ? [] : String(index),
	);

/** Sinch's own attempts, from its log. */
async function attemptsOf(harness: BenchHarness) {
	const { deliveries } = await harness.log();
	const attempts = deliveries.flatMap((delivery) => delivery.attempts);
	const count = (matches: (attempt: (typeof attempts)[number]) => boolean) =>
		attempts.filter(matches).length;
	return {
		postponed: count(({ httpStatus }) => httpStatus === 503),
		timedOut: count(({ error }) => error === 'timed out'),
		failed: count(
			({ httpStatus, error }) => httpStatus !== 200 && httpStatus !== 503 && error !== 'timed out',
		),
	};
}

/**
 * Asks for one answer of each channel of each contact, and waits until the last one is routed. Sinch
 * delivers again what is not accepted.
 */
export async function runJob(harness: BenchHarness, job: Job): Promise<Delivery> {
	const { contacts, channels, ask, receiver, waits, limitSeconds } = job;
	const answers = contacts * channels;
	const workflow = ask && (await harness.api.createWorkflow(queryWorkflow(contacts, ask)));
	await harness.idle();
	await harness.clearLog();
	const begin = Date.now();
	if (workflow) await harness.api.run(workflow.id, 'Start');
	const asked = workflow ? Promise.resolve() : askFromOutside(harness, contacts);
	const running = Promise.all([asked, delivered(harness, answers, workflow?.id, limitSeconds)]);
	const peak = await peakMegabytes(harness, running);
	await running;
	const own = await ended(harness, receiver.workflowId);
	const [asking] = await list(harness, workflow?.id);
	const startedAt = asking?.startedAt ? Date.parse(asking.startedAt) : begin;
	const stops = [asking, ...own].flatMap((one) =>
		one?.stoppedAt ? Date.parse(one.stoppedAt) : [],
	);
	const secondsTo = (time: number) => Math.round((time - startedAt) / 100) / 10;
	const routed = waits
		? await routedBy(harness.api, asking ? [asking] : [], answeredBy)
		: await routedBy(harness.api, own, receiver.answersIn);
	const row = {
		...{ answers, ...routed },
		seconds: secondsTo(Math.max(...stops, startedAt)),
		...(asking?.stoppedAt && { askingSeconds: secondsTo(Date.parse(asking.stoppedAt)) }),
		...(await attemptsOf(harness)),
		executions: own.length + (workflow ? 1 : 0),
		peakMegabytes: peak,
	};
	for (const id of [receiver.workflowId, ...(workflow ? [workflow.id] : [])]) {
		await harness.prune(id);
	}
	return row;
}
