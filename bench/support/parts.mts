import type { Clock } from './clock.mts';
import type { BenchHarness } from './harness.mts';
import type { Options } from './options.mts';
import type { Results } from './results.mts';

/** What a part measures with, and where its figures go. */
export interface Bench {
	harness: BenchHarness;
	options: Options;
	clock: Clock;
	results: Results;
}
