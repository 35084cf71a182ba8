/** A figure over several rounds. */
export interface Spread {
	median: number;
	lowest: number;
	highest: number;
}

/** To four significant digits. */
export const round = (value: number) => Number(value.toPrecision(4));

/** The value that a share (0 to 1) of the values does not exceed; NaN without values. */
export function quantile(values: readonly number[], part: number): number {
	const sorted = [...values].sort((one, other) => one - other);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

/** The middle value; for an even number of values, the mean of the middle two. */
function median(values: readonly number[]): number {
	const sorted = [...values].sort((one, other) => one - other);
	const half = sorted.length / 2;
	return sorted.length % 2 === 1 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
}

export function spread(values: readonly number[]): Spread {
	if (values.length === 0) throw new Error('A spread of no values');
	const [lowest, highest] = [Math.min(...values), Math.max(...values)];
	return { median: round(median(values)), lowest: round(lowest), highest: round(highest) };
}

/** The spread of each figure over all rounds. */
export function spreads<Key extends string>(
	rounds: ReadonlyArray<Readonly<Record<Key, number>>>,
	keys: readonly Key[],
): Record<Key, Spread> {
	const pairs = keys.map((key) => [key, spread(rounds.map((figures) => figures[key]))]);
	return Object.fromEntries(pairs) as Record<Key, Spread>;
}

/** The ratio of two medians, and its spread over the rounds. */
export function ratio(what: string, over: readonly number[], under: readonly number[]) {
	const pairs = over.slice(0, under.length).map((value, index) => value / under[index]);
	const { lowest, highest } = spread(pairs);
	return { what, value: round(median(over) / median(under)), lowest, highest };
}
