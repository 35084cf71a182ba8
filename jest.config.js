const { availableParallelism } = require('node:os');

/** Nodes and credentials compile to CommonJS, as n8n loads them; the sandbox is ES modules. */
const typescript = {
	'^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.test.json' }],
};
const modules = {
	'^.+\\.mts$': ['ts-jest', { tsconfig: 'tsconfig.sandbox.json', useESM: true }],
};
const common = {
	modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/sandbox/n8n/versions'],
	testEnvironment: 'node',
	setupFiles: ['<rootDir>/test/support/environment.js'],
	setupFilesAfterEnv: ['<rootDir>/test/support/timeLimit.js'],
};

/** ES modules; most of them drive a real n8n. */
const esModules = {
	...common,
	transform: modules,
	extensionsToTreatAsEsm: ['.mts'],
	moduleFileExtensions: ['mts', 'js', 'mjs', 'cjs', 'json', 'node'],
};

module.exports = {
	// Much of a run is waiting, so two cores are enough for two files of tests at a time.
	maxWorkers: Math.max(2, availableParallelism() - 1),
	projects: [
		{
			...common,
			displayName: 'unit',
			transform: typescript,
			testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
		},
		{
			...common,
			displayName: 'integration',
			transform: typescript,
			testMatch: ['<rootDir>/test/integration/**/*.test.ts'],
		},
		...['package', 'e2e', 'queue', 'browser', 'faults'].map((displayName) => ({
			...esModules,
			displayName,
			testMatch: [`<rootDir>/test/${displayName}/**/*.test.mts`],
		})),
	],
};
