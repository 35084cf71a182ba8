/** Keeps a command within the time that it may take. */
export class Clock {
	private readonly begin = performance.now();

	/** @param minutes undefined for no limit */
	constructor(private readonly minutes?: number) {}

	get seconds(): number {
		return (performance.now() - this.begin) / 1000;
	}

	/** Says what is measured next, or that there is no time for it. @param seconds that it needs at most */
	hasTimeFor(what: string, seconds: number): boolean {
		const left = this.minutes === undefined ? Infinity : this.minutes * 60 - this.seconds;
		const at = `[${Math.floor(this.seconds / 60)}:${String(Math.floor(this.seconds % 60)).padStart(2, '0')}]`;
		console.log(left < seconds ? `${at} skipped, no time left: ${what}` : `${at} ${what}`);
		return left >= seconds;
	}
}
