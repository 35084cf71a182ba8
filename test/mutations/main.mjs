/**
 * Changes the shipped code, one small change at a time and in a copy, and lists the changes that no
 * test detects: `npm run test:mutations -- [--sample 150] [--seed 1] [--file transport/pace]
 * [--tests unit,integration] [--plan FILE] [--report FILE] [--workers 2]`. Without `--sample`, it tries
 * all of them. With `--plan`, the first run stores which test reaches which change, and later runs on the
 * same code use it. With `--report`, each run adds the changes that were detected and leaves out those
 * that an earlier run detected in a file that is still the same. The changes follow rules. Those in `equivalents.mjs` have no observable effect. The exit code
 * is 1 if fewer than 90 % are detected. Each change is tried for 20 seconds at most, so the true share
 * may be higher.
 */
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	cpSync,
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EQUIVALENTS } from './equivalents.mjs';
import { changesOf } from './support/changes.mjs';

const GOAL = 0.9;

/** Tests that take less time than this are tried first. */
const FAST_MS = 100;

/** So many of the fast tests of a file are tried at first: many differ in a value only. */
const FIRST_TESTS = 15;

/** So many files of tests are tried next, each with all its tests. */
const NEAREST_FILES = 3;

/** A change is left as unnoticed after tests of this duration in total. */
const BUDGET_MS = 20_000;
const root = fileURLToPath(new URL('../../', import.meta.url));

const { values } = parseArgs({
	options: {
		sample: { type: 'string', default: 'Infinity' },
		seed: { type: 'string', default: '1' },
		file: { type: 'string', default: '' },
		tests: { type: 'string', default: 'unit,integration' },
		plan: { type: 'string', default: '' },
		report: { type: 'string', default: '' },
		workers: { type: 'string', default: '2' },
	},
});

/** The list in an order that depends on the seed. */
function shuffled(list, seed) {
	let state = seed >>> 0;
	const next = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
	const rest = [...list];
	const result = [];
	while (rest.length > 0) result.push(...rest.splice(Math.floor(next() * rest.length), 1));
	return result;
}

const filesIn = (folder, ending) =>
	readdirSync(folder, { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith(ending))
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name))
		.sort();

const copy = mkdtempSync(join(tmpdir(), 'mutations-'));
process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const name of [
	...['nodes', 'credentials', 'icons', 'sandbox/simulator', 'test', 'package.json'],
	...['jest.config.js', 'tsconfig.json', 'tsconfig.test.json'],
]) {
	cpSync(join(root, name), join(copy, name), { recursive: true });
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

const all = [];
for (const path of ['nodes', 'credentials'].flatMap((name) => filesIn(join(copy, name), '.ts'))) {
	const text = readFileSync(path, 'utf8');
	const { changes, source } = changesOf(path, text, all.length + 1);
	writeFileSync(path, source);
	const version = `${relative(copy, path)} ${createHash('sha256').update(text).digest('hex')}`;
	all.push(...changes.map((change, index) => ({ ...change, key: `${version} ${index}` })));
}

/** A process that runs tests; it is replaced when a change makes it hang or end. */
class Runner {
	#child;

	async #start() {
		const child = fork(join(copy, 'test/mutations/support/runner.mjs'), [copy], {
			cwd: copy,
			stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
		});
		await new Promise((resolve, reject) => {
			child.once('message', resolve);
			child.once('exit', () => reject(new Error('The process that runs the tests does not start')));
		});
		child.removeAllListeners();
		this.#child = child;
	}

	/**
	 * @param onStep gets the messages in between; each may set another limit until the next one
	 * @returns the last message, or `{ lost }`, why there is none
	 */
	async send(task, limitMs, isLast = () => true, onStep = () => {}) {
		if (this.#child === undefined) await this.#start();
		const child = this.#child;
		let timer;
		const last = await new Promise((resolve) => {
			const limit = (ms) => {
				clearTimeout(timer);
				timer = setTimeout(() => resolve({ lost: 'the tests came to no end' }), ms);
			};
			limit(limitMs);
			child.on('message', (message) => {
				if (isLast(message)) return resolve(message);
				onStep(message);
				limit(message.limitMs ?? limitMs);
			});
			child.once('exit', () => resolve({ lost: 'the process ended' }));
			child.send(task);
		});
		clearTimeout(timer);
		child.removeAllListeners();
		if (last.lost) this.stop();
		return last;
	}

	/** A failed test may have left a server or a timer behind. */
	stop() {
		this.#child?.kill('SIGKILL');
		this.#child = undefined;
	}
}

const runners = Array.from({ length: Number(values.workers) }, () => new Runner());

async function distribute(tasks, work) {
	const rest = [...tasks];
	await Promise.all(
		runners.map(async (runner) => {
			while (rest.length > 0) await work(rest.shift(), runner);
		}),
	);
}

// First without any change: whether each file passes, how long it takes, and what each test reaches.
const isPlanned = values.plan !== '' && existsSync(values.plan);
const plan = isPlanned ? JSON.parse(readFileSync(values.plan, 'utf8')) : [];
const files = values.tests
	.split(',')
	.flatMap((name) => filesIn(join(copy, 'test', name), '.test.ts'))
	.filter((file) => !file.includes(join('integration', 'simulator')));
await distribute(isPlanned ? [] : files, async (path, runner) => {
	const result = await runner.send({ file: path }, 600_000);
	// A test that fails without a change says nothing about changes.
	if (result.passed) plan.push({ file: relative(copy, path), ...result });
	else console.log(`not used: ${relative(copy, path)}, which fails already`);
});
plan.sort((one, other) => one.ms - other.ms);
if (values.plan !== '') writeFileSync(values.plan, JSON.stringify(plan));

const isEquivalent = ({ path, code, from, to }) =>
	EQUIVALENTS.some(
		(one) =>
			one.file === relative(copy, path) && one.code === code && one.from === from && one.to === to,
	);
const chosen = shuffled(
	all.filter(({ path }) => path.includes(values.file)),
	Number(values.seed),
).slice(0, Number(values.sample));
const equivalents = chosen.filter(isEquivalent).length;
const open = new Map(
	chosen.filter((change) => !isEquivalent(change)).map((change) => [change.id, change]),
);
const tried = open.size;
console.log(`${chosen.length} of ${all.length} changes, seed ${values.seed}`);

const isReported = values.report !== '' && existsSync(values.report);
const reported = new Map(
	isReported ? Object.entries(JSON.parse(readFileSync(values.report, 'utf8'))) : [],
);

const nameOf = ({ path, line, from, to }) =>
	`${relative(copy, path)}:${line}  ${from.replace(/\s+/g, ' ').slice(0, 90)} → ${to.replace(/\s+/g, ' ').slice(0, 90)}`;
/** For each source file, how many of its changes each file of tests has noticed. */
const noticedBy = new Map();
const countNotice = (path, file) => {
	const counts = noticedBy.get(path) ?? new Map();
	noticedBy.set(path, counts.set(file, (counts.get(file) ?? 0) + 1));
};

/** The files of tests that have noticed most of the changes in the same source file. */
const nearestTo = (id) =>
	[...(noticedBy.get(open.get(id).path) ?? [])]
		.sort(([, one], [, other]) => other - one)
		.slice(0, NEAREST_FILES)
		.map(([file]) => file);

function notice(id, by, file) {
	if (!open.has(id)) return;
	const change = open.get(id);
	console.log(`noticed    ${nameOf(change)}  (${by})`);
	open.delete(id);
	countNotice(change.path, file);
	reported.set(change.key, file);
	if (values.report !== '') {
		writeFileSync(values.report, JSON.stringify(Object.fromEntries(reported), null, '\t'));
	}
}

for (const [id, { path, key }] of open) {
	if (!reported.has(key)) continue;
	countNotice(path, reported.get(key));
	open.delete(id);
}
if (isReported) console.log(`${tried - open.size} of them noticed by earlier runs`);

const timeSpent = new Map();
const spent = (id) => timeSpent.get(id) ?? 0;

/** The changes that need a run of their own, each with the files that can notice it. */
const whole = new Map();
const leaveToWhole = (id, file) => whole.set(id, [...(whole.get(id) ?? []), file]);

/** The tests that have not tried a change yet: for each file, the changes by test. */
const untried = new Map(
	plan.map(({ file, tests }) => [
		file,
		tests.map(({ reached }) => new Set(reached.filter((id) => open.has(id)))),
	]),
);

/** Some of the tests with the changes that each tries: those that take little time, spread over the file. */
function firstOf({ file, tests }) {
	const chosen = tests.map(() => new Set());
	const reachingById = new Map();
	for (const [index, ids] of untried.get(file).entries()) {
		for (const id of tests[index].ms < FAST_MS ? ids : []) {
			reachingById.set(id, [...(reachingById.get(id) ?? []), index]);
		}
	}
	for (const [id, reaching] of reachingById) {
		const every = Math.max(1, reaching.length / FIRST_TESTS);
		for (let at = 0; at < reaching.length; at += every) chosen[reaching[Math.floor(at)]].add(id);
	}
	return (id, index) => chosen[index].has(id);
}

/** Tries changes with the tests of one file, with as few imports of the file as possible. */
async function tryFile({ file, ms, tests }, runner, isDue) {
	for (;;) {
		const due = untried.get(file).map((ids, index) => ({
			changes: [...ids].filter((id) => open.has(id) && spent(id) < BUDGET_MS && isDue(id, index)),
			ms: tests[index].ms,
		}));
		if (due.every(({ changes }) => changes.length === 0)) break;
		let step;
		const end = await runner.send(
			{ file: join(copy, file), tests: due },
			60_000 + 5 * ms,
			(message) => message.ended,
			(message) => {
				if (message.noticed) notice(message.noticed, message.by, file);
				else if (message.unclear) leaveToWhole(message.unclear, file);
				else {
					step = message;
					untried.get(file)[step.test].delete(step.change);
					timeSpent.set(step.change, spent(step.change) + tests[step.test].ms);
				}
			},
		);
		if (step === undefined) {
			console.log(`not used: ${file}, none of whose tests began`);
			break;
		}
		if (end.lost && step.step === 'unchanged') leaveToWhole(step.change, file);
		else if (end.lost) notice(step.change, end.lost, file);
	}
}

// Most changes are noticed by one of a few tests that take milliseconds.
await distribute(plan, async (one, runner) => await tryFile(one, runner, firstOf(one)));
console.log(`${open.size} left by the first tests`);
// Of the others, most by a file of tests that has noticed changes near them.
await distribute(plan, async (one, runner) => {
	const near = new Set([...open.keys()].filter((id) => nearestTo(id).includes(one.file)));
	await tryFile(one, runner, (id) => near.has(id));
});
console.log(`${open.size} left by the nearest tests`);
await distribute(plan, async (one, runner) => await tryFile(one, runner, () => true));
for (const { file, outside } of plan) {
	for (const id of outside) if (open.has(id)) leaveToWhole(id, file);
}

await distribute([...whole], async ([id, names], runner) => {
	for (const { file, ms } of plan.filter((one) => names.includes(one.file))) {
		if (!open.has(id)) return;
		const end = await runner.send({ file: join(copy, file), active: id }, 30_000 + 5 * ms);
		if (end.lost || end.by) notice(id, end.lost ?? end.by, file);
		if (end.by) runner.stop();
	}
});
for (const runner of runners) runner.stop();

for (const change of open.values()) {
	const count = plan
		.flatMap(({ tests }) => tests)
		.filter(({ reached }) => reached.includes(change.id)).length;
	console.log(`UNNOTICED  ${nameOf(change)}  [${count} tests]`);
}
const noticed = tried - open.size;
const score = noticed / tried;
console.log(
	`${noticed} of ${chosen.length} noticed, ${equivalents} equivalent: ${(score * 100).toFixed(1)} %`,
);
process.exitCode = score >= GOAL ? 0 : 1;
