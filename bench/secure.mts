import type { Plan } from './support/plan.mts';
import { runQueries } from './support/queryRun.mts';
import { ourQuery } from './support/queryWorkflows.mts';
import type { SecureRow } from './support/results.mts';
import type { Stand } from './support/stand.mts';
import { round } from './support/statistics.mts';
import { printTable } from './support/table.mts';

const ITEMS = 1000;

/**
 * Queries without a trigger here, so at *Requests per Second* alone, over http and https and at several
 * round-trip times: a new connection over https costs two round trips more than the request itself.
 */
export async function benchSecure(stand: Stand, { latencies }: Plan): Promise<SecureRow[]> {
	const rows: SecureRow[] = [];
	for (const secure of [false, true]) {
		const credential = await stand.newCredential({ secure });
		await stand.settings({ apiLatencyMs: 0, connectLatencyMs: 0, logSize: 1 });
		await runQueries(stand, 100, ourQuery(credential));
		for (const latencyMs of latencies) {
			await stand.settings({ apiLatencyMs: latencyMs, connectLatencyMs: 2 * latencyMs });
			const run = await runQueries(stand, ITEMS, ourQuery(credential));
			await stand.prune(run.workflowId);
			rows.push({
				...{ protocol: secure ? 'https' : 'http', latencyMs, items: ITEMS },
				...{ accepted: run.accepted, failed: run.failed },
				...{ seconds: round(run.seconds), pace: round(run.pace) },
			});
		}
	}
	await stand.settings({ apiLatencyMs: 0, connectLatencyMs: 0 });
	printTable(
		'Queries over https, with the latency of one round trip; answers go elsewhere',
		['', 'Latency ms', 'Items', 'Accepted', 'Failed', 'Seconds', 'At Sinch/s'],
		rows.map((row) => [
			...[row.protocol, String(row.latencyMs), row.items.toLocaleString('en-US')],
			...[row.accepted.toLocaleString('en-US'), String(row.failed)],
			...[row.seconds.toFixed(1), row.pace.toFixed(0)],
		]),
	);
	return rows;
}
