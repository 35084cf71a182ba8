import { ES_MODULES, N8N_1, orExplain, runJest } from '../support/runJest.mts';

const QUEUE = ['--selectProjects', 'queue', '--runInBand'];

/** What depends on the n8n version: the two nodes themselves, not what happens when a process is lost. */
const ON_N8N_1 = ['--testPathPatterns', 'queryAndWait'];

const given = process.argv.slice(2);

await orExplain(async () => {
	await runJest([...QUEUE, ...given], {}, ES_MODULES);
	if (given.length > 0) return;
	await runJest([...QUEUE, ...ON_N8N_1], { N8N_VERSION: N8N_1 }, ES_MODULES);
});
