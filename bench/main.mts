/**
 * The benchmark, with a real n8n and the simulator. It prints tables and keeps every figure in
 * `bench/results.json` as soon as it is measured.
 *
 * `npm run bench` measures what docs/benchmarks.md shows, in about 15 minutes. Parts and their options:
 *
 *   npm run bench -- jobs --contacts 600 --receivers trigger,parse,switch,wait --runs 5
 *   npm run bench -- receivers overload --rates 10,18,25 --busy --engine legacy
 *
 * | option | |
 * |---|---|
 * | `--contacts`, `--channels` | the size of whole jobs |
 * | `--receivers` | names of `support/receivers.mts`, and `wait` for *Check reachability and wait* |
 * | `--rates`, `--seconds` | answers a second, and how long at each rate; for an overload, its rate |
 * | `--runs` | how often, the receivers alternating |
 * | `--busy` | while another process keeps one core busy |
 * | `--engine` | n8n's `N8N_EXPRESSION_ENGINE` |
 * | `--minutes` | nothing is begun that would end later |
 * | `--large` | more sizes, receivers and parts, without a limit |
 * | `--output` | another file for the results |
 * | `--quick` | checks that everything works; its figures mean nothing and are not kept |
 *
 * `N8N_VERSION=1.123.81` in front measures the older n8n.
 */
import { benchJobs } from './jobs.mts';
import { benchOverload } from './overload.mts';
import { benchProfile } from './profile.mts';
import { benchPure } from './pure.mts';
import { benchFaults, benchQueries } from './queries.mts';
import { benchQueue } from './queue.mts';
import { benchReceivers } from './receivers.mts';
import { benchSecure } from './secure.mts';
import { benchWorkers } from './workers.mts';
import { Clock } from './support/clock.mts';
import { BenchHarness } from './support/harness.mts';
import { readOptions, type Options } from './support/options.mts';
import type { Bench } from './support/parts.mts';
import { machine, Results, RESULTS_FILE } from './support/results.mts';
import { Problem } from '../sandbox/n8n/problem.mts';

/** What measures n8n, in the order of a whole run. */
const PARTS: Record<string, (bench: Bench) => Promise<void>> = {
	pure: async ({ results }) => await results.set('pure', { pure: await benchPure() }),
	receivers: benchReceivers,
	overload: benchOverload,
	jobs: benchJobs,
	queries: benchQueries,
	faults: benchFaults,
	secure: benchSecure,
};

const WHOLE = ['pure', 'receivers', 'overload', 'jobs'];

/** What needs an n8n of its own, or none; `profile` and `workers` keep no figures. */
const OTHERS: Record<string, (options: Options) => Promise<void>> = {
	queue: benchQueue,
	profile: benchProfile,
	workers: async () => {
		const harness = await BenchHarness.start();
		await benchWorkers(harness).finally(async () => await harness.stop());
	},
};

async function measure(parts: string[], options: Options): Promise<void> {
	const { engine, busyCore, minutes, output = RESULTS_FILE } = options;
	const clock = new Clock(minutes);
	const measuredAt = new Date().toISOString();
	const harness = await BenchHarness.start(engine ? { N8N_EXPRESSION_ENGINE: engine } : {});
	try {
		const conditions = { n8n: harness.version, engine, busyCore, measuredAt };
		const results = await Results.open(output, conditions);
		for (const part of parts) {
			console.log(`\n${part}`);
			await PARTS[part]({ harness, options, clock, results });
			await harness.refresh();
		}
	} finally {
		await harness.stop();
	}
	console.log(`\n${machine()}; ${Math.round(clock.seconds)} s`);
	console.log(output ? `Written to ${output}` : 'A quick run: its figures mean nothing.');
}

try {
	const options = readOptions(process.argv.slice(2));
	const wanted = options.large ? Object.keys(PARTS) : WHOLE;
	const parts = options.parts.length > 0 ? options.parts : wanted;
	const known = Object.keys({ ...PARTS, ...OTHERS });
	const wrong = parts.find((part) => !known.includes(part));
	if (wrong !== undefined) {
		throw new Problem(`There is no part ${wrong}. The parts are ${known.join(', ')}.`);
	}
	const [only] = parts;
	if (only in OTHERS) await OTHERS[only](options);
	else await measure(parts, options);
} catch (error) {
	console.error(error instanceof Problem ? error.message : error);
	process.exitCode = 1;
}
