import { Pace, PROJECT_LIMIT, Retries } from '../../../nodes/SinchCapability/transport/pacedClient';

/** The number of concurrent requests in each process. */
const CONCURRENT = 50;

const LATENCY_MS = 60;

/** Sinch's documented limit for a project, in requests per second. */
class Limit {
	private used = 0;

	private second = -1;

	admits(now: number): boolean {
		const second = Math.floor(now / 1000);
		if (second !== this.second) {
			this.second = second;
			this.used = 0;
		}
		this.used += 1;
		return this.used <= PROJECT_LIMIT;
	}
}

interface Outcome {
	failed: number;
	refused: number;
	sent: number;
	seconds: number;
}

/** Runs independent processes against one limit, on a simulated clock. */
function runProcesses(count: number, items: number, requestsPerSecond: number): Outcome {
	const limit = new Limit();
	const outcome: Outcome = { failed: 0, refused: 0, sent: 0, seconds: 0 };
	const events: Array<{ at: number; run: (now: number) => void }> = [];
	const after = (at: number, run: (now: number) => void) => {
		let index = events.length;
		while (index > 0 && events[index - 1].at < at) index -= 1;
		events.splice(index, 0, { at, run });
	};
	// A seeded generator, so that every run is the same.
	let seed = 1;
	const random = () => {
		seed = (seed * 48_271) % 2_147_483_647;
		return seed / 2_147_483_647;
	};
	for (let process = 0; process < count; process++) {
		const pace = new Pace();
		const retries = new Retries();
		let left = items;
		const next = (now: number) => {
			if (left > 0) {
				left -= 1;
				attempt(now, 1);
			}
		};
		const attempt = (now: number, tries: number) => {
			after(now + pace.reserve(now, requestsPerSecond), (sentAt) => {
				outcome.sent += 1;
				const isAdmitted = limit.admits(sentAt);
				after(sentAt + LATENCY_MS, (answeredAt) => {
					outcome.seconds = answeredAt / 1000;
					if (isAdmitted) {
						retries.succeeded();
						pace.recover();
						next(answeredAt);
						return;
					}
					outcome.refused += 1;
					pace.slowDown(answeredAt, requestsPerSecond);
					const failure = { reason: 'status', status: 429, message: '' } as const;
					retries.recordFailure(failure, tries, answeredAt);
					const delay = retries.delayAfter(failure, tries, answeredAt, random());
					if (delay === undefined) {
						outcome.failed += 1;
						next(answeredAt);
					} else {
						after(answeredAt + delay, (again) => attempt(again, tries + 1));
					}
				});
			});
		};
		for (let line = 0; line < CONCURRENT; line++) next(0);
	}
	for (let event = events.pop(); event; event = events.pop()) event.run(event.at);
	return outcome;
}

it.each([
	[1, 400],
	[2, 400],
	[3, 400],
	[3, 800],
	[10, 400],
])(
	'processes that share the limit of a project settle without an item that fails: %i at %i requests a second',
	(count, rate) => {
		const outcome = runProcesses(count, 8_000, rate);
		expect(outcome.failed).toBe(0);
		expect(outcome.refused / outcome.sent).toBeLessThan(0.2);
	},
);

it('processes that share the limit of a project use most of it between them', () => {
	const { seconds } = runProcesses(3, 8_000, 400);
	expect((3 * 8_000) / seconds).toBeGreaterThan(0.8 * PROJECT_LIMIT);
});
