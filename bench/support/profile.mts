import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LIMIT_MS = 60_000;

/** The part of V8's .cpuprofile format that is read here; times are microseconds. */
interface CpuProfile {
	nodes: Array<{
		id: number;
		callFrame: { functionName: string; url: string };
		children?: number[];
	}>;
	samples: number[];
	timeDeltas: number[];
}

export interface Share {
	module: string;
	/** CPU time, self only. */
	ms: number;
	percent: number;
}

/** n8n's environment for profiles, which go to a folder. */
export const profilingEnv = (folder: string) => ({
	BENCH_PROFILES: folder,
	NODE_OPTIONS: `--import=${new URL('profiler.mjs', import.meta.url).href}`,
});

const OUR_PACKAGE = 'n8n-nodes-sinch-capability';

/** The npm package of a function; native code counts for the package that called it. */
function moduleOf(
	{ functionName, url }: CpuProfile['nodes'][number]['callFrame'],
	caller: string,
): string {
	if (url === '') return functionName.startsWith('(') ? functionName : caller;
	if (url.startsWith('node:')) return 'Node.js';
	const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(decodeURIComponent(url)) ?? [];
	return name === OUR_PACKAGE ? `${OUR_PACKAGE} (this package)` : (name ?? 'others');
}

/** The package of every node of the profile's tree, by ID; callers come before the functions they call. */
function modulesOf(nodes: CpuProfile['nodes']): Map<number, string> {
	const modules = new Map<number, string>();
	const callers = new Map<number, string>();
	for (const { id, callFrame, children = [] } of nodes) {
		const module = moduleOf(callFrame, callers.get(id) ?? 'native code');
		modules.set(id, module);
		for (const child of children) callers.set(child, module);
	}
	return modules;
}

async function read(file: string): Promise<CpuProfile> {
	const end = Date.now() + LIMIT_MS;
	while (!existsSync(file)) {
		if (Date.now() > end) throw new Error(`n8n has written no profile to ${file}`);
		await sleep(100);
	}
	return JSON.parse(await readFile(file, 'utf8')) as CpuProfile;
}

/** CPU time of each npm package in descending order, without idle time. */
function sharesOf({ nodes, samples, timeDeltas }: CpuProfile): Share[] {
	const modules = modulesOf(nodes);
	const spent = new Map<string, number>();
	for (const [index, id] of samples.entries()) {
		const module = modules.get(id)!;
		if (module === '(idle)') continue;
		spent.set(module, (spent.get(module) ?? 0) + (timeDeltas[index + 1] ?? 0));
	}
	const total = [...spent.values()].reduce((sum, time) => sum + time, 0);
	return [...spent]
		.map(([module, time]) => ({ module, ms: time / 1000, percent: (time / total) * 100 }))
		.sort((one, other) => other.ms - one.ms);
}

/** Profiles of an n8n that was started with `profilingEnv`. */
export class Profiles {
	private count = 0;

	constructor(
		private readonly folder: string,
		private readonly pid: number,
	) {}

	/** Profiles the main thread while something runs. */
	async during(run: () => Promise<unknown>): Promise<Share[]> {
		process.kill(this.pid, 'SIGUSR2');
		await run();
		process.kill(this.pid, 'SIGUSR2');
		return sharesOf(await read(join(this.folder, `${this.count++}.cpuprofile`)));
	}
}
