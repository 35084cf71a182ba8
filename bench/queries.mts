import type { Credential, WorkflowNode } from '../sandbox/n8n/types.mts';
import { runWithFaults } from './support/faultRun.mts';
import { runQueries, type QueryRun } from './support/queryRun.mts';
import { httpQuery, ourQuery, type Batching } from './support/queryWorkflows.mts';
import type { QueryRow, Results } from './support/results.mts';
import { Stand } from './support/stand.mts';
import { ratio, spreads } from './support/statistics.mts';
import { printRatios, printTable, shown } from './support/table.mts';

/** The batching of the HTTP Request node with the most accepted queries a second and no failure. */
export const BEST_BATCHING: Batching = { batchSize: 50, batchInterval: 50 };

const FIGURES = [
	...(['accepted', 'failed', 'seconds', 'perSecond', 'tokenCalls'] as const),
	...(['refused', 'peakMegabytes'] as const),
];

interface Way {
	name: string;
	/** Rounds with 10,000 items. */
	longRounds: number;
	ask: () => Promise<WorkflowNode>;
}

const OURS = 'Sinch Capability, default (400/s)';
const OURS_FAST = 'Sinch Capability, 800/s';
const HTTP = 'HTTP Request, default';
const HTTP_BATCHED = `HTTP Request, ${BEST_BATCHING.batchSize} per ${BEST_BATCHING.batchInterval} ms`;
const HTTP_COLD = 'HTTP Request, default, without a token';

/** Ours begins each run without a token; the HTTP Request node has one but in the last way. */
function waysOf(stand: Stand, warm: Credential): Way[] {
	const { newCredential } = stand;
	const cold = newCredential.bind(stand);
	return [
		{ name: OURS, longRounds: 3, ask: async () => ourQuery(await cold(), {}) },
		{
			name: OURS_FAST,
			longRounds: 3,
			ask: async () => ourQuery(await cold(), { requestsPerSecond: 800 }),
		},
		{ name: HTTP, longRounds: 1, ask: async () => httpQuery(stand, warm) },
		{
			name: HTTP_BATCHED,
			longRounds: 1,
			ask: async () => httpQuery(stand, warm, BEST_BATCHING),
		},
		{ name: HTTP_COLD, longRounds: 0, ask: async () => httpQuery(stand, await cold()) },
	];
}

/** Latency and limit as at Sinch; the log keeps no lists, its counters are enough. */
async function prepare(stand: Stand): Promise<Credential> {
	await stand.settings({ apiLatencyMs: 50, requestsPerSecond: 800, logSize: 1 });
	const warm = await stand.newCredential();
	await runQueries(stand, 1, httpQuery(stand, warm));
	await runQueries(stand, 200, ourQuery(warm, {}));
	await runQueries(stand, 200, httpQuery(stand, warm));
	return warm;
}

function rowOf(way: string, items: number, runs: QueryRun[], fresh: boolean): QueryRow {
	return {
		way,
		items,
		rounds: runs.length,
		...spreads(runs, FIGURES),
		...(fresh ? { kilobytesPerItem: Math.round(runs[0].kilobytesPerItem * 10) / 10 } : {}),
	};
}

function print(rows: QueryRow[]): void {
	const head = ['', 'Items', 'Rounds', 'Accepted', 'Failed', 'Seconds', 'Accepted/s'];
	printTable(
		'Queries: 50 ms latency, at most 800 a second',
		[...head, 'Token calls', 'Refused', 'Peak MB', 'kB/item'],
		rows.map((row) => [
			...[row.way, row.items.toLocaleString('en-US'), String(row.rounds)],
			...[shown(row.accepted), shown(row.failed), shown(row.seconds, 1), shown(row.perSecond)],
			...[shown(row.tokenCalls), shown(row.refused), shown(row.peakMegabytes)],
			row.kilobytesPerItem?.toFixed(1) ?? '',
		]),
	);
}

/** @param quick one round of everything, and not 10,000 items */
export async function benchQueries(stand: Stand, quick: boolean): Promise<Results['queries']> {
	const ways = waysOf(stand, await prepare(stand));
	const short = new Map<string, QueryRun[]>(ways.map(({ name }) => [name, []]));
	const long = new Map<string, QueryRun[]>(ways.map(({ name }) => [name, []]));
	for (let round = 0; round < (quick ? 1 : 5); round++) {
		for (const { name, ask } of ways) {
			short.get(name)!.push(await runQueries(stand, 1000, await ask()));
		}
	}
	const faults = await runWithFaults(stand, quick ? 1 : 3);
	for (let round = 0; round < (quick ? 0 : 3); round++) {
		for (const { name, ask, longRounds } of ways) {
			if (round >= longRounds) continue;
			if (round === 0) {
				// The memory of a run shows only in an n8n that has not had a longer one.
				await stand.restart();
				await runQueries(stand, 200, await ask());
			}
			long.get(name)!.push(await runQueries(stand, 10_000, await ask()));
		}
	}
	const rows = [
		...[...short].map(([name, runs]) => rowOf(name, 1000, runs, false)),
		...[...long].flatMap(([name, runs]) =>
			runs.length > 0 ? [rowOf(name, 10_000, runs, true)] : [],
		),
	];
	const rates = (name: string) => short.get(name)!.map(({ perSecond }) => perSecond);
	const seconds = (runs: QueryRun[]) => runs.map((run) => run.seconds);
	const ratios = [
		ratio(
			'1,000 items: accepted/s at 800/s to HTTP Request, default',
			rates(OURS_FAST),
			rates(HTTP),
		),
		ratio(
			'1,000 items: accepted/s at 800/s to HTTP Request, best batching',
			rates(OURS_FAST),
			rates(HTTP_BATCHED),
		),
		...(quick
			? []
			: [OURS, OURS_FAST].map((name) =>
					ratio(
						`Seconds of 10,000 to 1,000 items, ${name}`,
						seconds(long.get(name)!),
						seconds(short.get(name)!),
					),
				)),
	];
	const notes = [
		'Ours starts every run without an access token; the HTTP Request node has one at hand, but in the row that says so.',
		'HTTP Request: On Error continue, predefined credential type. With 10,000 items it has one round only, ours three.',
		'Batching: chosen with `npm run bench -- batching`, the highest rate at which no item of 1,000 failed.',
		'Peak MB of 10,000 items: the first round of each way runs in an n8n started anew; kB/item is that round.',
	];
	print(rows);
	for (const note of notes) console.log(note);
	printRatios(ratios);
	return { rows, faults, notes, ratios };
}

/** Tries settings of the HTTP Request node's batching, to find the best one for the other parts. */
export async function benchBatching(stand: Stand): Promise<void> {
	const warm = await prepare(stand);
	const tried = [
		[50, 100],
		[50, 70],
		[50, 50],
		[50, 25],
		[25, 25],
		[100, 100],
		[100, 50],
		[200, 100],
		[400, 500],
		[800, 1000],
	];
	const rows: QueryRow[] = [];
	for (const [batchSize, batchInterval] of tried) {
		const runs: QueryRun[] = [];
		for (let round = 0; round < 2; round++) {
			const ask = httpQuery(stand, warm, { batchSize, batchInterval });
			runs.push(await runQueries(stand, 1000, ask));
		}
		rows.push(rowOf(`${batchSize} items per batch, ${batchInterval} ms`, 1000, runs, false));
	}
	print(rows);
}
