/** n8n-core writes to its user folder and logs; tests get a private one and silence. */
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

process.env.N8N_USER_FOLDER ??= mkdtempSync(join(tmpdir(), 'sinch-capability-jest-'));
process.env.N8N_LOG_LEVEL = 'silent';
