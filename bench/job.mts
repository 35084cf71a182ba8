import { printJobs, runJob, type Job } from './support/jobRun.mts';
import type { Plan } from './support/plan.mts';
import { askAndWait, ourQuery } from './support/queryWorkflows.mts';
import { OURS, ourReceiver } from './support/receivers.mts';
import type { JobRow } from './support/results.mts';
import type { BenchHarness } from './support/harness.mts';

/** Measures whole jobs on default settings, from the first query to the last branch. */
export async function benchJobs(harness: BenchHarness, { jobs }: Plan): Promise<JobRow[]> {
	const credential = await harness.newCredential();
	const receiver = await ourReceiver(harness, credential, OURS);
	const warmUp: Job = {
		...{ name: 'Warm-up', contacts: 10, channels: 1 },
		...{ ask: ourQuery(credential), receiver },
	};
	await runJob(harness, warmUp);
	const rows: JobRow[] = [];
	for (const { waits, ...job } of jobs) {
		const ask = waits
			? askAndWait(credential, job.channels)
			: ourQuery(credential, {}, job.channels);
		const name = waits ? 'Check reachability and wait' : 'Check reachability, trigger';
		rows.push(await runJob(harness, { ...job, name, ask, ...(waits ? {} : { receiver }) }));
	}
	printJobs(rows);
	return rows;
}
