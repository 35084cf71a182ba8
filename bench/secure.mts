import { LOG_SIZE } from './support/harness.mts';
import type { Bench } from './support/parts.mts';
import { runQueries } from './support/queryRun.mts';
import { ourQuery } from './support/queryWorkflows.mts';
import type { SecureRow } from './support/results.mts';
import { round } from './support/statistics.mts';
import { printTable } from './support/table.mts';

const ITEMS = 1000;

/**
 * Queries whose answers go elsewhere, limited by *Requests per Second* only, over http and https and with
 * several round-trip times: a new https connection costs two round trips more than the request.
 */
export async function benchSecure({ harness, options, results }: Bench): Promise<void> {
	const latencies = options.large ? [20, 100, 250] : [100];
	const rows: SecureRow[] = [];
	for (const secure of [false, true]) {
		const credential = await harness.newCredential({ secure });
		await harness.settings({ apiLatencyMs: 0, connectLatencyMs: 0, logSize: 1 });
		await runQueries(harness, 100, ourQuery(credential));
		for (const latencyMs of latencies) {
			await harness.settings({ apiLatencyMs: latencyMs, connectLatencyMs: 2 * latencyMs });
			const run = await runQueries(harness, ITEMS, ourQuery(credential));
			await harness.prune(run.workflowId);
			rows.push({
				...{ protocol: secure ? 'https' : 'http', latencyMs, items: ITEMS },
				...{ accepted: run.accepted, failed: run.failed },
				...{ seconds: round(run.seconds), pace: round(run.pace) },
			});
		}
	}
	await harness.settings({ apiLatencyMs: 0, connectLatencyMs: 0, logSize: LOG_SIZE });
	printTable(
		'Queries over http and https by the latency of one round trip; the answers go elsewhere',
		['', 'Latency ms', 'Items', 'Accepted', 'Failed', 'Seconds', 'At Sinch/s'],
		rows.map((row) => [
			...[row.protocol, String(row.latencyMs), row.items.toLocaleString('en-US')],
			...[row.accepted.toLocaleString('en-US'), String(row.failed)],
			...[row.seconds.toFixed(1), row.pace.toFixed(0)],
		]),
	);
	await results.set('secure', { secure: rows });
}
