/**
 * Milliseconds since 1970, with a fraction, by a clock that is never set: the difference between two times,
 * also between two of the log, is a duration. Only Sinch's own clock, which dates signatures and tokens, is
 * that of the computer.
 */
export function steadyNow(): number {
	return performance.timeOrigin + performance.now();
}

/** The same as ISO 8601 in UTC, for the log. */
export function isoNow(): string {
	return new Date(steadyNow()).toISOString();
}
