import { MAX_SILENCE_MS } from '../../results/collecting';
import { ExpiringMap } from '../../shared/expiringMap';

/** How long a successful check of an address counts. */
const MAX_VERIFIED_MS = 60_000;

/** How many addresses, and how many processes, are remembered from one execution to the next. */
const MAX_REMEMBERED = 100;

const verified = new ExpiringMap<true>(MAX_VERIFIED_MS, MAX_REMEMBERED);
const present = new ExpiringMap<true>(MAX_SILENCE_MS, MAX_REMEMBERED);

/** Whether answers could be collected at this address recently. */
export const isVerified = (target: string): boolean =>
	verified.get(target, Date.now()) !== undefined;

/** The names of the processes that responded recently, to any execution of this process. */
export const presentProcesses = (): string[] => present.keys(Date.now());

/** Remembers that a process has responded at an address. */
export function noteResponse(target: string, process: string): void {
	const now = Date.now();
	verified.set(target, true, now);
	present.set(process, true, now);
}
