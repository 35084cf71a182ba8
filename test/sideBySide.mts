/**
 * Runs scripts of `package.json` side by side, and ends with the output of the first one that fails:
 * `tsx test/sideBySide.mts lint types`
 */
import { execa, ExecaError } from 'execa';
import { Listr } from 'listr2';

const tasks = process.argv.slice(2).map((script) => ({
	title: `npm run ${script}`,
	task: async () => void (await execa('npm', ['run', script], { all: true, stdin: 'ignore' })),
}));

try {
	await new Listr(tasks, { concurrent: true, renderer: 'simple' }).run();
} catch (error) {
	if (!(error instanceof ExecaError)) throw error;
	console.error(error.all);
	// Not before the output is written; the other scripts end with this process.
	process.stderr.write('', () => process.exit(1));
}
