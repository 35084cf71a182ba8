import type { Credential, WorkflowNode } from '../sandbox/n8n/types.mts';
import { runWithFaults } from './support/faultRun.mts';
import { runQueries, type QueryRun } from './support/queryRun.mts';
import { httpQuery, ourQuery, type Batching } from './support/queryWorkflows.mts';
import type { Bench } from './support/parts.mts';
import type { Options } from './support/options.mts';
import type { QueryRow, Ratio } from './support/results.mts';
import { LOG_SIZE, type BenchHarness } from './support/harness.mts';
import { ratio, spreads } from './support/statistics.mts';
import { printRatios, printTable, shown } from './support/table.mts';

/** The HTTP Request node's batching with the most accepted queries per second and no failure. */
const BEST_BATCHING: Batching = { batchSize: 100, batchInterval: 100 };

const FAULT_ROUNDS = 3;

const FIGURES = [
	...(['accepted', 'failed', 'seconds', 'perSecond', 'pace', 'tokenCalls'] as const),
	...(['refused', 'peakMegabytes'] as const),
];

const NOTES = [
	'Accepted/s is for the whole execution, including creating and storing its items; At Sinch/s is from the first accepted request to the last.',
	'Our node starts every run without an access token; the HTTP Request node has one, except in the row that says otherwise.',
	'HTTP Request: On Error continue, predefined credential type; its failures are items that the simulator did not register.',
	'10,000 items: fewer rounds, because they take long.',
	'Batching: the highest rate at which no item of 1,000 failed.',
	'kB/item: peak less the memory before, in the first round of 10,000 items, for which n8n was started anew.',
];

interface Way {
	name: string;
	/** Rounds with 1,000 and with 10,000 items. */
	rounds: [number, number];
	/** Whether its first round with 10,000 items runs in a restarted n8n, to measure its memory. */
	fresh?: boolean;
	ask: () => Promise<WorkflowNode>;
}

const OURS = 'Sinch Capability, default (400/s)';
const OURS_FAST = 'Sinch Capability, 800/s';
const HTTP = 'HTTP Request, default';
const HTTP_BATCHED = `HTTP Request, ${BEST_BATCHING.batchSize} per ${BEST_BATCHING.batchInterval} ms`;
const HTTP_COLD = 'HTTP Request, default, without a token';

/** Our node starts each run without a token; the HTTP Request node has one, except in the last way. */
function waysOf(harness: BenchHarness, warm: Credential, { runs, large }: Options): Way[] {
	const cold = async () => harness.newCredential();
	const rounds: Way['rounds'] = [runs, large ? 1 : 0];
	const fast = { requestsPerSecond: 800 };
	return [
		{
			name: OURS,
			rounds,
			fresh: true,
			ask: async () => ourQuery(await cold(), {}),
		},
		{
			name: OURS_FAST,
			rounds,
			ask: async () => ourQuery(await cold(), fast),
		},
		{
			name: HTTP,
			rounds,
			fresh: true,
			ask: async () => httpQuery(harness, warm),
		},
		{
			name: HTTP_BATCHED,
			rounds: [runs, 0],
			ask: async () => httpQuery(harness, warm, BEST_BATCHING),
		},
		{ name: HTTP_COLD, rounds: [1, 0], ask: async () => httpQuery(harness, await cold()) },
	];
}

/** Latency and limit as at Sinch; the log keeps no lists, because its counters are enough. */
async function prepare(harness: BenchHarness): Promise<Credential> {
	await harness.settings({ apiLatencyMs: 50, requestsPerSecond: 800, logSize: 1 });
	const warm = await harness.newCredential();
	await runQueries(harness, 1, httpQuery(harness, warm));
	const { queries } = await harness.log();
	if (queries.some(({ callbacks }) => callbacks > 0)) {
		throw new Error('A webhook is registered: n8n would work on answers while it is measured');
	}
	await runQueries(harness, 200, ourQuery(warm, {}));
	await runQueries(harness, 200, httpQuery(harness, warm));
	return warm;
}

function rowOf(way: string, items: number, runs: QueryRun[], fresh: boolean): QueryRow {
	return {
		way,
		items,
		rounds: runs.length,
		...spreads(runs, FIGURES),
		unfinished: runs.filter((run) => run.unfinished > 0).length,
		...(fresh ? { kilobytesPerItem: Math.round(runs[0].kilobytesPerItem * 10) / 10 } : {}),
	};
}

function print(rows: QueryRow[]): void {
	const head = ['', 'Items', 'Rounds', 'Accepted', 'Failed', 'Seconds', 'Accepted/s', 'At Sinch/s'];
	printTable(
		'Queries: 50 ms latency, at most 800 a second',
		[...head, 'Token calls', 'Refused', 'Unfinished', 'Peak MB', 'kB/item'],
		rows.map((row) => [
			...[row.way, row.items.toLocaleString('en-US'), String(row.rounds)],
			...[
				shown(row.accepted),
				shown(row.failed),
				shown(row.seconds, 1),
				shown(row.perSecond),
				shown(row.pace),
			],
			...[shown(row.tokenCalls), shown(row.refused)],
			...[String(row.unfinished), shown(row.peakMegabytes)],
			row.kilobytesPerItem?.toFixed(1) ?? '',
		]),
	);
}

/** All ways in turn, several times, so that changes in the machine's speed affect all of them. */
async function alternate(
	harness: BenchHarness,
	ways: Way[],
	size: 0 | 1,
	run: (way: Way, round: number) => Promise<QueryRun>,
): Promise<Map<string, QueryRun[]>> {
	const runs = new Map<string, QueryRun[]>();
	const most = Math.max(...ways.map(({ rounds }) => rounds[size]));
	for (let round = 0; round < most; round++) {
		for (const way of ways.filter(({ rounds }) => round < rounds[size])) {
			const done = await run(way, round);
			await harness.prune(done.workflowId);
			runs.set(way.name, [...(runs.get(way.name) ?? []), done]);
		}
	}
	return runs;
}

function ratiosOf(short: Map<string, QueryRun[]>, long: Map<string, QueryRun[]>): Ratio[] {
	const rates = (name: string) => short.get(name)!.map(({ perSecond }) => perSecond);
	const seconds = (runs: QueryRun[]) => runs.map((run) => run.seconds);
	return [
		...[HTTP, HTTP_BATCHED].flatMap((http) =>
			[OURS, OURS_FAST].map((ours) =>
				ratio(`1,000 items, accepted/s: ${ours}, to ${http}`, rates(ours), rates(http)),
			),
		),
		...[...long].map(([name, runs]) =>
			ratio(`Seconds of 10,000 to 1,000 items: ${name}`, seconds(runs), seconds(short.get(name)!)),
		),
	];
}

export async function benchQueries({ harness, options, results }: Bench): Promise<void> {
	const ways = waysOf(harness, await prepare(harness), options);
	const short = await alternate(harness, ways, 0, async ({ ask }) =>
		runQueries(harness, 1000, await ask()),
	);
	const long = await alternate(harness, ways, 1, async ({ ask, fresh }, round) => {
		if (round === 0 && fresh) {
			// A run's memory is only visible in an n8n that has not had a longer run.
			await harness.restart();
			await runQueries(harness, 200, await ask());
		}
		return await runQueries(harness, 10_000, await ask());
	});
	const isFresh = (name: string) => ways.some((way) => way.name === name && way.fresh);
	const rows = [
		...[...short].map(([name, runs]) => rowOf(name, 1000, runs, false)),
		...[...long].map(([name, runs]) => rowOf(name, 10_000, runs, isFresh(name))),
	];
	const ratios = ratiosOf(short, long);
	print(rows);
	for (const note of NOTES) console.log(note);
	printRatios(ratios);
	await harness.settings({ apiLatencyMs: 0, logSize: LOG_SIZE });
	await results.set('queries', { queries: { rows, notes: NOTES, ratios } });
}

/** One fifth of all requests fail. */
export async function benchFaults({ harness, options, results }: Bench): Promise<void> {
	await prepare(harness);
	const faults = await runWithFaults(harness, Math.max(FAULT_ROUNDS, options.runs));
	await harness.settings({ apiLatencyMs: 0, logSize: LOG_SIZE });
	await results.set('faults', { faults });
}
