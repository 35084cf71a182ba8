/**
 * Installs versions of n8n into the cache, by default that of the demo:
 * `tsx sandbox/n8n/fetch.mts 2.41.1 1.123.81`.
 */
import { ensureN8n, N8N_VERSION } from './install.mts';
import { Problem } from './problem.mts';

try {
	const versions = process.argv.slice(2);
	for (const version of versions.length > 0 ? versions : [N8N_VERSION]) {
		await ensureN8n(version, console.log);
	}
} catch (error) {
	console.error(error instanceof Problem ? error.message : error);
	process.exitCode = 1;
}
