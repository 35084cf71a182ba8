import Table from 'cli-table3';
import type { Row } from './comparison.mts';

/** Terminal width in columns that the table with one line per row needs. */
const FULL_WIDTH = 107;

/** The rows as a table. In a narrow terminal, the reason is below the status. */
export function drawTable(rows: Row[], width = process.stdout.columns ?? FULL_WIDTH): string {
	const narrow = width < FULL_WIDTH;
	const statusColumns = narrow ? ['Status and reason'] : ['Status', 'Reason'];
	const table = new Table({
		head: ['Contact', 'Channel', ...statusColumns, 'Branch'],
		style: { head: [], border: [], compact: true },
	});
	for (const { contact, channel, status, reason, branch, difference } of rows) {
		const shownStatus = status || '(none)';
		const statusCells = narrow
			? [reason ? `${shownStatus}\n  ${reason}` : shownStatus]
			: [shownStatus, reason];
		const shownBranch = difference ? `${branch} ✗` : branch;
		table.push([contact, channel, ...statusCells, shownBranch]);
	}
	return table.toString();
}
