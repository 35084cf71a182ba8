import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The part of V8's .cpuprofile format that is read here; times are microseconds. */
interface CpuProfile {
	nodes: Array<{ id: number; callFrame: { functionName: string; url: string } }>;
	startTime: number;
	samples: number[];
	timeDeltas: number[];
}

export interface Share {
	module: string;
	/** CPU time, self only. */
	ms: number;
	percent: number;
}

/** n8n's environment for a profile, written when it ends. */
export const profilingEnv = (folder: string) => ({
	NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${folder}`,
});

/** On the clock of V8's profiles. */
export const profileClock = (): number => Number(process.hrtime.bigint() / 1000n);

const OUR_PACKAGE = 'n8n-nodes-sinch-capability';

function moduleOf({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string {
	if (url === '') return functionName.startsWith('(') ? functionName : 'native code of Node.js';
	if (url.startsWith('node:')) return 'Node.js';
	const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(decodeURIComponent(url)) ?? [];
	return name === OUR_PACKAGE ? `${OUR_PACKAGE} (this package)` : (name ?? 'others');
}

/**
 * Where a process spent its time between two moments, by npm package.
 *
 * @param from as `profileClock` gave it, and so `to`
 * @throws Error when the process has left no profile
 */
export async function sharesOf(
	folder: string,
	pid: number,
	from: number,
	to: number,
): Promise<Share[]> {
	const files = await readdir(folder);
	const file = files.find((name) => name.split('.')[3] === String(pid) && name.includes('.0.'));
	if (!file) throw new Error(`Process ${pid} has left no profile in ${folder}`);
	const profile = JSON.parse(await readFile(join(folder, file), 'utf8')) as CpuProfile;
	const modules = new Map(profile.nodes.map(({ id, callFrame }) => [id, moduleOf(callFrame)]));
	const spent = new Map<string, number>();
	let at = profile.startTime;
	for (const [index, id] of profile.samples.entries()) {
		const next = profile.timeDeltas[index + 1] ?? 0;
		at += profile.timeDeltas[index];
		const module = modules.get(id)!;
		if (at < from || at > to || module === '(idle)') continue;
		spent.set(module, (spent.get(module) ?? 0) + next);
	}
	const total = [...spent.values()].reduce((sum, time) => sum + time, 0);
	return [...spent]
		.map(([module, time]) => ({ module, ms: time / 1000, percent: (time / total) * 100 }))
		.sort((one, other) => other.ms - one.ms);
}
