/**
 * The benchmark: `npm run bench`, or one part of it, such as `npm run bench -- queries`. Measures on a
 * real n8n and the simulator, and prints tables; only a whole run writes `bench/results.json`.
 * `-- jobs --large` measures the jobs that take longer than that. With `--quick` everything is short, to see whether it works; its figures say nothing.
 */
import { benchJobs } from './job.mts';
import { benchProfile } from './profile.mts';
import { benchPure } from './pure.mts';
import { benchBatching, benchQueries } from './queries.mts';
import { benchReceivers } from './receivers.mts';
import { benchSecure } from './secure.mts';
import { LARGE_JOBS, QUICK, WHOLE, type Plan } from './support/plan.mts';
import { machine, RESULTS_FILE, versions, writeResults } from './support/results.mts';
import { Stand } from './support/stand.mts';
import { Problem } from '../sandbox/n8n/problem.mts';

const args = process.argv.slice(2);
const quick = args.includes('--quick');
const large = args.includes('--large') ? { jobs: LARGE_JOBS } : {};
const plan: Plan = { ...(quick ? QUICK : WHOLE), ...large };

async function onStand<T>(work: (stand: Stand) => Promise<T>): Promise<T> {
	const stand = await Stand.start();
	try {
		return await work(stand);
	} finally {
		await stand.stop();
	}
}

async function whole(): Promise<void> {
	const begin = Date.now();
	const pure = await benchPure();
	// In an n8n of their own, because the answers to them would come to every active trigger.
	const asked = await onStand(async (stand) => ({
		queries: await benchQueries(stand, plan),
		secure: await benchSecure(stand, plan),
	}));
	const jobs = await onStand(async (stand) => benchJobs(stand, plan));
	const received = await onStand(async (stand) => ({
		versions: await versions(stand.version, await stand.nodeVersion()),
		receivers: await benchReceivers(stand, plan),
	}));
	const results = { ...received, jobs, ...asked, pure };
	const seconds = Math.round((Date.now() - begin) / 1000);
	const { cpu, cores, memoryGigabytes } = machine();
	const { n8n, node, commit } = results.versions;
	const command = 'npm run bench';
	console.log(
		`\n${cores} cores of ${cpu}, ${memoryGigabytes} GB; n8n ${n8n} on Node ${node}; commit ${commit}; ${seconds} s`,
	);
	if (quick) return console.log('A quick run: its figures say nothing, and no file is written.');
	const measuredAt = new Date(begin).toISOString();
	await writeResults({ measuredAt, command, seconds, machine: machine(), ...results });
	console.log(`Written to ${RESULTS_FILE}. Once more: ${command}`);
}

const PARTS: Record<string, () => Promise<unknown>> = {
	queries: async () => onStand(async (stand) => benchQueries(stand, plan)),
	batching: async () => onStand(benchBatching),
	secure: async () => onStand(async (stand) => benchSecure(stand, plan)),
	jobs: async () => onStand(async (stand) => benchJobs(stand, plan)),
	receivers: async () => onStand(async (stand) => benchReceivers(stand, plan)),
	pure: benchPure,
	profile: async () => benchProfile(),
};

const [part] = args.filter((arg) => !arg.startsWith('--'));
try {
	if (part === undefined) await whole();
	else if (!(part in PARTS)) {
		throw new Problem(`There is no part ${part}, only ${Object.keys(PARTS).join(', ')}.`);
	} else {
		await PARTS[part]();
		console.log(`\nOne part only, no file is written. Once more: npm run bench -- ${part}`);
	}
} catch (error) {
	console.error(error instanceof Problem ? error.message : error);
	process.exitCode = 1;
}
