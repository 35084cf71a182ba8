import { execa } from 'execa';
import { PROJECT_FOLDER } from '../../sandbox/n8n/package.mts';
import { Problem } from '../../sandbox/n8n/problem.mts';

/** The last n8n 1: its error classes, requests and activation differ. */
export const N8N_1 = '1.123.81';

/** Node options for tests that are ES modules. */
export const ES_MODULES = ['--experimental-vm-modules'];

/** @throws Problem when a test failed; Jest has said which */
export async function runJest(
	args: string[],
	env: Record<string, string> = {},
	nodeArgs: string[] = [],
): Promise<void> {
	const { exitCode } = await execa(
		process.execPath,
		[...nodeArgs, 'node_modules/jest/bin/jest.js', ...args],
		{ cwd: PROJECT_FOLDER, env, stdio: 'inherit', reject: false },
	);
	if (exitCode !== 0) throw new Problem('The tests failed, see above.');
}

/** Runs the steps; a Problem ends the process with its message. */
export async function orExplain(steps: () => Promise<void>): Promise<void> {
	try {
		await steps();
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		console.error(error.message);
		process.exitCode = 1;
	}
}
