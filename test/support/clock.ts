import { sleep } from 'n8n-workflow';

/** Lets the tests of a file, or of a `describe`, decide what time it is, long after the start of the process. */
export function useClock(): void {
	let timeout: jest.SpyInstance;
	beforeAll(() => {
		jest.useFakeTimers();
		jest.advanceTimersByTime(60_000);
		// Jest leaves it to the real clock.
		timeout = jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
			const limit = new AbortController();
			void sleep(ms).then(() => limit.abort(new DOMException('', 'TimeoutError')));
			return limit.signal;
		});
	});
	afterAll(() => {
		timeout.mockRestore();
		jest.useRealTimers();
	});
}

/** Lets so many milliseconds pass, with `useClock`. */
export const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);
