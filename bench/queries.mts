import type { Credential, WorkflowNode } from '../sandbox/n8n/types.mts';
import { runWithFaults } from './support/faultRun.mts';
import { runQueries, type QueryRun } from './support/queryRun.mts';
import { httpQuery, ourQuery, type Batching } from './support/queryWorkflows.mts';
import type { Plan } from './support/plan.mts';
import type { FaultRow, Figures, QueryRow, Ratio } from './support/results.mts';
import type { Stand } from './support/stand.mts';
import { ratio, spreads } from './support/statistics.mts';
import { printRatios, printTable, shown } from './support/table.mts';

/** The batching of the HTTP Request node with the most accepted queries a second and no failure. */
const BEST_BATCHING: Batching = { batchSize: 100, batchInterval: 100 };

const FIGURES = [
	...(['accepted', 'failed', 'seconds', 'perSecond', 'pace', 'tokenCalls'] as const),
	...(['refused', 'peakMegabytes'] as const),
];

const NOTES = [
	'Accepted/s counts the whole execution, with making and storing its items; At Sinch/s from the first accepted request to the last.',
	'Ours starts every run without an access token; the HTTP Request node has one at hand, but in the row that says so.',
	'HTTP Request: On Error continue, predefined credential type; its failures are items that the simulator did not register.',
	'10,000 items: fewer rounds than five, to end within ten minutes; the column says how many.',
	'Batching: chosen with `npm run bench -- batching`, the highest rate at which no item of 1,000 failed.',
	'kB/item: peak less the memory before, in the first round of 10,000 items, for which n8n was started anew.',
];

interface Way {
	name: string;
	/** Rounds with 1,000 and with 10,000 items. */
	rounds: [number, number];
	/** Whether its first round with 10,000 items runs in an n8n started anew, to see its memory. */
	fresh?: boolean;
	ask: () => Promise<WorkflowNode>;
}

const OURS = 'Sinch Capability, default (400/s)';
const OURS_FAST = 'Sinch Capability, 800/s';
const HTTP = 'HTTP Request, default';
const HTTP_BATCHED = `HTTP Request, ${BEST_BATCHING.batchSize} per ${BEST_BATCHING.batchInterval} ms`;
const HTTP_COLD = 'HTTP Request, default, without a token';

/** Ours begins each run without a token; the HTTP Request node has one but in the last way. */
function waysOf(
	stand: Stand,
	warm: Credential,
	{ queryRounds, coldRounds, longRounds: { ours, others } }: Plan,
): Way[] {
	const cold = async () => stand.newCredential();
	const fast = { requestsPerSecond: 800 };
	return [
		{
			name: OURS,
			rounds: [queryRounds, ours],
			fresh: true,
			ask: async () => ourQuery(await cold(), {}),
		},
		{
			name: OURS_FAST,
			rounds: [queryRounds, others],
			ask: async () => ourQuery(await cold(), fast),
		},
		{
			name: HTTP,
			rounds: [queryRounds, others],
			fresh: true,
			ask: async () => httpQuery(stand, warm),
		},
		{
			name: HTTP_BATCHED,
			rounds: [queryRounds, 0],
			ask: async () => httpQuery(stand, warm, BEST_BATCHING),
		},
		{ name: HTTP_COLD, rounds: [coldRounds, 0], ask: async () => httpQuery(stand, await cold()) },
	];
}

/** Latency and limit as at Sinch; the log keeps no lists, its counters are enough. */
async function prepare(stand: Stand): Promise<Credential> {
	await stand.settings({ apiLatencyMs: 50, requestsPerSecond: 800, logSize: 1 });
	const warm = await stand.newCredential();
	await runQueries(stand, 1, httpQuery(stand, warm));
	const { queries } = await stand.log();
	if (queries.some(({ callbacks }) => callbacks > 0)) {
		throw new Error('A webhook is registered: n8n would work on answers while it is measured');
	}
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

/** All ways in turn, several times over, so that a change of the machine's pace meets all of them. */
async function alternate(
	stand: Stand,
	ways: Way[],
	size: 0 | 1,
	run: (way: Way, round: number) => Promise<QueryRun>,
): Promise<Map<string, QueryRun[]>> {
	const runs = new Map<string, QueryRun[]>();
	const most = Math.max(...ways.map(({ rounds }) => rounds[size]));
	for (let round = 0; round < most; round++) {
		for (const way of ways.filter(({ rounds }) => round < rounds[size])) {
			const done = await run(way, round);
			await stand.prune(done.workflowId);
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

export async function benchQueries(stand: Stand, plan: Plan): Promise<Figures['queries']> {
	const ways = waysOf(stand, await prepare(stand), plan);
	const short = await alternate(stand, ways, 0, async ({ ask }) =>
		runQueries(stand, 1000, await ask()),
	);
	const long = await alternate(stand, ways, 1, async ({ ask, fresh }, round) => {
		if (round === 0 && fresh) {
			// The memory of a run shows only in an n8n that has not had a longer one.
			await stand.restart();
			await runQueries(stand, 200, await ask());
		}
		return await runQueries(stand, 10_000, await ask());
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
	return { rows, notes: NOTES, ratios };
}

/** A fifth of all requests fails. */
export async function benchFaults(stand: Stand, { faultRounds }: Plan): Promise<FaultRow> {
	await prepare(stand);
	return await runWithFaults(stand, faultRounds);
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
	const ways = tried.map(([batchSize, batchInterval]): Way => ({
		name: `${batchSize} items per batch, ${batchInterval} ms`,
		rounds: [3, 0],
		ask: async () => httpQuery(stand, warm, { batchSize, batchInterval }),
	}));
	const runs = await alternate(stand, ways, 0, async ({ ask }) =>
		runQueries(stand, 1000, await ask()),
	);
	print([...runs].map(([name, found]) => rowOf(name, 1000, found, false)));
}
