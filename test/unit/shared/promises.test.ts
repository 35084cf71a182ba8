/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sleep } from 'n8n-workflow';

import { pause, toTimer, untilAborted } from '../../../nodes/SinchCapability/shared/promises';

const HOUR_MS = 3_600_000;
const { signal } = new AbortController();

describe('a pause', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	it('a pause lasts as long as it should', async () => {
		let isOver = false;
		void pause(1_000, signal).then(() => (isOver = true));
		await jest.advanceTimersByTimeAsync(999);
		expect(isOver).toBe(false);
		await jest.advanceTimersByTimeAsync(1);
		expect(isOver).toBe(true);
	});

	it.each([0, -5])('a pause of %i ms does not even wait for a timer', async (ms) => {
		await pause(ms, signal);
		expect(jest.getTimerCount()).toBe(0);
	});

	it('a pause does not begin when its signal was aborted before', async () => {
		await pause(HOUR_MS, AbortSignal.abort());
		expect(jest.getTimerCount()).toBe(0);
	});

	it('a pause ends when its signal is aborted', async () => {
		const stop = new AbortController();
		const waiting = pause(HOUR_MS, stop.signal);
		stop.abort();
		await waiting;
	});

	it('pauses add one listener to a signal, however many wait for it', async () => {
		const stop = new AbortController();
		const add = jest.spyOn(stop.signal, 'addEventListener');
		const all = Array.from({ length: 50 }, async () => await pause(HOUR_MS, stop.signal));
		stop.abort();
		await Promise.all(all);
		expect(add).toHaveBeenCalledTimes(1);
	});
});

it.each([
	[0.0001, 1],
	[2, 2_000],
	[30 * 86_400, 2_147_483_647],
])('%d seconds are %i ms of a timer, which can wait for 24 days at most', (seconds, ms) => {
	expect(toTimer(seconds)).toBe(ms);
});

it('a signal that lives on does not keep what was waited for in memory', async () => {
	setFlagsFromString('--expose-gc');
	const collectGarbage = runInNewContext('gc') as () => void;
	const waitForAnswer = async () => {
		const answer = { channel: 'RCS' };
		await untilAborted(Promise.resolve(answer), signal);
		return new WeakRef(answer);
	};
	const answer = await waitForAnswer();
	// A reference counts as used until the end of the present job.
	await sleep(0);
	collectGarbage();
	expect(answer.deref()).toBeUndefined();
});
