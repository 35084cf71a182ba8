import { parseArgs } from 'node:util';
import { Problem } from '../../sandbox/n8n/problem.mts';
import { RECEIVERS, type ReceiverKey } from './receivers.mts';

/** Who receives the answers of a job: a receiver, or the execution that asks, with *Check reachability and wait*. */
export type Answerer = ReceiverKey | 'wait';

/** What the command line asks for. */
export interface Options {
	/** Names of parts; empty for a whole run. */
	parts: string[];
	/** Sizes of the whole jobs. */
	contacts: number[];
	/** Channels of each contact, one to three. */
	channels: number;
	/** Undefined for those that a part measures by default. */
	receivers?: Answerer[];
	/** Answers a second, rising; undefined for those that a part measures by default. */
	rates?: number[];
	/** How long answers are sent at one rate. */
	loadSeconds: number;
	/** How often each figure is measured, the receivers alternating. */
	runs: number;
	/** Whether another process keeps one core busy. */
	busyCore: boolean;
	/** n8n's `N8N_EXPRESSION_ENGINE`; empty for its default. */
	engine: string;
	/** No figure is begun that would end later; undefined for no limit. */
	minutes?: number;
	/** Where the results go; undefined for `bench/results.json`, empty for nowhere. */
	output?: string;
	/** Measures more and longer. */
	large: boolean;
}

const WHOLE_MINUTES = 15;

const FLAGS = {
	contacts: { type: 'string' },
	channels: { type: 'string' },
	receivers: { type: 'string' },
	rates: { type: 'string' },
	seconds: { type: 'string' },
	runs: { type: 'string' },
	busy: { type: 'boolean' },
	engine: { type: 'string' },
	minutes: { type: 'string' },
	output: { type: 'string' },
	large: { type: 'boolean' },
	quick: { type: 'boolean' },
} as const;

function numbersIn(flag: string, given: string | undefined, most = Infinity): number[] | undefined {
	const numbers = given?.split(',').map(Number);
	if (numbers?.some((number) => !(number > 0 && number <= most))) {
		throw new Problem(`--${flag} takes numbers such as 25, with commas between them.`);
	}
	return numbers;
}

function receiversIn(given: string | undefined): Answerer[] | undefined {
	const known = [...RECEIVERS.map(({ key }) => key), 'wait'];
	const keys = given?.split(',');
	const wrong = keys?.find((key) => !known.includes(key));
	if (wrong !== undefined) {
		throw new Problem(`There is no receiver ${wrong}. The receivers are ${known.join(', ')}.`);
	}
	return keys as Answerer[] | undefined;
}

/** @throws Problem for arguments that cannot be used */
export function readOptions(args: string[]): Options {
	const { values, positionals } = (() => {
		try {
			return parseArgs({ args, options: FLAGS, allowPositionals: true });
		} catch (error) {
			throw new Problem((error as Error).message);
		}
	})();
	const { quick = false, large = false } = values;
	const one = (flag: 'channels' | 'minutes' | 'runs' | 'seconds', most?: number) =>
		numbersIn(flag, values[flag], most)?.[0];
	const contacts = quick ? [20] : large ? [100, 600, 1000, 5000] : [100, 600, 1000];
	return {
		parts: positionals,
		contacts: numbersIn('contacts', values.contacts) ?? contacts,
		channels: one('channels', 3) ?? 1,
		receivers: receiversIn(values.receivers),
		rates: numbersIn('rates', values.rates) ?? (quick ? [4] : undefined),
		loadSeconds: one('seconds') ?? (quick ? 2 : large ? 6 : 4),
		runs: one('runs') ?? 1,
		busyCore: values.busy ?? false,
		engine: values.engine ?? '',
		minutes: one('minutes') ?? (positionals.length === 0 && !large ? WHOLE_MINUTES : undefined),
		output: quick ? '' : values.output,
		large,
	};
}
