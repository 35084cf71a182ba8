/** A whole job; with `waits` by Query and Wait, else by Query and the trigger. */
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
	/** Rounds with 10,000 items: of ours at its default, and of every other way. */
	longRounds: { ours: number; others: number };
	faultRounds: number;
	/** Rising, in notifications a second; each for so long. */
	receivers: { rates: number[]; loadMs: number };
	jobs: PlannedJob[];
	/** Milliseconds of one round trip. */
	latencies: number[];
}

/** Within ten minutes on two cores: what takes long has fewer rounds. */
export const WHOLE: Plan = {
	queryRounds: 3,
	coldRounds: 1,
	longRounds: { ours: 1, others: 1 },
	faultRounds: 5,
	receivers: { rates: [6, 10, 14, 18, 25, 36], loadMs: 6000 },
	jobs: [
		{ contacts: 100, channels: 1 },
		{ contacts: 100, channels: 3 },
		{ contacts: 1000, channels: 1 },
		{ contacts: 1000, channels: 1, busyCore: true },
		{ contacts: 200, channels: 1, waits: true },
	],
	latencies: [20, 100, 250],
};

/** What does not fit into ten minutes: `npm run bench -- jobs --large`. */
export const LARGE_JOBS: PlannedJob[] = [
	{ contacts: 1000, channels: 3 },
	{ contacts: 5000, channels: 1 },
	{ contacts: 5000, channels: 3 },
];

/** To see whether everything works. */
export const QUICK: Plan = {
	queryRounds: 1,
	coldRounds: 1,
	longRounds: { ours: 0, others: 0 },
	faultRounds: 1,
	receivers: { rates: [4, 25], loadMs: 2000 },
	jobs: [
		{ contacts: 20, channels: 1 },
		{ contacts: 20, channels: 3, waits: true },
	],
	latencies: [20],
};
