import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'flatted';
import { ensureN8n } from '../../sandbox/n8n/install.mts';
import type { Item, NodeRun } from '../../sandbox/n8n/types.mts';
import { TRIGGER_NAME } from '../e2e/support/receiverHarness.mts';

/** Runs in n8n's own Node, which includes SQLite. */
const READ = `
const { DatabaseSync } = require('node:sqlite');
const [file, workflowId] = process.argv.slice(1);
const database = new DatabaseSync(file);
database.exec('PRAGMA busy_timeout = 10000');
const rows = database
	.prepare('SELECT e.id AS id, e.status AS status, d.data AS data FROM execution_entity e JOIN execution_data d ON d.executionId = e.id WHERE e.workflowId = ?')
	.all(workflowId);
process.stdout.write(JSON.stringify(rows));
`;

interface Stored {
	resultData: { runData?: Record<string, NodeRun[]> };
	executionData?: { nodeExecutionStack?: Array<{ data: { main: Array<Item[] | null> } }> };
}

/** An execution in n8n's database. */
export interface StoredExecution {
	id: number;
	status: string;
	/** The notifications that it started with. */
	items: Array<Record<string, unknown>>;
}

function itemsOf(data: string): StoredExecution['items'] {
	const { resultData, executionData } = parse(data) as Stored;
	const ran = resultData.runData?.[TRIGGER_NAME]?.[0]?.data?.main;
	const outputs = ran ?? executionData?.nodeExecutionStack?.[0]?.data.main ?? [];
	return outputs.flatMap((items) => items ?? []).map(({ json }) => json);
}

/**
 * Reads the database itself, even after n8n was killed: when n8n starts again, it replaces the items of
 * interrupted executions by an artificial one.
 */
export async function readStored(
	userFolder: string,
	workflowId: string,
): Promise<StoredExecution[]> {
	const { node } = await ensureN8n();
	const file = join(userFolder, '.n8n', 'database.sqlite');
	const { stdout } = await promisify(execFile)(node, ['-e', READ, file, workflowId], {
		maxBuffer: 2 ** 28,
	});
	return (JSON.parse(stdout) as Array<{ id: number; status: string; data: string }>).map(
		({ id, status, data }) => ({ id, status, items: itemsOf(data) }),
	);
}
