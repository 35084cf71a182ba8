/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { runAction, useSimulator } from '../support/simulated';
import { until } from '../support/until';

const simulated = useSimulator();

const queriesSent = async () =>
	(await simulated.control.log()).requests.filter(({ path }) => path.endsWith('capability:query'));

/** How many items a run has; `ITEMS=2000` for a longer one. */
const ITEMS = Number(process.env.ITEMS ?? 200);

const run = () =>
	runAction(
		simulated,
		{
			recipientType: 'contact',
			contactId: { __rl: true, mode: 'id', value: '={{ $json.contactId }}' },
			options: { requestsPerSecond: 800 },
		},
		Array.from({ length: ITEMS }, () => ({
			contactId: simulated.demo.contacts[0].contactId,
		})),
	);

it('a token that ends while many requests are in flight is renewed once for all of them', async () => {
	await simulated.control.settings({ apiLatencyMs: 100 });
	const running = run();
	await until(async () => (await queriesSent()).length >= ITEMS / 4);
	await simulated.control.expireTokens();
	const { outputs, error } = await running;
	expect(error).toBeUndefined();
	expect(outputs[0]).toHaveLength(ITEMS);
	expect((await queriesSent()).some(({ status }) => status === 401)).toBe(true);
	const { totals } = await simulated.control.log();
	expect([totals.tokenCalls, totals.tokensIssued]).toEqual([2, 2]);
});

it('a token is used for a whole run by a clock that is two hours fast', async () => {
	const { now } = Date;
	const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 7_200_000);
	try {
		const { outputs } = await run();
		expect(outputs[0]).toHaveLength(ITEMS);
		expect((await simulated.control.log()).totals.tokenCalls).toBe(1);
	} finally {
		clock.mockRestore();
	}
});
