/** n8n-core writes to its user folder and logs; tests get a private one and silence. */
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

process.env.N8N_USER_FOLDER ??= mkdtempSync(join(tmpdir(), 'sinch-capability-jest-'));
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
