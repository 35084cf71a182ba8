import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureN8n } from '../../../sandbox/n8n/install.mts';
import { TRIGGER_NAME } from './receiverHarness.mts';

/** Runs in n8n's own Node, which includes SQLite. */
const WRITE = `
const { DatabaseSync } = require('node:sqlite');
const [file, workflowId, staticData] = process.argv.slice(1);
const database = new DatabaseSync(file);
database.exec('PRAGMA busy_timeout = 10000');
database.prepare('UPDATE workflow_entity SET staticData = ? WHERE id = ?').run(staticData, workflowId);
`;

/**
 * Gives the trigger of a workflow that is not published other static data, as an import from a file does,
 * which n8n's REST interface has no way for.
 */
export async function writeStaticData(
	userFolder: string,
	workflowId: string,
	data: Record<string, unknown>,
): Promise<void> {
	const { node } = await ensureN8n();
	const file = join(userFolder, '.n8n', 'database.sqlite');
	const staticData = JSON.stringify({ [`node:${TRIGGER_NAME}`]: data });
	await promisify(execFile)(node, ['-e', WRITE, file, workflowId, staticData]);
}
