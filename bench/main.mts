/**
 * The benchmark: `npm run bench`, or one part of it, such as `npm run bench -- queries`. Measures on a
 * real n8n and the simulator, and prints tables; a whole run, and a part with `--keep`, writes what it
 * measured into `bench/results.json`. `-- jobs --large` measures the jobs that take longer than that.
 * With `--quick` everything is short, to see whether it works; its figures say nothing.
 */
import { benchJobs } from './job.mts';
import { benchProfile } from './profile.mts';
import { benchPure } from './pure.mts';
import { benchBatching, benchFaults, benchQueries } from './queries.mts';
import { benchReceivers } from './receivers.mts';
import { benchSecure } from './secure.mts';
import { LARGE_JOBS, QUICK, WHOLE, type Plan } from './support/plan.mts';
import { keepResults, machine, RESULTS_FILE, type Figures } from './support/results.mts';
import { Stand } from './support/stand.mts';
import { Problem } from '../sandbox/n8n/problem.mts';

const args = process.argv.slice(2);
const quick = args.includes('--quick');
const large = args.includes('--large') ? { jobs: LARGE_JOBS } : {};
const plan: Plan = { ...(quick ? QUICK : WHOLE), ...large };

type Measured = Partial<Figures>;

async function onStand(work: (stand: Stand) => Promise<Measured>): Promise<Measured> {
	const stand = await Stand.start();
	try {
		return await work(stand);
	} finally {
		await stand.stop();
	}
}

/** What a whole run measures, in this order; each in an n8n of its own. */
const PARTS: Record<string, () => Promise<Measured>> = {
	pure: async () => ({ pure: await benchPure() }),
	queries: async () => onStand(async (stand) => ({ queries: await benchQueries(stand, plan) })),
	faults: async () => onStand(async (stand) => ({ faults: await benchFaults(stand, plan) })),
	secure: async () => onStand(async (stand) => ({ secure: await benchSecure(stand, plan) })),
	jobs: async () => onStand(async (stand) => ({ jobs: await benchJobs(stand, plan) })),
	receivers: async () =>
		onStand(async (stand) => ({ receivers: await benchReceivers(stand, plan) })),
};

/** Only to choose settings, or to see where the time goes. */
const OTHERS: Record<string, () => Promise<unknown>> = {
	batching: async () =>
		onStand(async (stand) => {
			await benchBatching(stand);
			return {};
		}),
	profile: async () => benchProfile(),
};

async function measure(names: string[], keep: boolean): Promise<void> {
	const begin = Date.now();
	for (const name of names) {
		const from = Date.now();
		const figures = await PARTS[name]();
		const seconds = Math.round((Date.now() - from) / 1000);
		console.log(`\n${name}: ${seconds} s`);
		if (keep && !quick) await keepResults(name, new Date(from).toISOString(), seconds, figures);
	}
	const { cpu, cores, memoryGigabytes } = machine();
	const seconds = Math.round((Date.now() - begin) / 1000);
	console.log(`\n${cores} cores of ${cpu}, ${memoryGigabytes} GB; ${seconds} s`);
	if (quick) console.log('A quick run: its figures say nothing, and no file is written.');
	else if (keep) console.log(`Written to ${RESULTS_FILE}`);
}

const [part] = args.filter((arg) => !arg.startsWith('--'));
try {
	if (part === undefined) await measure(Object.keys(PARTS), true);
	else if (part in PARTS) await measure([part], args.includes('--keep'));
	else if (part in OTHERS) await OTHERS[part]();
	else {
		const parts = Object.keys({ ...PARTS, ...OTHERS });
		throw new Problem(`There is no part ${part}, only ${parts.join(', ')}.`);
	}
} catch (error) {
	console.error(error instanceof Problem ? error.message : error);
	process.exitCode = 1;
}
