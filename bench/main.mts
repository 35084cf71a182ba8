/**
 * The benchmark: `npm run bench`, or one part of it, such as `npm run bench -- queries`. It uses
 * a real n8n and the simulator, and prints tables; a whole run, or a part with `--keep`, stores its
 * results in `bench/results.json`. With `--large` it measures more and longer. With `--quick` everything
 * is short, for checking that it works; its figures mean nothing.
 */
import { benchJobs } from './job.mts';
import { benchProfile } from './profile.mts';
import { benchPure } from './pure.mts';
import { benchBatching, benchFaults, benchQueries } from './queries.mts';
import { benchReceivers } from './receivers.mts';
import { benchSecure } from './secure.mts';
import { benchWorkers } from './workers.mts';
import { LARGE, QUICK, WHOLE, type Plan } from './support/plan.mts';
import { keepResults, machine, RESULTS_FILE, type Figures } from './support/results.mts';
import { BenchHarness } from './support/harness.mts';
import { Problem } from '../sandbox/n8n/problem.mts';

const args = process.argv.slice(2);
const quick = args.includes('--quick');
const plan: Plan = quick ? QUICK : args.includes('--large') ? LARGE : WHOLE;

type Measured = Partial<Figures>;

async function withHarness(work: (harness: BenchHarness) => Promise<Measured>): Promise<Measured> {
	const harness = await BenchHarness.start();
	try {
		return await work(harness);
	} finally {
		await harness.stop();
	}
}

/** The parts of a whole run, in this order; each with its own n8n. */
const PARTS: Record<string, () => Promise<Measured>> = {
	pure: async () => ({ pure: await benchPure() }),
	queries: async () =>
		withHarness(async (harness) => ({ queries: await benchQueries(harness, plan) })),
	faults: async () =>
		withHarness(async (harness) => ({ faults: await benchFaults(harness, plan) })),
	secure: async () =>
		withHarness(async (harness) => ({ secure: await benchSecure(harness, plan) })),
	jobs: async () => withHarness(async (harness) => ({ jobs: await benchJobs(harness, plan) })),
	receivers: async () =>
		withHarness(async (harness) => ({ receivers: await benchReceivers(harness, plan) })),
};

/** For choosing settings, or for finding out what takes time. */
const OTHERS: Record<string, () => Promise<unknown>> = {
	batching: async () =>
		withHarness(async (harness) => {
			await benchBatching(harness);
			return {};
		}),
	profile: async () => benchProfile(),
	workers: async () =>
		withHarness(async (harness) => {
			await benchWorkers(harness);
			return {};
		}),
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
	if (quick) console.log('A quick run: its figures mean nothing, and no file is written.');
	else if (keep) console.log(`Written to ${RESULTS_FILE}`);
}

const [part] = args.filter((arg) => !arg.startsWith('--'));
try {
	if (part === undefined) await measure(Object.keys(PARTS), true);
	else if (part in PARTS) await measure([part], args.includes('--keep'));
	else if (part in OTHERS) await OTHERS[part]();
	else {
		const parts = Object.keys({ ...PARTS, ...OTHERS });
		throw new Problem(`There is no part ${part}. The parts are ${parts.join(', ')}.`);
	}
} catch (error) {
	console.error(error instanceof Problem ? error.message : error);
	process.exitCode = 1;
}
