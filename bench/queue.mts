import { setTimeout as sleep } from 'node:timers/promises';
import { CREDENTIAL_TYPE, credentialData } from '../sandbox/demo/setup.mts';
import { startParts, type Parts } from '../sandbox/harness/parts.mts';
import { SimulatedSinch } from '../sandbox/harness/simulatedSinch.mts';
import type { ExecutionSummary } from '../sandbox/n8n/types.mts';
import {
	ALL_PROCESSES,
	startCluster,
	type Cluster,
	type ProcessName,
} from '../sandbox/queue/cluster.mts';
import { routedBy } from './support/jobRun.mts';
import type { Options } from './support/options.mts';
import { createReceiver, labelOf, type Receiver, type ReceiverKey } from './support/receivers.mts';
import { Results, RESULTS_FILE, type Conditions, type QueueRow } from './support/results.mts';
import { sendAtRate } from './support/sender.mts';
import { quantile, round } from './support/statistics.mts';
import { printTable } from './support/table.mts';

const DEFAULT: ReceiverKey[] = ['trigger', 'parse'];

const RATES = [25, 50];

const WEBHOOK_PROCESSES: ProcessName[] = ['webhook 1', 'webhook 2', 'webhook 3'];

/** Of the webhook processes: n8n's default, and the one that it calls no longer secure. */
const ENGINES = ['', 'legacy'];

const WARM_UP = { perSecond: 4, ms: 3000 };

/** Workers take longer than the webhook processes. */
const LIMIT_MS = 120_000;

const POLL_MS = 500;

type Measured = Omit<QueueRow, 'run' | 'webhookProcesses' | keyof Conditions>;

async function untilEnded(
	{ api }: Parts<Cluster>,
	workflowId: string,
): Promise<ExecutionSummary[]> {
	for (const end = Date.now() + LIMIT_MS; ; await sleep(POLL_MS)) {
		const executions = await api.listExecutions(workflowId);
		if (executions.every(({ stoppedAt }) => stoppedAt) || Date.now() > end) return executions;
	}
}

/** One receiver at one rate, until its last execution has ended. */
async function measure(
	parts: Parts<Cluster>,
	receiver: Receiver,
	load: { perSecond: number; ms: number },
): Promise<Measured> {
	const { key, workflowId, target, next, answersIn } = receiver;
	const { latencies, startedAt, endedAt, ...counts } = await sendAtRate({ target, next, ...load });
	const executions = await untilEnded(parts, workflowId);
	const stopped = executions.flatMap(({ stoppedAt }) => (stoppedAt ? Date.parse(stoppedAt) : []));
	const routed = await routedBy(parts.api, executions, answersIn);
	await parts.api.deleteExecutions(workflowId);
	const at = (part: number) =>
		latencies.length > 0 ? round(quantile(latencies, part)) : undefined;
	return {
		...{ receiver: key, perSecond: load.perSecond, ...counts, p50: at(0.5), p95: at(0.95) },
		...{ executions: executions.length, ...routed },
		seconds: round((Math.max(endedAt, ...stopped) - startedAt) / 1000),
	};
}

function print(rows: readonly QueueRow[]): void {
	const milliseconds = (value?: number) => value?.toFixed(0) ?? '';
	printTable(
		'Queue mode: answers at a fixed rate, each sent once',
		[
			...['', 'Engine', 'Webhook processes', 'Sent/s', 'Run', 'Sent', 'Answered 2xx', '503'],
			...[
				'Timed out',
				'Other',
				'p50 ms',
				'p95 ms',
				'Executions',
				'Routed',
				'Runs per answer',
				'Seconds',
			],
		],
		rows.map((row) => [
			...[labelOf(row.receiver), row.engine || 'default', String(row.webhookProcesses)],
			...[row.perSecond, row.run, row.sent, row.accepted, row.postponed].map(String),
			...[row.timedOut, row.wrong].map(String),
			...[milliseconds(row.p50), milliseconds(row.p95), String(row.executions), String(row.routed)],
			...[row.runsPerAnswer.toFixed(2), row.seconds.toFixed(1)],
		]),
	);
}

/**
 * Receivers in queue mode, with one webhook process and with three of them, on n8n's default engine and
 * with `legacy` in the webhook processes alone. Needs PostgreSQL and Redis.
 */
export async function benchQueue(options: Options): Promise<void> {
	const { rates = RATES, runs, loadSeconds, busyCore, output = RESULTS_FILE } = options;
	const keys = (options.receivers ?? DEFAULT).filter((one) => one !== 'wait');
	const measuredAt = new Date().toISOString();
	const parts = await startParts({
		start: async (n8n) => await startCluster({ ...n8n, processes: ALL_PROCESSES }),
	});
	const rows: QueueRow[] = [];
	try {
		const { api, n8n, simulator, demo } = parts;
		const place = { api, url: n8n.url, sinch: new SimulatedSinch(simulator.url, demo) };
		const data = credentialData(demo, simulator.url);
		const credential = await api.createCredential('Bench', CREDENTIAL_TYPE, data);
		const receivers: Receiver[] = [];
		for (const key of keys) {
			const receiver = await createReceiver(place, credential, key);
			await receiver.publish(false);
			receivers.push(receiver);
		}
		for (const engine of options.engine ? [options.engine] : ENGINES) {
			for (const name of engine ? WEBHOOK_PROCESSES : []) {
				await n8n.restart(name, { N8N_EXPRESSION_ENGINE: engine });
			}
			const conditions = { n8n: n8n.version, engine, busyCore, measuredAt };
			const results = await Results.open(output, conditions);
			for (const webhookProcesses of [1, WEBHOOK_PROCESSES.length]) {
				n8n.leadTo(...WEBHOOK_PROCESSES.slice(0, webhookProcesses));
				for (const receiver of receivers) await measure(parts, receiver, WARM_UP);
				for (let run = 1; run <= runs; run++) {
					for (const perSecond of rates) {
						for (const receiver of receivers) {
							const load = { perSecond, ms: loadSeconds * 1000 };
							const measured = await measure(parts, receiver, load);
							rows.push(await results.addQueue({ run, webhookProcesses, ...measured }));
						}
					}
				}
			}
		}
		for (const receiver of receivers) await receiver.unpublish();
	} finally {
		await parts.end();
		print(rows);
	}
}
