import type { Times } from './receiverRun.mts';

/** How often and how long each part measures. */
export interface Plan {
	/** Rounds with 1,000 items of each way to send queries. */
	queryRounds: number;
	/** Rounds of the HTTP Request node without a token. */
	coldRounds: number;
	/** Rounds with 10,000 items: of ours at its default, and of every other way. */
	longRounds: { ours: number; others: number };
	faultRounds: number;
	receiverRounds: number;
	received: Times;
	dropped: Times;
	settings: Times;
}

/** Within ten minutes on two cores: what takes long has fewer rounds than five. */
export const WHOLE: Plan = {
	queryRounds: 5,
	coldRounds: 1,
	longRounds: { ours: 3, others: 1 },
	faultRounds: 1,
	receiverRounds: 5,
	received: { warmUpMs: 500, loadMs: 2500 },
	dropped: { warmUpMs: 200, loadMs: 700 },
	settings: { warmUpMs: 500, loadMs: 2500 },
};

/** To see whether everything works. */
export const QUICK: Plan = {
	queryRounds: 1,
	coldRounds: 1,
	longRounds: { ours: 0, others: 0 },
	faultRounds: 1,
	receiverRounds: 1,
	received: { warmUpMs: 500, loadMs: 2000 },
	dropped: { warmUpMs: 200, loadMs: 500 },
	settings: { warmUpMs: 500, loadMs: 1500 },
};
