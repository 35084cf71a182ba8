/**
 * Runs one test file at a time with one active change, for the parent process: receives
 * `{ file, active }`, sends what failed, which changes were reached and the time taken.
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

process.on('message', ({ file, active }) => {
	globalThis.mutations = { active, reached: new Set(), failed: undefined };
	const begin = Date.now();
	const options = { config, runInBand: true, runTestsByPath: true, silent: true, _: [file] };
	void runCLI({ ...options, $0: '' }, [root]).then(({ results }) => {
		const { failed, reached } = globalThis.mutations;
		const { success, testResults } = results;
		const message = testResults[0]?.failureMessage?.split('\n')[0];
		process.send({
			failed: success ? undefined : (failed ?? message ?? 'the file cannot run'),
			reached: [...reached],
			ms: Date.now() - begin,
		});
	});
});
process.send({ isReady: true });
