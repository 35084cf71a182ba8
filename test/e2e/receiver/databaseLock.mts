import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ensureN8n } from '../../../sandbox/n8n/install.mts';

/** Runs in n8n's own Node, which includes SQLite. */
const HOLD = `
const { DatabaseSync } = require('node:sqlite');
const database = new DatabaseSync(process.argv[1]);
database.exec('PRAGMA busy_timeout = 10000; BEGIN EXCLUSIVE');
process.stdout.write('locked');
process.stdin.on('data', () => {});
process.stdin.on('end', () => { database.exec('ROLLBACK'); process.exit(); });
`;

/** Locks n8n's database by another process's exclusive transaction; returns the function that releases it. */
export async function lockDatabase(userFolder: string): Promise<() => Promise<void>> {
	const { node } = await ensureN8n();
	const file = join(userFolder, '.n8n', 'database.sqlite');
	const child = spawn(node, ['-e', HOLD, file], { stdio: ['pipe', 'pipe', 'inherit'] });
	const exited = once(child, 'exit');
	const [said] = await Promise.race([once(child.stdout, 'data'), exited]);
	if (String(said) !== 'locked') throw new Error('The database could not be locked');
	return async () => {
		child.stdin.end();
		await exited;
	};
}
