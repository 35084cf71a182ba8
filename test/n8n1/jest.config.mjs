/**
 * The unit and integration tests of the project on the modules of another n8n, whose `node_modules`
 * the environment names: one copy of each for nodes, tests and n8n-core alike.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { N8N1_MODULES } = process.env;
if (!N8N1_MODULES) throw new Error('N8N1_MODULES is not set: start this by npm run test:n8n1');

const { maxWorkers, projects } = createRequire(import.meta.url)('../../jest.config.js');
const rootDir = fileURLToPath(new URL('../../', import.meta.url));
const moduleNameMapper = { '^(n8n-core|n8n-workflow)($|/.*)': `${N8N1_MODULES}/$1$2` };

/** Tests that are not about the product: those of the engine (which imitates n8n 2) and the simulator. */
const testPathIgnorePatterns = [
	'/node_modules/',
	'<rootDir>/test/unit/support/',
	'<rootDir>/test/integration/simulator/',
];

/** `N8N1=short` is for continuous integration: without tests that mostly wait, which n8n 2 has run already. */
if (process.env.N8N1 === 'short') {
	const slow = '(collect/.+|severalWorkers|lifecycle/timeouts)';
	testPathIgnorePatterns.push(`<rootDir>/test/integration/${slow}\\.test`);
}

export default {
	rootDir,
	maxWorkers,
	projects: projects
		.filter(({ displayName }) => ['unit', 'integration'].includes(displayName))
		.map((project) => ({
			...project,
			rootDir,
			displayName: `${project.displayName}, n8n 1`,
			testMatch: [...project.testMatch, '<rootDir>/test/n8n1/*.test.ts'],
			testPathIgnorePatterns,
			moduleNameMapper,
		})),
};
