import { setTimeout as sleep } from 'node:timers/promises';
import type { N8nApi } from '../n8n/api.mts';
import { Problem } from '../n8n/problem.mts';
import { readAnswers, type Answer } from './answers.mts';
import { compare, type Comparison } from './comparison.mts';
import type { Demo } from '../simulator/wire.ts';
import { ACTION_TYPE, type DemoN8n } from './setup.mts';

const CHECK_LIMIT_MS = 60_000;
const ANSWERS_LIMIT_MS = 90_000;
/** Each request costs n8n time that it needs for the answers. */
const POLL_MS = 400;
/** How long no further answer may arrive after the last expected one, in milliseconds. */
const QUIET_MS = 1000;

/** Runs *Check contacts* once. Returns the request IDs from Sinch. */
async function ask(api: N8nApi, { check }: DemoN8n): Promise<string[]> {
	const start = check.nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger')!;
	const action = check.nodes.find(({ type }) => type === ACTION_TYPE)!;
	const id = await api.run(check.id, start.name);
	const execution = await api.waitForExecution(id!, CHECK_LIMIT_MS);
	if (execution.status !== 'success') {
		const { message = execution.status, description = '' } = execution.error ?? {};
		throw new Problem(
			`The workflow “${check.name}” failed: ${message} ${description ?? ''}`.trim(),
		);
	}
	const items = execution.runs[action.name][0].data?.main[0] ?? [];
	return items.map(({ json }) => String(json.request_id));
}

/** Waits until `expected` answers have started executions in n8n, and no more arrive. */
async function collect(
	api: N8nApi,
	{ route }: DemoN8n,
	expected: number,
	onCount: (count: number) => void,
): Promise<Answer[]> {
	const end = performance.now() + ANSWERS_LIMIT_MS;
	const answersById = new Map<string, Answer[]>();
	let changedAt = performance.now();
	for (;;) {
		const executions = await api.listExecutions(route.id);
		const ended = executions.filter(({ stoppedAt }) => stoppedAt !== null);
		for (const { id } of ended.filter(({ id }) => !answersById.has(id))) {
			answersById.set(id, readAnswers(route, await api.getExecution(id)));
			changedAt = performance.now();
		}
		const answers = [...answersById.values()].flat();
		onCount(answers.length);
		const quiet = ended.length === executions.length && performance.now() - changedAt > QUIET_MS;
		if ((answers.length >= expected && quiet) || performance.now() > end) {
			return answers;
		}
		await sleep(POLL_MS);
	}
}

/** Queries all demo contacts and compares what arrives in n8n with the simulator's table. */
export async function askAndCompare(
	api: N8nApi,
	n8n: DemoN8n,
	demo: Demo,
	onCount: (count: number) => void = () => undefined,
): Promise<Comparison> {
	const requestIds = await ask(api, n8n);
	const expected = demo.contacts.flatMap(({ channels }) => channels).length;
	const answers = await collect(api, n8n, expected, onCount);
	return compare(n8n.route, demo, answers, requestIds);
}
