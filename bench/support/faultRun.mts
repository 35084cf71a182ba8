import type { FaultRule } from '../../sandbox/simulator/wire.ts';
import { runQueries } from './queryRun.mts';
import { ASK, ourQuery } from './queryWorkflows.mts';
import type { FaultRow } from './results.mts';
import type { BenchHarness } from './harness.mts';
import { spreads } from './statistics.mts';
import { printTable, shown } from './table.mts';

const ITEMS = 1000;
/** In seconds; the smallest allowed value, so that lost responses are detected soon. */
const TIMEOUT = 1;
const FIGURES = [
	...(['faultShare', 'acceptedItems', 'failedItems', 'retries'] as const),
	...(['registeredTwice', 'seconds', 'extraSeconds'] as const),
];

/** One fifth of all requests: 4 % each, with half of the resets and time-outs after processing. */
const MIX: Array<{ share: number; rule: Partial<FaultRule> }> = [
	{ share: 0.04, rule: { kind: 'status', status: 429 } },
	{ share: 0.04, rule: { kind: 'status', status: 500 } },
	{ share: 0.04, rule: { kind: 'status', status: 503 } },
	{ share: 0.02, rule: { kind: 'reset' } },
	{ share: 0.02, rule: { kind: 'reset', processed: true } },
	{ share: 0.02, rule: { kind: 'timeout' } },
	{ share: 0.02, rule: { kind: 'timeout', processed: true } },
];

/** A rule is only tried if those before it did not hit, so its probability refers to the rest. */
function rulesOf(mix: typeof MIX): FaultRule[] {
	let left = 1;
	return mix.map(({ share, rule }) => {
		const probability = share / left;
		left -= share;
		return { target: 'query', times: 1_000_000, probability, ...rule } as FaultRule;
	});
}

async function once(harness: BenchHarness) {
	await harness.settings({ logSize: 20_000 });
	const ask = async () => ourQuery(await harness.newCredential(), { timeout: TIMEOUT });
	const calm = await runQueries(harness, ITEMS, await ask());
	await harness.faults(rulesOf(MIX));
	const troubled = await runQueries(harness, ITEMS, await ask());
	if (!troubled.executionId) throw new Error('The run with faults did not end within 3 minutes');
	const { requests, queries } = await harness.log();
	await harness.faults([]);
	await harness.settings({ logSize: 1 });
	const execution = await harness.api.getExecution(troubled.executionId);
	await harness.prune(calm.workflowId);
	await harness.prune(troubled.workflowId);
	const items = execution.runs[ASK][0].data?.main[0] ?? [];
	for (const { json } of items.filter((item) => item.json.error).slice(0, 3)) {
		console.log(`Failed: ${JSON.stringify(json.error)}`);
	}
	const registered = new Set(queries.map(({ requestId }) => requestId));
	const accepted = items.filter(({ json }) => registered.has(String(json.request_id)));
	const sent = requests.filter(({ path }) => path.endsWith('capability:query'));
	return {
		faultShare: sent.filter(({ fault }) => fault).length / sent.length,
		acceptedItems: accepted.length,
		failedItems: ITEMS - accepted.length,
		retries: sent.length - ITEMS,
		registeredTwice: queries.length - registered.size,
		seconds: troubled.seconds,
		extraSeconds: troubled.seconds - calm.seconds,
	};
}

/** Our Check reachability with 1,000 items: with one fifth of its requests failing, and without failures. */
export async function runWithFaults(harness: BenchHarness, rounds: number): Promise<FaultRow> {
	const runs = [];
	for (let round = 0; round < rounds; round++) runs.push(await once(harness));
	const row = { items: ITEMS, rounds, ...spreads(runs, FIGURES) };
	printTable(
		'Queries with faults: 429, 500, 503, resets and time-outs; Timeout 1 s',
		['', 'Faults', 'Accepted', 'Failed', 'Retries', 'Registered twice', 'Seconds', 'Extra seconds'],
		[
			[
				`${ITEMS.toLocaleString('en-US')} items, ${rounds} rounds`,
				shown(row.faultShare, 3),
				...[row.acceptedItems, row.failedItems, row.retries].map((figure) => shown(figure)),
				...[shown(row.registeredTwice), shown(row.seconds, 1), shown(row.extraSeconds, 1)],
			],
		],
	);
	return row;
}
