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
};

/** Against a real n8n; the faults are apart, because they bring n8n itself to its limits. */
const realN8n = {
	...common,
	transform: modules,
	extensionsToTreatAsEsm: ['.mts'],
	moduleFileExtensions: ['mts', 'js', 'mjs', 'cjs', 'json', 'node'],
};

module.exports = {
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
		{ ...realN8n, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.mts'] },
		{ ...realN8n, displayName: 'faults', testMatch: ['<rootDir>/test/faults/**/*.test.mts'] },
	],
};
