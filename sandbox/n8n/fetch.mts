/** Fetches versions of n8n into the cache: `tsx sandbox/n8n/fetch.mts 2.41.1 1.123.81`. */
import { ensureN8n } from './install.mts';
import { Problem } from './problem.mts';

try {
	for (const version of process.argv.slice(2)) await ensureN8n(version, console.log);
} catch (error) {
	console.error(error instanceof Problem ? error.message : error);
	process.exitCode = 1;
}
