/**
 * Query and Wait beside the way with two workflows (Query, and the trigger's executions), on one real
 * n8n and the simulator: `npm run bench:wait`. Prints a table; every figure is measured in this run.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import type { Workflow } from '../sandbox/n8n/types.mts';
import { ASK, asking, listening } from '../test/e2e/support/waiting.mts';
import { World } from '../test/e2e/support/world.mts';

const COUNTS = [1, 100, 1000];
const SINGLE_RUNS = 40;
const ANSWER_DELAY_MS = 250;
const LIMIT_MS = 300_000;

const world = await World.start();
const { api } = world;
const listener = await world.add(listening());
await api.activate(listener.id);

const numbers = (count: number) =>
	Array.from({ length: count }, (_, index) => `4670${1_000_000 + index}`);

/** Runs a workflow by hand; the milliseconds are those of its execution. */
async function run(workflow: Workflow) {
	const id = await api.run(workflow.id, 'Start');
	const execution = await api.waitForExecution(id!, LIMIT_MS);
	if (execution.status !== 'success') throw new Error(execution.error?.message);
	const startedAt = Date.parse(execution.startedAt!);
	return { execution, startedAt, ms: Date.parse(execution.stoppedAt!) - startedAt };
}

async function oneStep(count: number) {
	const before = (await api.listExecutions(listener.id)).length;
	const { ms } = await run(await world.add(asking(numbers(count))));
	const started = (await api.listExecutions(listener.id)).length - before;
	return { seconds: ms / 1000, executions: 1 + started };
}

async function twoWorkflows(count: number) {
	const before = (await api.listExecutions(listener.id)).length;
	const query = await world.add(asking(numbers(count), { operation: 'query' }));
	const { startedAt } = await run(query);
	const end = Date.now() + LIMIT_MS;
	for (;;) {
		const executions = await api.listExecutions(listener.id);
		const stopped = executions.map(({ stoppedAt }) => Date.parse(stoppedAt ?? '')).filter(Boolean);
		if (stopped.length >= before + count) {
			const seconds = (Math.max(...stopped) - startedAt) / 1000;
			return { seconds, executions: 1 + executions.length - before };
		}
		if (Date.now() > end) throw new Error(`${stopped.length - before} of ${count} arrived`);
		await sleep(1000);
	}
}

const quantile = (sorted: number[], part: number) =>
	sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

/** What one wait costs beside the simulator's own delay: the node's time less that delay. */
async function overhead() {
	const workflow = await world.add(asking(numbers(1)));
	const times: number[] = [];
	for (let round = 0; round < SINGLE_RUNS; round++) {
		const { execution } = await run(workflow);
		times.push(execution.runs[ASK][0].executionTime - ANSWER_DELAY_MS);
	}
	return times.sort((one, other) => one - other);
}

try {
	const table = new Table({
		head: ['Contacts', 'Query and Wait', 'executions', 'Two workflows', 'executions'],
		colAligns: ['right', 'right', 'right', 'right', 'right'],
		style: { head: [], border: [], compact: true },
	});
	await oneStep(1);
	for (const count of COUNTS) {
		const one = await oneStep(count);
		const two = await twoWorkflows(count);
		table.push([
			count,
			`${one.seconds.toFixed(1)} s`,
			one.executions,
			`${two.seconds.toFixed(1)} s`,
			two.executions,
		]);
	}
	const times = await overhead();
	console.log(`n8n ${world.n8n.version}, answers at 25/s after ${ANSWER_DELAY_MS} ms`);
	console.log(table.toString());
	console.log(
		`One wait, beyond the simulator's delay: median ${quantile(times, 0.5)} ms, p95 ${quantile(times, 0.95)} ms (${times.length} runs)`,
	);
} finally {
	await world.stop();
}
