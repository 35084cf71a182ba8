/** Lets the tests of a file, or of a `describe`, decide what time it is, long after the start of the process. */
export function useClock(): void {
	beforeAll(() => {
		jest.useFakeTimers();
		jest.advanceTimersByTime(60_000);
	});
	afterAll(() => jest.useRealTimers());
}

/** Lets so many milliseconds pass, with `useClock`. */
export const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);
