/** Timers that can be stopped together. */
export class Timers {
	private readonly running = new Set<NodeJS.Timeout>();

	after(ms: number, run: () => void): NodeJS.Timeout {
		const timer = setTimeout(() => {
			this.running.delete(timer);
			run();
		}, ms);
		this.running.add(timer);
		return timer;
	}

	clear(): void {
		for (const timer of this.running) clearTimeout(timer);
		this.running.clear();
	}
}
