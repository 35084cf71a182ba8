/**
 * n8n-core writes to its user folder and logs; tests get a private one, removed at the end, and silence.
 * Jest gives each test file a copy of `process`, whose events never come and whose environment ends
 * with the file: hence the real one, so that each of Jest's processes has one folder.
 */
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { runInThisContext } = require('node:vm');

if (process.env.N8N_USER_FOLDER === undefined) {
	const realProcess = runInThisContext('process');
	const folder = mkdtempSync(join(tmpdir(), 'sinch-capability-jest-'));
	realProcess.env.N8N_USER_FOLDER = folder;
	process.env.N8N_USER_FOLDER = folder;
	realProcess.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
process.env.N8N_LOG_LEVEL = 'silent';

// proper-lockfile's signal-exit adds two properties to `process`. Jest fails when that happens between
// the linking and the evaluation of an ES module that imports `process`, so they are there before.
require(require.resolve('signal-exit', { paths: [require.resolve('proper-lockfile')] }));
Object.defineProperty(process, 'emit', {
	value: process.emit,
	configurable: true,
	enumerable: true,
	writable: true,
});
