import Table from 'cli-table3';
import type { Ratio } from './results.mts';
import type { Spread } from './statistics.mts';

/** A title, and a table whose first column is text and whose others are figures. */
export function printTable(title: string, head: string[], rows: string[][]): void {
	const colAligns = head.map((_, index) => (index === 0 ? 'left' : 'right') as 'left' | 'right');
	const style = { head: [], border: [], compact: true };
	const table = new Table({ head, colAligns, style });
	table.push(...rows);
	console.log(`\n${title}\n${table.toString()}`);
}

const digits = (value: number, places: number) =>
	value.toLocaleString('en-US', { minimumFractionDigits: places, maximumFractionDigits: places });

/** The median, with the lowest and highest value if they differ. */
export function shown({ median, lowest, highest }: Spread, places = 0): string {
	const [middle, low, high] = [median, lowest, highest].map((value) => digits(value, places));
	return low === high ? middle : `${middle} (${low}–${high})`;
}

export function printRatios(ratios: readonly Ratio[]): void {
	for (const { what, value, lowest, highest } of ratios) {
		console.log(`${what}: ${digits(value, 2)} (${digits(lowest, 2)}–${digits(highest, 2)})`);
	}
}
