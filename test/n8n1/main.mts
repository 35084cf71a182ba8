import { join } from 'node:path';
import { ensureN8n } from '../../sandbox/n8n/install.mts';
import { ES_MODULES, N8N_1, orExplain, runJest } from '../support/runJest.mts';

const END_TO_END =
	'test/e2e/(mainJob|queryAndWait|examples|editor|acknowledge|receiverLifecycle|triggerInOperation)\\.test';

await orExplain(async () => {
	const n8n = await ensureN8n(N8N_1, (step) => console.error(step));
	const modules = join(n8n.folder, 'node_modules');
	// n8n-core 1 never ends an interval that checks for stale SSH connections; n8n 2 unrefs it.
	const config = ['--config', 'test/n8n1/jest.config.mjs', '--forceExit'];
	await runJest(config, { N8N1_MODULES: modules });
	// Continuous integration has a job of its own for the rest.
	if (process.env.N8N1 === 'short') return;
	const endToEnd = ['--selectProjects', 'e2e', '--runInBand', '--testPathPatterns', END_TO_END];
	await runJest(endToEnd, { N8N_VERSION: N8N_1 }, ES_MODULES);
});
