/** Random choices that a seed repeats exactly (mulberry32). */
export class Random {
	constructor(private state: number) {}

	/** At least 0 and below 1. */
	next(): number {
		this.state = (this.state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	}

	/** A whole number below the limit. */
	below(limit: number): number {
		return Math.floor(this.next() * limit);
	}

	pick<T>(choices: readonly T[]): T {
		return choices[this.below(choices.length)];
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}

	shuffle<T>(items: readonly T[]): T[] {
		return items
			.map((item) => ({ item, at: this.next() }))
			.sort((one, other) => one.at - other.at)
			.map(({ item }) => item);
	}

	/** Any byte values. */
	bytes(length: number): Buffer {
		return Buffer.from(Array.from({ length }, () => this.below(256)));
	}
}
