import { round, spread, type Spread } from './statistics.mts';
import type { Conditions, ResultsFile } from './results.mts';

/** The rows of a list under n8n's default engine, its newest version and an idle machine. */
export const usual = <Row extends Conditions>(
	rows: readonly Row[],
	{ versions }: Pick<ResultsFile, 'versions'>,
): Row[] =>
	rows.filter(({ engine, busyCore, n8n }) => engine === '' && !busyCore && n8n === versions.n8n);

/** What was measured several times, in the order of its first row. */
export function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => unknown[]): Row[][] {
	const groups = new Map<string, Row[]>();
	for (const row of rows) {
		const key = JSON.stringify(keyOf(row));
		groups.set(key, [...(groups.get(key) ?? []), row]);
	}
	return [...groups.values()];
}

/** The spread of one figure over several rows; undefined if none of them has it. */
export function spreadOf<Row>(
	rows: readonly Row[],
	figureOf: (row: Row) => number | undefined,
): Spread | undefined {
	const values = rows.flatMap((row) => figureOf(row) ?? []);
	return values.length > 0 ? spread(values) : undefined;
}

const digits = (value: number, places: number) =>
	value.toLocaleString('en-US', { minimumFractionDigits: places, maximumFractionDigits: places });

/** The median, with the lowest and highest value if they differ; a dash without any. */
export function inWords(figure: Spread | undefined, places = 0): string {
	if (!figure) return '–';
	const [middle, low, high] = [figure.median, figure.lowest, figure.highest].map((value) =>
		digits(value, places),
	);
	return low === high ? middle : `${middle} (${low}–${high})`;
}

/** Milliseconds as people read them, e.g. `0.53 s` and `54 ms`. */
export const duration = (ms: number): string =>
	ms < 200 ? `${ms.toFixed(0)} ms` : `${round(ms / 1000).toPrecision(2)} s`;
