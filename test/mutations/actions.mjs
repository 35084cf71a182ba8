/**
 * Changes the shipped code, one small change at a time and in a copy, and lists the changes that no
 * test detects: `node test/mutations/actions.mjs [--sample 150] [--seed 1] [--skip 0]
 * [--file transport/pace] [--tests unit,integration] [--plan FILE]`. With `--plan`, the first run
 * stores which tests reach which code, and later runs on the same code use it.
 * The changes follow rules, and each is tried with the test files that reach it, fastest first. Those
 * in `equivalents.mjs` have no observable effect. The exit code is 1 if fewer than 90 % are detected.
 */
import { fork } from 'node:child_process';
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
const root = fileURLToPath(new URL('../../', import.meta.url));

const { values } = parseArgs({
	options: {
		sample: { type: 'string', default: '150' },
		seed: { type: 'string', default: '1' },
		skip: { type: 'string', default: '0' },
		file: { type: 'string', default: '' },
		tests: { type: 'string', default: 'unit,integration' },
		plan: { type: 'string', default: '' },
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
	const { changes, source } = changesOf(path, readFileSync(path, 'utf8'), all.length + 1);
	writeFileSync(path, source);
	all.push(...changes);
}

let runner;

async function startRunner() {
	const child = fork(join(copy, 'test/mutations/support/runner.mjs'), [copy], {
		cwd: copy,
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	await new Promise((resolve, reject) => {
		child.once('message', resolve);
		child.once('exit', () => reject(new Error('The process that runs the tests does not start')));
	});
	child.removeAllListeners();
	return child;
}

/** Runs one test file; a change that makes it hang counts as detected. */
async function run(file, active, limitMs) {
	runner ??= await startRunner();
	const child = runner;
	let timer;
	const result = await new Promise((resolve) => {
		timer = setTimeout(() => resolve({ failed: 'the tests came to no end', reached: [] }), limitMs);
		child.once('message', resolve);
		child.once('exit', () => resolve({ failed: 'the process ended', reached: [] }));
		child.send({ file, active });
	});
	clearTimeout(timer);
	child.removeAllListeners();
	// A failed test may leave a server or a timer behind.
	if (result.failed) {
		child.kill('SIGKILL');
		runner = undefined;
	}
	return result;
}

// First without any change: whether each file passes, what it reaches, and how long it takes.
const isPlanned = values.plan !== '' && existsSync(values.plan);
const plan = isPlanned ? JSON.parse(readFileSync(values.plan, 'utf8')) : [];
const files = values.tests
	.split(',')
	.flatMap((name) => filesIn(join(copy, 'test', name), '.test.ts'))
	.filter((file) => !file.includes(join('integration', 'simulator')));
for (const file of isPlanned ? [] : files) {
	const { failed, reached, ms } = await run(file, 0, 600_000);
	// A test that fails without a change says nothing about changes.
	if (failed) console.log(`not used: ${relative(copy, file)}, which fails already: ${failed}`);
	else plan.push({ file: relative(copy, file), reached, ms });
}
plan.sort((one, other) => one.ms - other.ms);
if (values.plan !== '') writeFileSync(values.plan, JSON.stringify(plan));

const nameOf = ({ path, from, to }) =>
	`${relative(copy, path)}  ${from.replace(/\s+/g, ' ').slice(0, 90)} → ${to.replace(/\s+/g, ' ')}`;
const isEquivalent = ({ path, code, from, to }) =>
	EQUIVALENTS.some(
		(one) =>
			one.file === relative(copy, path) && one.code === code && one.from === from && one.to === to,
	);

const skip = Number(values.skip);
const chosen = shuffled(
	all.filter(({ path }) => path.includes(values.file)),
	Number(values.seed),
).slice(skip, skip + Number(values.sample));
console.log(`${chosen.length} of ${all.length} changes, seed ${values.seed}, from ${skip}`);

let noticed = 0;
let equivalent = 0;
for (const change of chosen) {
	let by;
	const reaching = isEquivalent(change)
		? []
		: plan.filter(({ reached }) => reached.includes(change.id));
	for (const { file, ms } of reaching) {
		by = (await run(join(copy, file), change.id, 30_000 + 5 * ms)).failed;
		if (by) break;
	}
	if (by) noticed += 1;
	else if (isEquivalent(change)) equivalent += 1;
	const state = by ? 'noticed   ' : isEquivalent(change) ? 'equivalent' : 'UNNOTICED ';
	const tried = by ? `  (${by})` : `  [${reaching.length} files]`;
	console.log(`${state}  line ${change.line}  ${nameOf(change)}${tried}`);
}
runner?.kill('SIGKILL');
const score = noticed / (chosen.length - equivalent);
console.log(
	`${noticed} of ${chosen.length} noticed, ${equivalent} equivalent: ${(score * 100).toFixed(1)} %`,
);
process.exitCode = score >= GOAL ? 0 : 1;
