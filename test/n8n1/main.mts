import { join } from 'node:path';
import { execa } from 'execa';
import { ensureN8n } from '../../sandbox/n8n/install.mts';
import { PROJECT_FOLDER } from '../../sandbox/n8n/package.mts';
import { Problem } from '../../sandbox/n8n/problem.mts';

/** The last n8n of the generation before: other error classes, other requests, other activation. */
const VERSION = '1.123.81';
const END_TO_END = 'test/e2e/(main-job|query-and-wait|examples|pickers)\\.test';
const JEST = 'node_modules/jest/bin/jest.js';

async function jest(args: string[], env: Record<string, string>, nodeArgs: string[] = []) {
	const { exitCode } = await execa(process.execPath, [...nodeArgs, JEST, ...args], {
		cwd: PROJECT_FOLDER,
		env,
		stdio: 'inherit',
		reject: false,
	});
	if (exitCode !== 0) throw new Problem(`The tests failed on n8n ${VERSION}, see above.`);
}

try {
	const n8n = await ensureN8n(VERSION, (step) => console.error(step));
	const modules = join(n8n.folder, 'node_modules');
	// n8n-core 1 looks for stale SSH connections by an interval that it never ends; n8n 2 unrefs it.
	await jest(['--config', 'test/n8n1/jest.config.mjs', '--forceExit'], { N8N1_MODULES: modules });
	await jest(
		['--selectProjects', 'e2e', '--runInBand', '--testPathPattern', END_TO_END],
		{ N8N_VERSION: VERSION },
		['--experimental-vm-modules'],
	);
} catch (error) {
	if (!(error instanceof Problem)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}
