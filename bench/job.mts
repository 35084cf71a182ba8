import { printJobs, runJob, type Job } from './support/jobRun.mts';
import type { Plan } from './support/plan.mts';
import { askAndWait, ourQuery } from './support/queryWorkflows.mts';
import { OURS, ourReceiver } from './support/receivers.mts';
import type { JobRow } from './support/results.mts';
import type { Stand } from './support/stand.mts';

/** From the question about the first contact to the branch of the last, all on defaults. */
export async function benchJobs(stand: Stand, { jobs }: Plan): Promise<JobRow[]> {
	const credential = await stand.newCredential();
	const receiver = await ourReceiver(stand, credential, OURS);
	const warmUp: Job = {
		...{ name: 'Warm-up', contacts: 10, channels: 1 },
		...{ ask: ourQuery(credential), receiver },
	};
	await runJob(stand, warmUp);
	const rows: JobRow[] = [];
	for (const { waits, ...job } of jobs) {
		const ask = waits
			? askAndWait(credential, job.channels)
			: ourQuery(credential, {}, job.channels);
		const name = waits ? 'Query and Wait' : 'Query, trigger';
		rows.push(await runJob(stand, { ...job, name, ask, ...(waits ? {} : { receiver }) }));
	}
	printJobs(rows);
	return rows;
}
