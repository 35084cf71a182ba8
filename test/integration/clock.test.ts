import { sleep } from 'n8n-workflow';

import { listen } from '../support/listening';
import { runAction, useSimulator } from '../support/simulated';
import { until } from '../support/until';

const simulated = useSimulator();

const MINUTE_MS = 60_000;

/** In seconds: nothing here takes as long, not even on a busy computer, unless it waits for the wall clock. */
const MUCH_TOO_LONG = 200;

/** Sets the wall clock of n8n; the monotonic one runs on. */
function setClock(byMs: number): void {
	const { now } = Date;
	jest.spyOn(Date, 'now').mockImplementation(() => now() + byMs);
}

afterEach(() => jest.restoreAllMocks());

const byContact = {
	recipientType: 'contact',
	contactId: { __rl: true, mode: 'id', value: '={{ $json.contactId }}' },
};

const contacts = (count: number) =>
	Array.from({ length: count }, () => ({ contactId: simulated.demo.contacts[0].contactId }));

const queriesSent = async () => (await simulated.control.log()).totals.queries;

/** How long something takes, in seconds. */
async function secondsOf(work: Promise<unknown>): Promise<number> {
	const begin = performance.now();
	await work;
	return (performance.now() - begin) / 1000;
}

describe.each([
	['ten minutes back', -10 * MINUTE_MS],
	['ten minutes forward', 10 * MINUTE_MS],
])('a wall clock that is set %s', (change, byMs) => {
	it(`a wall clock that is set ${change} during a run neither delays the rest of it nor ends its token`, async () => {
		await simulated.control.settings({ tokenLifetimeSeconds: 500 });
		const running = runAction(
			simulated,
			{ ...byContact, options: { requestsPerSecond: 40 } },
			contacts(60),
		);
		const duration = secondsOf(running);
		await until(async () => (await queriesSent()) >= 15);
		setClock(byMs);
		expect(await duration).toBeLessThan(MUCH_TOO_LONG);
		expect((await running).outputs[0]).toHaveLength(60);
		// Not much faster either: 60 queries at 40 a second take 1.5 s from the first to the last.
		expect(await duration).toBeGreaterThan(1.4);
		expect((await simulated.control.log()).totals.tokenCalls).toBe(1);
	});

	it(`a wall clock that is set ${change} during the life of a token costs no further one until Sinch ends it`, async () => {
		const credentials = simulated.store();
		const run = async () => {
			const { outputs } = await runAction(simulated, byContact, contacts(20), { credentials });
			expect(outputs[0]).toHaveLength(20);
			return (await simulated.control.log()).totals.tokenCalls;
		};
		expect(await run()).toBe(1);
		setClock(byMs);
		expect(await run()).toBe(1);
		await simulated.control.expireTokens();
		expect(await run()).toBe(2);
	});

	it(`a wall clock that is set ${change} while a request waits to be tried again does not change when that is`, async () => {
		await simulated.control.faults({ target: 'query', kind: 'status', status: 503, retryAfter: 1 });
		const running = runAction(simulated, byContact, contacts(1));
		await until(async () => (await simulated.control.log()).requests.length >= 3);
		setClock(byMs);
		expect(await secondsOf(running)).toBeLessThan(MUCH_TOO_LONG);
		expect((await running).error).toBeUndefined();
	});

	it(`a wall clock that is set ${change} while answers come does not change when Check reachability and wait gives up`, async () => {
		const n8n = await listen(simulated);
		try {
			await simulated.control.settings({ answerDelayMs: 1_000, callbacksPerSecond: 100 });
			const running = runAction(
				simulated,
				{
					...byContact,
					operation: 'queryAndWait',
					timeout: 250,
					options: { answersPerSecond: 100 },
				},
				contacts(40),
				{ instanceUrl: n8n.instanceUrl },
			);
			await until(async () => (await queriesSent()) >= 10);
			// By a clock more than five minutes slow, callbacks are signed in the future, and refused.
			setClock(Math.max(byMs, -4 * MINUTE_MS));
			expect(await secondsOf(running)).toBeLessThan(MUCH_TOO_LONG);
			const { outputs, error } = await running;
			expect(error).toBeUndefined();
			expect(outputs.flat()).toHaveLength(40);
			expect(JSON.stringify(outputs)).not.toContain('No Answer');
		} finally {
			await n8n.stop();
		}
	});
});

it('a run is not delayed when the clock was set back before it', async () => {
	await runAction(simulated, byContact, contacts(1));
	setClock(-10 * MINUTE_MS);
	await sleep(10);
	expect(await secondsOf(runAction(simulated, byContact, contacts(1)))).toBeLessThan(MUCH_TOO_LONG);
});
