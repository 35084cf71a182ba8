/** A whole job: with Check reachability and wait if `waits`, otherwise with Check reachability and the trigger. */
export interface PlannedJob {
	contacts: number;
	channels: number;
	busyCore?: boolean;
	waits?: boolean;
}

/** How often and how long each part measures. */
export interface Plan {
	/** Rounds with 1,000 items of each way to send queries. */
	queryRounds: number;
	/** Rounds of the HTTP Request node without a token. */
	coldRounds: number;
	/** Rounds with 10,000 items: of our node with defaults, and of every other way. */
	longRounds: { ours: number; others: number };
	faultRounds: number;
	/**
	 * Rising rates in notifications per second, each for `loadMs`; twice the sustained one for each of
	 * `overloadMs`, for the default trigger and for n8n's *Webhook*, or with `overloadsAll` for all.
	 */
	receivers: { rates: number[]; loadMs: number; overloadMs: number[]; overloadsAll: boolean };
	jobs: PlannedJob[];
	/** Milliseconds of one round trip. */
	latencies: number[];
}

/** Takes about eleven minutes on two cores. */
export const WHOLE: Plan = {
	queryRounds: 1,
	coldRounds: 1,
	longRounds: { ours: 1, others: 0 },
	faultRounds: 3,
	receivers: { rates: [10, 18, 25, 36], loadMs: 5000, overloadMs: [8000], overloadsAll: false },
	jobs: [
		{ contacts: 100, channels: 1 },
		{ contacts: 100, channels: 3 },
		{ contacts: 1000, channels: 1 },
		{ contacts: 200, channels: 1, waits: true },
	],
	latencies: [20, 100, 250],
};

/** What takes longer than that: `npm run bench -- PART --large`. */
export const LARGE: Plan = {
	...WHOLE,
	queryRounds: 3,
	faultRounds: 5,
	longRounds: { ours: 1, others: 1 },
	receivers: {
		rates: [6, 10, 14, 18, 25, 36],
		loadMs: 6000,
		overloadMs: [8000, 20_000],
		overloadsAll: true,
	},
	jobs: [
		{ contacts: 100, channels: 1 },
		{ contacts: 100, channels: 3 },
		{ contacts: 200, channels: 1, waits: true },
		{ contacts: 1000, channels: 1 },
		{ contacts: 1000, channels: 1, busyCore: true },
		{ contacts: 1000, channels: 3 },
		{ contacts: 5000, channels: 1 },
		{ contacts: 5000, channels: 3 },
	],
};

/** For checking that everything works. */
export const QUICK: Plan = {
	queryRounds: 1,
	coldRounds: 1,
	longRounds: { ours: 0, others: 0 },
	faultRounds: 1,
	receivers: { rates: [4, 25], loadMs: 2000, overloadMs: [2000], overloadsAll: false },
	jobs: [
		{ contacts: 20, channels: 1 },
		{ contacts: 20, channels: 3, waits: true },
	],
	latencies: [20],
};
