/**
 * Runs one test file at a time for the parent process. It receives one of
 * - `{ file }`: runs it unchanged and sends `{ passed, ms, outside, tests: [{ reached, ms }] }`, the
 *   changes that are reached outside of tests and by each test;
 * - `{ file, active }`: runs it with one change from the first import on and sends `{ by }`, what failed;
 * - `{ file, tests: [{ changes, ms }] }`: imports it once and runs each test with each of its changes.
 *   Before each run it sends `{ test, change, step, limitMs }`, after a failure `{ noticed, by }` or
 *   `{ unclear }`, at the end `{ ended: true }`.
 */
import { runCLI } from 'jest';

const [root] = process.argv.slice(2);
const config = JSON.stringify({
	rootDir: root,
	transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.test.json', diagnostics: false }] },
	modulePathIgnorePatterns: ['<rootDir>/dist'],
	testEnvironment: '<rootDir>/test/mutations/support/environment.cjs',
	setupFiles: ['<rootDir>/test/support/environment.js'],
	setupFilesAfterEnv: ['<rootDir>/test/support/timeLimit.js'],
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	reporters: [],
});

let active = 0;
let reached = new Set();
globalThis.isActive = (id) => {
	reached.add(id);
	return id === active;
};

async function run(file, mode) {
	globalThis.mode = mode;
	const options = { config, runInBand: true, runTestsByPath: true, silent: true, _: [file] };
	const { results } = await runCLI({ ...options, $0: '' }, [root]);
	return {
		passed: results.success,
		message: results.testResults[0]?.failureMessage?.split('\n')[0] ?? 'the file cannot run',
	};
}

const testsIn = (block) =>
	block.children.flatMap((child) => (child.type === 'test' ? [child] : testsIn(child)));

async function survey({ file }) {
	const begin = Date.now();
	const tests = [];
	let order;
	active = 0;
	reached = new Set();
	const outside = reached;
	const { passed } = await run(file, {
		run_start: (_event, { rootDescribeBlock }) => {
			order = testsIn(rootDescribeBlock);
			for (const _test of order) tests.push({ reached: [], ms: 0 });
		},
		test_start: () => {
			reached = new Set();
		},
		test_done: ({ test }) => {
			tests[order.indexOf(test)] = { reached: [...reached], ms: test.duration };
			reached = new Set();
		},
		hook_start: ({ hook }) => {
			if (hook.type === 'beforeAll') reached = outside;
		},
	});
	return { passed, ms: Date.now() - begin, outside: [...outside], tests };
}

async function runWhole({ file, active: change }) {
	let by;
	active = change;
	const { passed, message } = await run(file, {
		test_start: ({ test }) => {
			if (by) test.mode = 'skip';
		},
		test_done: ({ test }) => {
			if (test.errors.length > 0) by ??= test.name;
		},
		hook_failure: () => {
			by ??= 'a hook';
		},
	});
	return { by: passed ? undefined : (by ?? message) };
}

/**
 * One import serves many changes, so what one of them leaves behind could fail the next. Hence a failure
 * counts if the test passes unchanged and fails again with the change; if it does not pass unchanged, the
 * rest is left to a new run.
 */
async function tryChanges({ file, tests }) {
	const attempts = new Map();
	const noticed = new Set();
	let suspect;
	let isConfirmed = false;
	let isSpoiled = false;

	let index = 0;
	const expand = (block) => {
		block.children = block.children.flatMap((child) => {
			if (child.type !== 'test') {
				expand(child);
				return [child];
			}
			const number = index++;
			const { changes, ms } = tests[number];
			const timeout = 3_000 + 10 * ms;
			return changes.flatMap((change) =>
				['changed', 'unchanged', 'again'].map((step) => {
					const own = { errors: [], retryReasons: [], unhandledRejectionErrorByPromise: new Map() };
					const test = { ...child, ...own, timeout };
					attempts.set(test, { test: number, change, step, limitMs: 2 * timeout + 10_000 });
					return test;
				}),
			);
		});
	};
	const isDue = ({ change, step }) => {
		if (isSpoiled || noticed.has(change)) return false;
		if (step === 'changed') return true;
		return suspect === change && (step === 'unchanged' || isConfirmed);
	};

	active = 0;
	await run(file, {
		run_start: (_event, { rootDescribeBlock }) => expand(rootDescribeBlock),
		test_start: ({ test }) => {
			const attempt = attempts.get(test);
			if (!isDue(attempt)) {
				test.mode = 'skip';
				return;
			}
			process.send(attempt);
			active = attempt.step === 'unchanged' ? 0 : attempt.change;
		},
		test_done: ({ test }) => {
			const { change, step } = attempts.get(test);
			const hasFailed = test.errors.length > 0;
			active = 0;
			if (step === 'changed') {
				suspect = hasFailed ? change : undefined;
				isConfirmed = false;
			} else if (step === 'unchanged') {
				isConfirmed = !hasFailed;
				isSpoiled = hasFailed;
				if (isSpoiled) process.send({ unclear: change });
			} else if (hasFailed) {
				noticed.add(change);
				process.send({ noticed: change, by: test.name });
			}
		},
		// Thousands of results need not be formatted.
		run_finish: (_event, { rootDescribeBlock }) => {
			rootDescribeBlock.children = [];
		},
	});
	return { ended: true };
}

process.on('message', (task) => {
	const work = task.tests ? tryChanges : task.active ? runWhole : survey;
	void work(task).then((result) => process.send(result));
});
process.send({ isReady: true });
