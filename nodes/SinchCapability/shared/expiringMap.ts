/** A map whose entries expire by age and by number, oldest first. */
export class ExpiringMap<T> {
	private readonly entries = new Map<string, { value: T; at: number }>();

	constructor(
		private readonly maxAgeMs: number,
		private readonly maxSize: number,
	) {}

	/** The keys of the entries that have not expired. */
	keys(now: number): string[] {
		return [...this.entries].flatMap(([key, { at }]) => (now - at <= this.maxAgeMs ? key : []));
	}

	set(key: string, value: T, now: number): void {
		this.entries.delete(key);
		this.entries.set(key, { value, at: now });
		for (const [oldest, { at }] of this.entries) {
			if (this.entries.size <= this.maxSize && now - at <= this.maxAgeMs) {
				return;
			}
			this.entries.delete(oldest);
		}
	}

	get(key: string, now: number): T | undefined {
		const entry = this.entries.get(key);
		return entry && now - entry.at <= this.maxAgeMs ? entry.value : undefined;
	}

	delete(key: string): void {
		this.entries.delete(key);
	}
}
